import type { Action, LoadBalancer, RegionState, TargetGroup } from '../state.js';
import type { Caller } from './probe.js';

const forwardsTo = (actions: readonly Action[], arn: string): boolean =>
  actions.some((action) => action.type === 'forward' && action.targetGroups.some((one) => one.targetGroupArn === arn));

/** ARNs of listeners that send to the group, by default action or by a rule; a weight of 0 still attaches it. */
export function listenersOf(region: RegionState, groupArn: string): string[] {
  const found = new Set<string>();
  for (const listener of region.listeners.values()) {
    if (forwardsTo(listener.defaultActions, groupArn)) found.add(listener.arn);
  }
  for (const rule of region.rules.values()) {
    if (forwardsTo(rule.actions, groupArn)) found.add(rule.listenerArn);
  }
  return [...found];
}

/** The load balancers whose listeners send to the group. */
export function loadBalancersOf(region: RegionState, groupArn: string): LoadBalancer[] {
  const arns = new Set(listenersOf(region, groupArn).map((arn) => region.listeners.get(arn)?.loadBalancerArn));
  return [...region.loadBalancers.values()].filter(({ arn }) => arns.has(arn));
}

/** Why the group's targets in the zone are not used, in AWS's words; null where they are. */
export function whyUnused(region: RegionState, group: TargetGroup, zone: string | undefined): string | null {
  const balancers = loadBalancersOf(region, group.arn);
  if (balancers.length === 0) return 'Target group is not configured to receive traffic from the load balancer';
  if (zone === undefined || zone === 'all') return null;
  const enabled = balancers.some((one) => isCrossZone(one, group) || one.zones.some(({ zoneId }) => zoneId === zone));
  return enabled ? null : 'Target is in an Availability Zone that is not enabled for the load balancer';
}

/** The group's own setting decides; by default the load balancer's. */
export function isCrossZone(loadBalancer: LoadBalancer, group: TargetGroup): boolean {
  const own = group.attributes.get('load_balancing.cross_zone.enabled');
  if (own === 'true' || own === 'false') return own === 'true';
  return loadBalancer.attributes.get('load_balancing.cross_zone.enabled') === 'true';
}

/** A load balancer's nodes as somebody who connects. */
export const callerOf = (region: RegionState, { nodes, securityGroupIds }: LoadBalancer): Caller => ({
  ips: nodes.flatMap(({ interfaceId }) => {
    const one = region.interfaces.get(interfaceId);
    return one ? [...one.privateIps.map(({ ip }) => ip), ...one.ipv6Addresses] : [];
  }),
  securityGroupIds,
});
