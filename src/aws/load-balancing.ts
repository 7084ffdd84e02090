import {
  AddTagsCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  type DescribeLoadBalancersCommandInput,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  type DescribeTargetGroupsCommandInput,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancer, LoadBalancerType, Tags, Target, TargetGroup } from '../plan/model.js';
import { Batch, shared } from './batching.js';
import { isRefusedRequest, orNull, type Send, unreadable } from './call.js';
import { listenerReads } from './listeners.js';
import { everyPage } from './paging.js';
import type { LoadBalancing, TargetAddress } from './ports.js';
import type { ScannedLoadBalancer, ScannedTargetGroup, ScannedTargetHealth } from './scanned-answers.js';

/** ELBv2 takes 20 ARNs or names a call. */
const ARNS_PER_CALL = 20;
const NAMES_PER_CALL = 20;
const PAGE = 400;

/** The ELBv2 side of the ports. `send` makes one call and words its failure. */
export function loadBalancing(client: ElasticLoadBalancingV2Client, region: string, send: Send): LoadBalancing {
  async function loadBalancers(input: DescribeLoadBalancersCommandInput): Promise<LoadBalancer[]> {
    const action = 'elasticloadbalancing:DescribeLoadBalancers';
    return everyPage(action, async (Marker) => {
      const page = await send(action, () => client.send(new DescribeLoadBalancersCommand({ ...input, Marker })));
      if (!page.LoadBalancers) throw unreadable(action, 'no list of load balancers');
      return { items: page.LoadBalancers.map(toLoadBalancer), marker: page.NextMarker };
    });
  }

  async function targetGroups(input: DescribeTargetGroupsCommandInput): Promise<TargetGroup[]> {
    const action = 'elasticloadbalancing:DescribeTargetGroups';
    return everyPage(action, async (Marker) => {
      const page = await send(action, () => client.send(new DescribeTargetGroupsCommand({ ...input, Marker })));
      if (!page.TargetGroups) throw unreadable(action, 'no list of target groups');
      return { items: page.TargetGroups.map(toTargetGroup), marker: page.NextMarker };
    });
  }

  const balancerByArn = new Batch<LoadBalancer | null>(
    ARNS_PER_CALL,
    async (arns) => {
      const found = await loadBalancers({ LoadBalancerArns: [...arns] });
      return arns.map((arn) => found.find((one) => one.arn === arn) ?? null);
    },
    isRefusedRequest,
  );
  const groupByArn = new Batch<TargetGroup | null>(
    ARNS_PER_CALL,
    async (arns) => {
      const found = await targetGroups({ TargetGroupArns: [...arns] });
      return arns.map((arn) => found.find((one) => one.arn === arn) ?? null);
    },
    isRefusedRequest,
  );
  const tagsByArn = new Batch<Tags>(
    ARNS_PER_CALL,
    async (arns) => {
      const action = 'elasticloadbalancing:DescribeTags';
      const answer = await send(action, () => client.send(new DescribeTagsCommand({ ResourceArns: [...arns] })));
      return arns.map((arn) => {
        const entry = answer.TagDescriptions?.find(({ ResourceArn }) => ResourceArn === arn);
        if (!entry?.Tags) throw unreadable(action, `no tags of ${arn}`);
        return new Map(entry.Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      });
    },
    isRefusedRequest,
  );
  const targets = shared(async (TargetGroupArn) => {
    const action = 'elasticloadbalancing:DescribeTargetHealth';
    const answer = await send(action, () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn })));
    if (!answer.TargetHealthDescriptions) throw unreadable(action, 'no list of targets');
    return answer.TargetHealthDescriptions.map(toTarget);
  });
  const balancersByName = new Batch<LoadBalancer[]>(
    NAMES_PER_CALL,
    async (names) => {
      const found = await loadBalancers({ Names: [...names] });
      return names.map((name) => found.filter((one) => one.name === name));
    },
    isRefusedRequest,
  );
  const groupsByName = new Batch<TargetGroup | null>(
    NAMES_PER_CALL,
    async (names) => {
      const found = await targetGroups({ Names: [...names] });
      return names.map((name) => found.find((one) => one.name === name) ?? null);
    },
    isRefusedRequest,
  );
  const allLoadBalancers = shared(() => loadBalancers({ PageSize: PAGE }));
  const allTargetGroups = shared(() => targetGroups({ PageSize: PAGE }));

  const groupsOfBalancer = shared((LoadBalancerArn) => targetGroups({ LoadBalancerArn }));

  return {
    ...listenerReads(client, send),
    region,
    loadBalancer: (arn) => orNull('LoadBalancerNotFound', balancerByArn.get(arn)),
    loadBalancersByName: async (name) => (await orNull('LoadBalancerNotFound', balancersByName.get(name))) ?? [],
    allLoadBalancers: () => allLoadBalancers(''),
    targetGroup: (arn) => orNull('TargetGroupNotFound', groupByArn.get(arn)),
    targetGroupByName: (name) => orNull('TargetGroupNotFound', groupsByName.get(name)),
    allTargetGroups: () => allTargetGroups(''),
    // A load balancer without one may be answered with this error instead of an empty list.
    targetGroupsOf: async (arn) => (await orNull('TargetGroupNotFound', groupsOfBalancer(arn))) ?? [],
    targets,
    tags: (arn) => tagsByArn.get(arn),
    async registerTargets(TargetGroupArn, targets) {
      const command = new RegisterTargetsCommand({ TargetGroupArn, Targets: targets.map(description) });
      await send('elasticloadbalancing:RegisterTargets', () => client.send(command));
    },
    async deregisterTargets(TargetGroupArn, targets) {
      const command = new DeregisterTargetsCommand({ TargetGroupArn, Targets: targets.map(description) });
      await send('elasticloadbalancing:DeregisterTargets', () => client.send(command));
    },
    async addTags(arn, tags) {
      const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
      await send('elasticloadbalancing:AddTags', () => client.send(new AddTagsCommand({ ResourceArns: [arn], Tags })));
    },
    async removeTags(arn, keys) {
      const command = new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: [...keys] });
      await send('elasticloadbalancing:RemoveTags', () => client.send(command));
    },
  };
}

const description = ({ ip, port, zone }: TargetAddress): TargetDescription => ({
  Id: ip,
  Port: port,
  ...(zone === null ? {} : { AvailabilityZone: zone }),
});

function toLoadBalancer(one: ScannedLoadBalancer): LoadBalancer {
  if (!one.LoadBalancerArn || !one.LoadBalancerName || !one.Type) {
    throw unreadable('elasticloadbalancing:DescribeLoadBalancers', 'a load balancer without its name or type');
  }
  return {
    type: one.Type as LoadBalancerType,
    name: one.LoadBalancerName,
    arn: one.LoadBalancerArn,
    dnsName: one.DNSName ?? null,
    vpcId: one.VpcId ?? null,
    state: one.State?.Code ?? null,
    scheme: one.Scheme ?? null,
    ipAddressType: one.IpAddressType ?? null,
    zones: (one.AvailabilityZones ?? []).map(({ ZoneName = '', SubnetId = '' }) => ({
      zoneName: ZoneName,
      subnetId: SubnetId,
    })),
    securityGroupIds: one.SecurityGroups ?? [],
    enforcesPrivateLinkRules: enforcement(one.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic),
  };
}

const enforcement = (said: string | undefined): boolean | null => (said === undefined ? null : said === 'on');

function toTargetGroup(one: ScannedTargetGroup): TargetGroup {
  if (!one.TargetGroupArn || !one.TargetGroupName) {
    throw unreadable('elasticloadbalancing:DescribeTargetGroups', 'a target group without its name');
  }
  if (one.Port !== undefined && !isPort(one.Port)) {
    throw unreadable('elasticloadbalancing:DescribeTargetGroups', 'a target group whose port is none');
  }
  return {
    arn: one.TargetGroupArn,
    name: one.TargetGroupName,
    protocol: one.Protocol ?? '',
    port: one.Port ?? 0,
    vpcId: one.VpcId ?? '',
    targetType: one.TargetType ?? 'instance',
    ipAddressType: one.IpAddressType === 'ipv6' ? 'ipv6' : 'ipv4',
    loadBalancerArns: one.LoadBalancerArns ?? [],
    healthCheck: {
      protocol: one.HealthCheckProtocol ?? null,
      port: one.HealthCheckPort ?? null,
      path: one.HealthCheckPath ?? null,
      matcher: one.Matcher?.HttpCode ?? null,
      intervalSeconds: one.HealthCheckIntervalSeconds ?? null,
      healthyThreshold: one.HealthyThresholdCount ?? null,
      unhealthyThreshold: one.UnhealthyThresholdCount ?? null,
    },
  };
}

/** S1: the parser makes a number of whatever stands there. */
const isPort = (port: number | undefined): port is number =>
  port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;

function toTarget({ Target, TargetHealth, AdministrativeOverride }: ScannedTargetHealth): Target {
  if (!Target?.Id || !isPort(Target.Port) || !TargetHealth?.State) {
    throw unreadable('elasticloadbalancing:DescribeTargetHealth', 'a target without its address, port or state');
  }
  return {
    ip: Target.Id,
    port: Target.Port,
    zone: Target.AvailabilityZone ?? null,
    state: TargetHealth.State,
    reason: TargetHealth.Reason ?? null,
    override: AdministrativeOverride?.State ?? null,
  };
}
