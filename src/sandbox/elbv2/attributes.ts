import { freeAddress } from '../engine/addresses.js';
import type { LoadBalancer } from '../state.js';
import { validationError } from '../wire/errors.js';
import { AwsError, type Call, type Operation } from '../wire/operation.js';
import { attributeList, loadBalancer, targetGroup } from './arns.js';

/** Attributes with which AWS creates a load balancer. */
export function loadBalancerDefaults(type: LoadBalancer['type'], scheme: LoadBalancer['scheme']): Map<string, string> {
  const common: [string, string][] = [
    ['deletion_protection.enabled', 'false'],
    ['load_balancing.cross_zone.enabled', String(type === 'application')],
    ['zonal_shift.config.enabled', 'false'],
    ['access_logs.s3.enabled', 'false'],
    ['access_logs.s3.bucket', ''],
    ['access_logs.s3.prefix', ''],
  ];
  if (type === 'application') {
    return new Map([
      ...common,
      ['idle_timeout.timeout_seconds', '60'],
      ['client_keep_alive.seconds', '3600'],
      ['routing.http.drop_invalid_header_fields.enabled', 'false'],
      ['routing.http2.enabled', 'true'],
      ['waf.fail_open.enabled', 'false'],
    ]);
  }
  return new Map([
    ...common,
    ['dns_record.client_routing_policy', 'any_availability_zone'],
    ['secondary_ips.auto_assigned.per_subnet', '0'],
    ['ipv6.deny_all_igw_traffic', String(scheme === 'internal')],
  ]);
}

/** Attributes with which AWS creates a target group of an NLB. */
export const targetGroupDefaults = (): Map<string, string> =>
  new Map([
    ['deregistration_delay.timeout_seconds', '300'],
    ['deregistration_delay.connection_termination.enabled', 'false'],
    ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
    ['preserve_client_ip.enabled', 'false'],
    ['proxy_protocol_v2.enabled', 'false'],
    ['stickiness.enabled', 'false'],
    ['stickiness.type', 'source_ip'],
    ['target_group_health.dns_failover.minimum_healthy_targets.count', '1'],
    ['target_group_health.dns_failover.minimum_healthy_targets.percentage', 'off'],
    ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '1'],
    ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage', 'off'],
    ['target_health_state.unhealthy.connection_termination.enabled', 'true'],
    ['target_health_state.unhealthy.draining_interval_seconds', '0'],
  ]);

const ranges: Record<string, [number, number]> = {
  'deregistration_delay.timeout_seconds': [0, 3600],
  'target_health_state.unhealthy.draining_interval_seconds': [0, 360_000],
  'secondary_ips.auto_assigned.per_subnet': [0, 7],
};

/** All of them or none: nothing is set before every key and value has been checked. */
function checked({ params }: Call, what: string, known: ReadonlyMap<string, string>): [string, string][] {
  const given = params
    .list('Attributes')
    .map((one): [string, string] => [one.string('Key') ?? '', one.string('Value') ?? '']);
  if (given.length > 20) throw validationError('At most 20 attributes can be modified in a call');
  for (const [key, value] of given) {
    if (!known.has(key)) throw validationError(`${what} attribute key '${key}' is not recognized`);
    const range = ranges[key];
    if (range && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) {
      throw validationError(`${what} attribute '${key}' has the invalid value '${value}'`);
    }
  }
  return given;
}

export const modifyTargetGroupAttributes: Operation = (call) => {
  const group = targetGroup(call, call.params.string('TargetGroupArn') ?? '');
  for (const [key, value] of checked(call, 'Target group', group.attributes)) group.attributes.set(key, value);
  return { Attributes: attributeList(group.attributes) };
};

export const describeTargetGroupAttributes: Operation = (call) => ({
  Attributes: attributeList(targetGroup(call, call.params.string('TargetGroupArn') ?? '').attributes),
});

export const modifyLoadBalancerAttributes: Operation = (call) => {
  const one = loadBalancer(call, call.params.string('LoadBalancerArn') ?? '');
  const given = checked(call, 'Load balancer', one.attributes);
  const key = 'secondary_ips.auto_assigned.per_subnet';
  const before = Number(one.attributes.get(key) ?? 0);
  const after = Number(given.find(([name]) => name === key)?.[1] ?? before);
  if (after < before) {
    const text = `The attribute '${key}' cannot be decreased`;
    throw new AwsError(400, 'InvalidConfigurationRequest', text);
  }
  for (const [name, value] of given) one.attributes.set(name, value);
  if (after > before) addSecondaryAddresses(call, one, after);
  return { Attributes: attributeList(one.attributes) };
};

/** Each of an NLB's interfaces gets as many more private addresses; they too are where its traffic comes from. */
function addSecondaryAddresses({ world, region }: Call, { nodes }: LoadBalancer, perSubnet: number): void {
  world.clock.after(world.knobs['lb.secondaryIpSeconds'], () => {
    for (const { interfaceId } of nodes) {
      const one = region.interfaces.get(interfaceId);
      const subnet = one && region.subnets.get(one.subnetId);
      while (one && subnet && one.privateIps.length <= perSubnet) {
        one.privateIps.push({ ip: freeAddress(world, region, subnet) });
      }
    }
  });
}
