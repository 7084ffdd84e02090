import type { AutoScalingGroup } from '../autoscaling/state.js';
import { HOME_ACCOUNT, keysOf } from '../create-world.js';
import { freeAddress } from '../engine/addresses.js';
import { createInterface } from '../engine/interfaces.js';
import { register } from '../engine/targets.js';
import { format6, parse } from '../ip.js';
import { regionOf, zoneIdOf, zoneNamesOf } from '../regions.js';
import { services } from '../services.js';
import type { LoadBalancer, NetworkInterface, RegionState, SecurityGroup, Subnet, TargetGroup, Vpc } from '../state.js';
import type { Call } from '../wire/operation.js';
import { Params } from '../wire/params.js';
import type { Service } from '../wire/xml.js';
import type { World } from '../world.js';

/**
 * What scenarios are made with. Whatever AWS has an API for goes through that API, so that a scenario can hold nothing
 * that AWS would refuse; networks and other people's interfaces are put in place directly.
 */
export class Builder {
  readonly region: RegionState;

  constructor(
    readonly world: World,
    readonly regionName = 'us-east-1',
    readonly accountId = HOME_ACCOUNT,
  ) {
    this.region = regionOf(world, regionName);
  }

  /** The same Region as another account sees it. */
  as(accountId: string): Builder {
    return new Builder(this.world, this.regionName, accountId);
  }

  in(regionName: string): Builder {
    return new Builder(this.world, regionName, this.accountId);
  }

  private call(service: Service, action: string, params: Record<string, string>): Record<string, unknown> {
    const account = this.world.accounts.get(this.accountId);
    const key = keysOf(this.world, this.accountId).accessKeyId;
    const principal = this.world.credentials.get(key)?.principal;
    const operation = services[service].operations[action];
    if (!account || !principal || !operation) throw new Error(`cannot call ${action}`);
    const form = new URLSearchParams(params).toString();
    const call: Call = {
      world: this.world,
      region: this.region,
      account,
      principal,
      params: Params.parse(form, service === 'ec2' ? 'ec2' : 'query'),
    };
    return operation(call);
  }

  vpc(cidrBlock: string, { dualStack = false } = {}): Vpc {
    const vpc: Vpc = {
      id: this.world.random.id('vpc'),
      ownerId: this.accountId,
      cidrBlocks: [cidrBlock],
      ipv6CidrBlocks: dualStack ? ['2001:db8:12::/56'] : [],
      isDefault: false,
      dnsHostnames: true,
      tags: new Map(),
    };
    this.region.vpcs.set(vpc.id, vpc);
    return vpc;
  }

  /** One subnet per letter: `a` is the zone that the Builder's account calls so. Blocks are /24s of the VPC, in order. */
  subnets(vpc: Vpc, letters: string, { from = 1, sharedWith = [] as string[] } = {}): Subnet[] {
    const { first } = parse(vpc.cidrBlocks[0] ?? '');
    return [...letters].map((letter, index) => {
      const third = ((first >>> 8) & 255) + from + index;
      const cidrBlock = `${(first >>> 24) & 255}.${(first >>> 16) & 255}.${third}.0/24`;
      const ipv6 = vpc.ipv6CidrBlocks[0] && `2001:db8:12:${(from + index).toString(16)}::/64`;
      return this.subnet(vpc, letter, cidrBlock, { sharedWith, ipv6 });
    });
  }

  subnet(
    vpc: Vpc,
    letter: string,
    cidrBlock: string,
    { sharedWith = [] as string[], ipv6 = undefined as string | undefined } = {},
  ): Subnet {
    const subnet: Subnet = {
      id: this.world.random.id('subnet'),
      vpcId: vpc.id,
      ownerId: vpc.ownerId,
      sharedWith: new Set(sharedWith),
      zoneId: this.zone(letter),
      cidrBlock,
      ...(ipv6 ? { ipv6CidrBlock: ipv6 } : {}),
      freed: new Map(),
      tags: new Map(),
    };
    this.region.subnets.set(subnet.id, subnet);
    return subnet;
  }

  /** The zone id behind a letter of this account's zone names. */
  zone(letter: string): string {
    const account = this.world.accounts.get(this.accountId);
    const id = account && zoneIdOf(this.world, account, this.region, `${this.region.name}${letter}`);
    if (!account || id === null || id === undefined) throw new Error(`no zone ${letter} in ${this.region.name}`);
    return id;
  }

  zoneNames(): Map<string, string> {
    const account = this.world.accounts.get(this.accountId);
    if (!account) throw new Error(`no account ${this.accountId}`);
    return zoneNamesOf(this.world, account, this.region);
  }

  /** A security group that lets nobody in. */
  closedGroup(vpc: Vpc, name: string): SecurityGroup {
    const { groupId } = this.call('ec2', 'CreateSecurityGroup', {
      GroupName: name,
      GroupDescription: name,
      VpcId: vpc.id,
    });
    return this.region.securityGroups.get(String(groupId)) as SecurityGroup;
  }

  /** A security group that lets a block in on a port. */
  securityGroup(vpc: Vpc, name: string, port: number, cidr: string): SecurityGroup {
    const group = this.closedGroup(vpc, name);
    this.call('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId: group.id,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': String(port),
      'IpPermissions.1.ToPort': String(port),
      'IpPermissions.1.IpRanges.1.CidrIp': cidr,
    });
    return group;
  }

  loadBalancer(
    type: LoadBalancer['type'],
    name: string,
    subnets: readonly Subnet[],
    more: Record<string, string> = {},
  ): LoadBalancer {
    this.call('elasticloadbalancing', 'CreateLoadBalancer', {
      Name: name,
      Type: type,
      Scheme: 'internal',
      ...Object.fromEntries(subnets.map(({ id }, index) => [`Subnets.member.${index + 1}`, id])),
      ...more,
    });
    return [...this.region.loadBalancers.values()].find(
      (one) => one.name === name && one.ownerId === this.accountId,
    ) as LoadBalancer;
  }

  /** An ALB that answers 200 on its port. */
  alb(name: string, subnets: readonly Subnet[], port = 80, more: Record<string, string> = {}): LoadBalancer {
    const balancer = this.loadBalancer('application', name, subnets, more);
    this.call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: balancer.arn,
      Protocol: 'HTTP',
      Port: String(port),
      'DefaultActions.member.1.Type': 'fixed-response',
      'DefaultActions.member.1.FixedResponseConfig.StatusCode': '200',
    });
    return balancer;
  }

  targetGroup(name: string, vpc: Vpc, more: Record<string, string> = {}): TargetGroup {
    this.call('elasticloadbalancing', 'CreateTargetGroup', {
      Name: name,
      Protocol: 'TCP',
      Port: '80',
      VpcId: vpc.id,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: '10',
      HealthyThresholdCount: '2',
      ...more,
    });
    return [...this.region.targetGroups.values()].find(
      (one) => one.name === name && one.ownerId === this.accountId,
    ) as TargetGroup;
  }

  /** A listener of an NLB that forwards to the group. */
  forward(balancer: LoadBalancer, group: TargetGroup, port = group.port): void {
    this.call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: balancer.arn,
      Protocol: 'TCP',
      Port: String(port),
      'DefaultActions.member.1.Type': 'forward',
      'DefaultActions.member.1.TargetGroupArn': group.arn,
    });
  }

  /** Registers targets past every check of the API, so that a scenario can hold what went wrong long ago. */
  targets(group: TargetGroup, ips: readonly string[], port = group.port, zone?: string): void {
    for (const id of ips) {
      const subnet = [...this.region.subnets.values()].find(
        (one) =>
          one.vpcId === group.vpcId &&
          parse(one.cidrBlock).first <= parse(id).first &&
          parse(id).first <= parse(one.cidrBlock).last,
      );
      register(this.world, this.region, group, { id, port, zone: zone ?? subnet?.zoneId ?? 'all' });
    }
  }

  tag(group: TargetGroup, key: string, value: string): void {
    group.tags.set(key, value);
  }

  /** An interface of somebody else's: managed by AWS for a service, or a person's own. */
  decoy(subnet: Subnet, description: string, more: Partial<NetworkInterface> = {}): NetworkInterface {
    return createInterface(this.world, this.region, subnet, {
      ownerId: this.accountId,
      description,
      requesterId: 'amazon-elb',
      requesterManaged: true,
      status: 'in-use',
      ...more,
      ...(more.requesterManaged === false
        ? {}
        : {
            attachment: {
              id: `eni-attach-0${this.world.random.hex(16)}`,
              instanceOwnerId: more.requesterId ?? 'amazon-elb',
              deviceIndex: 1,
              status: 'attached' as const,
              deleteOnTermination: false,
            },
          }),
    });
  }

  /** An Auto Scaling group in the subnets of the VPC. */
  scalingGroup(name: string, vpc: Vpc, instances = 2): AutoScalingGroup {
    const subnets = [...this.region.subnets.values()].filter(({ vpcId }) => vpcId === vpc.id);
    this.call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: name,
      MinSize: String(instances),
      MaxSize: String(instances + 2),
      HealthCheckType: 'ELB',
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(),
    });
    return [...this.region.autoScalingGroups.values()].at(-1) as AutoScalingGroup;
  }

  /** A free address of the subnet, for targets that stand for nobody. */
  unusedAddress(subnet: Subnet): string {
    return freeAddress(this.world, this.region, subnet);
  }

  /** Lets everything that was begun come to rest. */
  settle(seconds = 900): void {
    this.world.clock.advance(seconds);
  }
}

export const ipsOf = ({ nodes }: LoadBalancer): string[] => nodes.map(({ ip }) => ip);

/** An address of the documentation's IPv6 block, by number. */
export const documentationAddress = (n: number): string => format6((0x20010db8n << 96n) | BigInt(n));
