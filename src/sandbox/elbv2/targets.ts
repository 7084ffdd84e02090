import { isIPv4, isIPv6 } from 'node:net';
import { subnetHolding } from '../engine/addresses.js';
import { isCrossZone, loadBalancersOf } from '../engine/routing.js';
import { deregister, register, targetKey } from '../engine/targets.js';
import { isPrivate } from '../ip.js';
import { zoneIdOf, zoneName } from '../regions.js';
import type { Target, TargetGroup } from '../state.js';
import { validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import { targetGroup } from './arns.js';
import { portConstraint } from './target-groups.js';

interface Asked {
  id: string;
  port: number;
  /** As the request gave it: a zone name, `all`, or nothing. */
  zone: string | undefined;
}

/** All or nothing: a target that AWS would refuse keeps every other of the call out too. */
export const registerTargets: Operation = (call) => {
  const { world, region } = call;
  const group = targetGroup(call, call.params.string('TargetGroupArn') ?? '');
  const asked = targetsAsked(call, group);
  const placed = asked.map((one) => ({ id: one.id, port: one.port, zone: placeOf(call, group, one) }));
  checkReRegistration(call, group, placed);
  checkQuota(call, group, placed);
  for (const one of placed) register(world, region, group, one);
  return {};
};

function targetsAsked({ params }: Call, group: TargetGroup): Asked[] {
  const asked = params.list('Targets').map((one) => ({
    id: one.string('Id') ?? '',
    port: one.integer('Port') ?? group.port,
    zone: one.string('AvailabilityZone'),
  }));
  if (asked.length === 0) throw validationError('At least one target must be specified');
  for (const { id, port } of asked) {
    if (port < 1 || port > 65_535) throw portConstraint(port);
    if (group.targetType !== 'ip') continue;
    if (group.ipAddressType === 'ipv4' ? !isIPv4(id) : !isIPv6(id)) {
      throw validationError(
        `The IP address '${id}' is not a valid ${group.ipAddressType === 'ipv4' ? 'IPv4' : 'IPv6'} address`,
      );
    }
  }
  return asked;
}

/** The zone (id) that a target gets: its subnet's inside the VPC, what the caller says outside. */
function placeOf(call: Call, group: TargetGroup, { id, zone }: Asked): string | undefined {
  const { world, region, account } = call;
  if (group.targetType !== 'ip') {
    if (zone === undefined) return undefined;
    throw validationError('An Availability Zone cannot be specified for targets of this type');
  }
  const subnet = subnetHolding(region, group.vpcId, id);
  if (subnet) {
    const name = zoneName(world, account, region, subnet.zoneId);
    if (zone === undefined || zone === name) return subnet.zoneId;
    throw validationError(
      `The IP address '${id}' is within the VPC, and cannot have its Availability Zone overridden to '${zone}' from '${name}'`,
    );
  }
  if (isIPv4(id) && !isPrivate(id)) {
    throw validationError(`The IP address '${id}' is not within the VPC or a supported private address range`);
  }
  const isHttp = group.protocol === 'HTTP' || group.protocol === 'HTTPS';
  const isZonal = loadBalancersOf(region, group.arn).some((one) => !isCrossZone(one, group));
  if (isHttp && isZonal && (zone === undefined || zone === 'all')) {
    throw validationError(
      `When cross-zone load balancing is disabled on this target group, you must specify an Availability Zone for IP target '${id}' since it is outside of the VPC`,
    );
  }
  if (zone === undefined) throw validationError(zoneNeeded(call, id));
  if (zone === 'all') return zone;
  const zoneId = zoneIdOf(world, account, region, zone);
  if (zoneId === null) throw validationError(`'${zone}' is not a valid Availability Zone`);
  return zoneId;
}

const zoneNeeded = ({ world }: Call, id: string): string =>
  world.knobs['error.azTextStyle'] === '2023'
    ? `You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '${id}' is outside the VPC`
    : `The Availability Zone is required for IP address '${id}' because it is not in the VPC`;

function checkReRegistration({ world }: Call, group: TargetGroup, placed: { id: string; port: number }[]): void {
  if (world.knobs['tg.reRegister'] !== 'error') return;
  const draining = placed.find(({ id, port }) => group.targets.get(targetKey(id, port))?.state === 'draining');
  if (draining) throw new AwsError(400, 'InvalidTarget', `The target '${draining.id}' is draining`);
}

/** Quotas per group, per NLB, and per zone of it (or, with cross-zone on, for the whole of it). */
function checkQuota(
  call: Call,
  group: TargetGroup,
  placed: { id: string; port: number; zone: string | undefined }[],
): void {
  const { world, region } = call;
  const { knobs } = world;
  const counts = (target: Target): boolean => knobs['quota.drainingCounts'] || target.state !== 'draining';
  const standing = [...group.targets.values()].filter(counts);
  const known = new Set(standing.map(({ id, port }) => targetKey(id, port)));
  const fresh = placed.filter(({ id, port }) => !known.has(targetKey(id, port)));
  if (fresh.length === 0) return;
  if (standing.length + fresh.length > knobs['quota.targetsPerGroup']) {
    throw tooMany(
      `The maximum number of targets per target group '${knobs['quota.targetsPerGroup']}' has been reached on target group '${group.arn}'`,
    );
  }
  for (const balancer of loadBalancersOf(region, group.arn).filter(({ type }) => type === 'network')) {
    const others = [...region.targetGroups.values()].filter(
      (other) => other !== group && loadBalancersOf(region, other.arn).includes(balancer),
    );
    const all = [...standing, ...others.flatMap(({ targets }) => [...targets.values()].filter(counts)), ...fresh];
    if (isCrossZone(balancer, group)) {
      const limit = knobs['quota.targetsPerNlbCrossZone'];
      if (all.length > limit) {
        throw tooMany(
          `You cannot have more than ${limit} targets per network load balancer with cross-zone load balancing enabled.`,
        );
      }
      continue;
    }
    const inZone = new Map<string, number>();
    for (const { zone } of all) inZone.set(zone ?? '', (inZone.get(zone ?? '') ?? 0) + 1);
    const exceeded =
      all.length > knobs['quota.targetsPerNlb'] || Math.max(...inZone.values()) > knobs['quota.targetsPerZonePerNlb'];
    if (exceeded) {
      throw tooMany(
        `The maximum number of targets per load balancer '${knobs['quota.targetsPerNlb']}' has been reached on load balancer '${balancer.arn}'`,
      );
    }
  }
}

const tooMany = (text: string): AwsError => new AwsError(400, 'TooManyTargets', text);

/** Unknown targets, other ports and other zones are no error: they match nothing. */
export const deregisterTargets: Operation = (call) => {
  const { world } = call;
  const group = targetGroup(call, call.params.string('TargetGroupArn') ?? '');
  for (const one of targetsAsked(call, group)) {
    for (const target of matching(call, group, one)) deregister(world, group, target);
  }
  return {};
};

/** Registered targets of that Id and Port; a zone, where one is given, has to be the one that is stored. */
function matching({ world, account, region }: Call, group: TargetGroup, { id, port, zone }: Asked): Target[] {
  return [...group.targets.values()].filter((target) => {
    if (target.id !== id || target.port !== port) return false;
    if (zone === undefined || target.zone === undefined) return true;
    return zone === zoneName(world, account, region, target.zone);
  });
}

export const describeTargetHealth: Operation = (call) => {
  const { params, world } = call;
  const group = targetGroup(call, params.string('TargetGroupArn') ?? '');
  if (params.list('Targets').length === 0) {
    const all = world.random.shuffle([...group.targets.values()]);
    return { TargetHealthDescriptions: new List(all.map((target) => healthXml(call, target))) };
  }
  const asked = targetsAsked(call, group);
  return {
    TargetHealthDescriptions: new List(
      asked.map((one) => {
        const [target] = matching(call, group, one);
        return target ? healthXml(call, target) : notRegistered(one);
      }),
    ),
  };
};

const notRegistered = ({ id, port, zone }: Asked): Xml => ({
  Target: { Id: id, Port: port, AvailabilityZone: zone },
  TargetHealth: {
    State: 'unused',
    Reason: 'Target.NotRegistered',
    Description: 'Target is not registered to the target group',
  },
});

function healthXml({ world, account, region }: Call, target: Target): Xml {
  return {
    HealthCheckPort: target.state === 'unused' ? undefined : String(target.port),
    Target: {
      Id: target.id,
      Port: target.port,
      AvailabilityZone: target.zone === undefined ? undefined : zoneName(world, account, region, target.zone),
    },
    TargetHealth: { State: target.state, Reason: target.reason, Description: target.description },
    AdministrativeOverride: overrides[target.override],
  };
}

const overrides: Record<Target['override'], Xml> = {
  no_override: {
    State: 'no_override',
    Reason: 'AdministrativeOverride.NoOverride',
    Description: 'No override is currently active on target',
  },
  zonal_shift_active: {
    State: 'zonal_shift_active',
    Reason: 'AdministrativeOverride.ZonalShiftActive',
    Description: 'Zonal shift is currently active on target',
  },
  zonal_shift_delegated_to_dns: {
    State: 'zonal_shift_delegated_to_dns',
    Reason: 'AdministrativeOverride.ZonalShiftDelegatedToDns',
    Description: 'Zonal shift is delegated to DNS',
  },
  unknown: { State: 'unknown', Reason: 'AdministrativeOverride.Unknown', Description: 'Override state is unknown' },
};
