import { freeCount } from '../engine/addresses.js';
import { followIpAddressType } from '../engine/interfaces.js';
import { provision, remove, setZones } from '../engine/load-balancers.js';
import { zoneName } from '../regions.js';
import type { LoadBalancer, Subnet } from '../state.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import { attributeList, checkArn, loadBalancer, loadBalancerArn, newLoadBalancerPath } from './arns.js';
import { loadBalancerDefaults } from './attributes.js';
import { paged } from './paging.js';
import { tagsGiven } from './tags.js';

const own = ({ region, account }: Call): LoadBalancer[] =>
  [...region.loadBalancers.values()].filter(({ ownerId }) => ownerId === account.id);

export const describeLoadBalancers: Operation = (call) => {
  const { params } = call;
  const arns = params.strings('LoadBalancerArns');
  const names = params.strings('Names');
  if (arns.length > 0 && names.length > 0) {
    throw validationError('Load balancer names and load balancer ARNs cannot be specified at the same time');
  }
  if (arns.length > 20) throw validationError('Up to 20 load balancers can be described in a single call');
  const all = own(call);
  for (const arn of arns) checkArn(call, 'load balancer', arn);
  const absent = [
    ...arns.filter((arn) => !all.some((one) => one.arn === arn)),
    ...names.filter((name) => !all.some((one) => one.name === name)),
  ];
  if (absent.length > 0) {
    throw new AwsError(400, 'LoadBalancerNotFound', `Load balancers '[${absent.join(', ')}]' not found`);
  }
  const chosen = all.filter(
    ({ arn, name }) => (arns.length === 0 || arns.includes(arn)) && (names.length === 0 || names.includes(name)),
  );
  const { items, NextMarker } = paged(call, chosen, ({ arn }) => arn);
  return { LoadBalancers: new List(items.map((one) => loadBalancerXml(call, one))), NextMarker };
};

function loadBalancerXml(call: Call, one: LoadBalancer): Xml {
  return {
    LoadBalancerArn: one.arn,
    DNSName: one.dnsName,
    CanonicalHostedZoneId: one.type === 'network' ? 'Z26RNL4JYFTOTI' : 'Z35SXDOTRQ7X7K',
    CreatedTime: new Date(one.createdAt).toISOString(),
    LoadBalancerName: one.name,
    Scheme: one.scheme,
    VpcId: one.vpcId,
    State: { Code: one.state, Reason: one.stateReason },
    Type: one.type,
    AvailabilityZones: zonesXml(call, one),
    SecurityGroups: one.securityGroupIds.length > 0 ? new List(one.securityGroupIds) : undefined,
    IpAddressType: one.ipAddressType,
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: one.enforcePrivateLink,
  };
}

/** `LoadBalancerAddresses` tells only what its owner chose: all other addresses of an NLB stand in EC2 alone. */
const zonesXml = ({ world, account, region }: Call, one: LoadBalancer): List =>
  new List(
    one.zones.map(({ zoneId, subnetId, privateIp, allocationId }) => ({
      ZoneName: zoneName(world, account, region, zoneId),
      SubnetId: subnetId,
      LoadBalancerAddresses: new List(
        privateIp || allocationId ? [{ PrivateIPv4Address: privateIp, AllocationId: allocationId }] : [],
      ),
    })),
  );

export const createLoadBalancer: Operation = (call) => {
  const { params, world, region, account } = call;
  const name = params.string('Name');
  if (name === undefined) throw constraint(null, 'name', '');
  if (!/^(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError(`The load balancer name '${name}' is not valid`);
  }
  const type = (params.string('Type') ?? 'application') as LoadBalancer['type'];
  if (!['application', 'network', 'gateway'].includes(type)) {
    throw constraint(type, 'type', 'Member must satisfy enum value set: [application, network, gateway]');
  }
  const zones = zonesAsked(call, type);
  const scheme = (params.string('Scheme') ?? 'internet-facing') as LoadBalancer['scheme'];
  const ipAddressType = (params.string('IpAddressType') ?? 'ipv4') as LoadBalancer['ipAddressType'];
  const vpcId = region.subnets.get(zones[0]?.subnetId ?? '')?.vpcId ?? '';
  const securityGroupIds = groupsAsked(call, type, vpcId);
  const tags = tagsGiven(params);
  const existing = own(call).find((one) => one.name === name);
  if (existing) {
    const same =
      existing.type === type &&
      existing.scheme === scheme &&
      existing.ipAddressType === ipAddressType &&
      sameSet(
        existing.zones.map(({ subnetId }) => subnetId),
        zones.map(({ subnetId }) => subnetId),
      ) &&
      sameSet(existing.securityGroupIds, securityGroupIds) &&
      sameSet([...existing.tags].map(String), [...tags].map(String));
    if (same) return { LoadBalancers: new List([loadBalancerXml(call, existing)]) };
    const text = `A load balancer with the same name '${name}' exists, but with different settings`;
    throw new AwsError(400, 'DuplicateLoadBalancerName', text);
  }
  if (own(call).filter((one) => one.type === type).length >= world.knobs['quota.loadBalancers']) {
    throw new AwsError(400, 'TooManyLoadBalancers', 'The maximum number of load balancers has been reached');
  }
  const path = newLoadBalancerPath(call, type, name);
  const arn = loadBalancerArn(call, path);
  const one: LoadBalancer = {
    arn,
    path,
    ownerId: account.id,
    name,
    type,
    scheme,
    state: 'provisioning',
    dnsName: dnsNameOf(call, type, scheme, name, path.split('/')[2] ?? ''),
    vpcId,
    createdAt: world.clock.now,
    zones,
    securityGroupIds,
    ipAddressType,
    ...(type === 'network' && securityGroupIds.length > 0 ? { enforcePrivateLink: 'on' as const } : {}),
    attributes: loadBalancerDefaults(type, scheme),
    tags,
    nodes: [],
    associatedWith: new Set(),
    shiftedZoneIds: new Set(),
  };
  region.loadBalancers.set(arn, one);
  provision(world, region, one);
  return { LoadBalancers: new List([loadBalancerXml(call, one)]) };
};

function dnsNameOf(
  { world, region }: Call,
  type: LoadBalancer['type'],
  scheme: LoadBalancer['scheme'],
  name: string,
  id: string,
): string {
  const suffix = region.name.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  if (type !== 'application') return `${name}-${id}.elb.${region.name}.${suffix}`;
  const digits = 100_000_000 + world.random.below(2_000_000_000);
  return `${scheme === 'internal' ? 'internal-' : ''}${name}-${digits}.${region.name}.elb.${suffix}`;
}

type Zone = LoadBalancer['zones'][number];

function zonesAsked(call: Call, type: LoadBalancer['type']): Zone[] {
  const { params, region, account } = call;
  const mappings = params.list('SubnetMappings').map((mapping) => ({
    subnetId: mapping.string('SubnetId') ?? '',
    privateIp: mapping.string('PrivateIPv4Address'),
    allocationId: mapping.string('AllocationId'),
  }));
  const asked = mappings.length > 0 ? mappings : params.strings('Subnets').map((subnetId) => ({ subnetId }));
  const zones = asked.map((mapping): Zone => {
    const subnet = region.subnets.get(mapping.subnetId);
    if (!subnet || !(subnet.ownerId === account.id || subnet.sharedWith.has(account.id))) {
      throw new AwsError(400, 'SubnetNotFound', `The subnet ID '${mapping.subnetId}' does not exist`);
    }
    checkRoom(call, subnet);
    const { privateIp, allocationId } = mapping as { privateIp?: string; allocationId?: string };
    return {
      zoneId: subnet.zoneId,
      subnetId: subnet.id,
      ...(privateIp ? { privateIp } : {}),
      ...(allocationId ? { allocationId } : {}),
    };
  });
  const distinct = new Set(zones.map(({ zoneId }) => zoneId)).size;
  if (distinct < zones.length) {
    const text = 'A load balancer cannot be attached to multiple subnets in the same Availability Zone';
    throw new AwsError(400, 'InvalidConfigurationRequest', text);
  }
  if (distinct < (type === 'application' ? 2 : 1)) {
    throw validationError('At least two subnets in two different Availability Zones must be specified');
  }
  return zones;
}

function checkRoom({ region }: Call, subnet: Subnet): void {
  if (freeCount(region, subnet) >= 8) return;
  throw new AwsError(
    400,
    'InvalidSubnet',
    `Not enough IP space available in ${subnet.id}. ELB requires at least 8 free IP addresses in each subnet.`,
  );
}

function groupsAsked({ params, region }: Call, type: LoadBalancer['type'], vpcId: string): string[] {
  const ids = params.strings('SecurityGroups');
  for (const id of ids) {
    if (region.securityGroups.has(id)) continue;
    const text = `The security group '${id}' does not exist (Service: AmazonEC2; Status Code: 400; Error Code: InvalidGroup.NotFound; Request ID: 00000000-0000-4000-8000-000000000000; Proxy: null)`;
    throw new AwsError(400, 'InvalidSecurityGroup', text);
  }
  if (ids.length > 0 || type !== 'application') return ids;
  const byDefault = [...region.securityGroups.values()].find((one) => one.vpcId === vpcId && one.name === 'default');
  return byDefault ? [byDefault.id] : [];
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));

export const deleteLoadBalancer: Operation = (call) => {
  const { params, region, world } = call;
  const arn = params.string('LoadBalancerArn') ?? '';
  checkArn(call, 'load balancer', arn);
  const one = region.loadBalancers.get(arn);
  if (!one) return {};
  if (one.attributes.get('deletion_protection.enabled') === 'true') {
    const text = `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`;
    throw new AwsError(400, 'OperationNotPermitted', text);
  }
  const isTarget = [...region.targetGroups.values()].some(({ targetType, targets }) =>
    targetType === 'alb' ? [...targets.values()].some(({ id }) => id === arn) : false,
  );
  if (one.associatedWith.size > 0 || isTarget) {
    const text = `Load balancer '${arn}' cannot be deleted because it is currently associated with another service`;
    throw new AwsError(400, 'ResourceInUse', text);
  }
  remove(world, region, one);
  return {};
};

export const setSubnets: Operation = (call) => {
  const { params, world, region } = call;
  const one = loadBalancer(call, params.string('LoadBalancerArn') ?? '');
  const zones = zonesAsked(call, one.type);
  if (one.associatedWith.size > 0 && one.zones.some((old) => !zones.some(({ zoneId }) => zoneId === old.zoneId))) {
    throw new AwsError(400, 'InvalidSubnet', 'The load balancer is associated with an endpoint service');
  }
  setZones(
    world,
    region,
    one,
    zones.map(({ subnetId }) => subnetId),
  );
  return { AvailabilityZones: zonesXml(call, one) };
};

export const setSecurityGroups: Operation = (call) => {
  const { params, world, region } = call;
  const one = loadBalancer(call, params.string('LoadBalancerArn') ?? '');
  if (one.type === 'network' && one.securityGroupIds.length === 0) {
    const text = 'You cannot set security groups on a load balancer that was created without one';
    throw new AwsError(400, 'InvalidConfigurationRequest', text);
  }
  one.securityGroupIds = groupsAsked(call, one.type, one.vpcId);
  const enforce = params.string('EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic');
  if (enforce === 'on' || enforce === 'off') one.enforcePrivateLink = enforce;
  world.clock.after(world.knobs['lb.sgUpdateSeconds'], () => {
    for (const { interfaceId } of one.nodes) {
      const node = region.interfaces.get(interfaceId);
      if (node) node.securityGroupIds = [...one.securityGroupIds];
    }
  });
  return {
    SecurityGroupIds: new List(one.securityGroupIds),
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: one.enforcePrivateLink,
  };
};

/** Dual-stack needs an IPv6 block in every subnet; the interfaces get or lose their IPv6 addresses a little later. */
export const setIpAddressType: Operation = (call) => {
  const { params, world, region } = call;
  const one = loadBalancer(call, params.string('LoadBalancerArn') ?? '');
  const type = params.string('IpAddressType') ?? '';
  if (type !== 'ipv4' && type !== 'dualstack') {
    throw constraint(type, 'ipAddressType', 'Member must satisfy enum value set: [ipv4, dualstack]');
  }
  const bare = one.zones.find(({ subnetId }) => !region.subnets.get(subnetId)?.ipv6CidrBlock);
  if (type === 'dualstack' && bare) {
    throw new AwsError(400, 'InvalidSubnet', `The subnet '${bare.subnetId}' has no IPv6 CIDR block`);
  }
  one.ipAddressType = type;
  world.clock.after(world.knobs['lb.sgUpdateSeconds'], () => followIpAddressType(world, region, one));
  return { IpAddressType: one.ipAddressType };
};

export const describeLoadBalancerAttributes: Operation = (call) => ({
  Attributes: attributeList(loadBalancer(call, call.params.string('LoadBalancerArn') ?? '').attributes),
});
