import type { TargetPolicy } from './facts.js';
import { isHealthy, neededHealthy } from './health.js';
import type { Target } from './model.js';
import type { View } from './view.js';

/** Why a stale target may not go yet, or null where it may. */
export type Removal = (target: Target) => string | null;

interface GuardInput {
  readonly policy: TargetPolicy;
  readonly view: View;
  /** The bridge is being emptied on purpose: nothing is to serve in the old targets' stead. */
  readonly emptied: boolean;
  readonly isServing: (target: Target) => boolean;
}

/**
 * S4: a stale target that still serves goes only while enough wanted targets are healthy, one of them in its zone if
 * the load balancer is still enabled there. With cross-zone balancing off, an NLB node sends to its own zone's targets
 * alone, so that a zone emptied of healthy targets is an outage for the clients that reach that node.
 */
export function removalGuard({ policy, view, emptied, isServing }: GuardInput): Removal {
  const healthy = view.unchanged.filter(({ target }) => isHealthy(target));
  const needed = neededHealthy(policy.minHealthy, view.wanted.length);
  const waitingFor = new Set(view.wanted.map(({ ip }) => ip));
  for (const { target } of healthy) waitingFor.delete(target.ip);

  return (target) => {
    if (emptied || !isServing(target)) return null;
    const { zone } = target;
    if (zone !== null && zone !== 'all') {
      const enabled = view.zones.isEnabled(zone);
      if (enabled === null) return `zone ${zone} cannot be matched with the load balancer's account`;
      if (enabled) {
        const stands = healthy.some(({ target: { zone: registered }, address }) =>
          registered === null || registered === 'all' ? view.zones.holds(zone, address) : registered === zone,
        );
        if (!stands) {
          const coming = view.wanted.filter((address) => view.zones.holds(zone, address) && waitingFor.has(address.ip));
          return notHealthyYet(coming.map(({ ip }) => ip)) ?? `no healthy target in ${zone} yet`;
        }
      }
    }
    if (healthy.length >= needed) return null;
    return view.wanted.length === 1
      ? (notHealthyYet([...waitingFor]) as string)
      : `${healthy.length} of ${view.wanted.length} wanted targets healthy, ${needed} needed`;
  };
}

function notHealthyYet(ips: readonly string[]): string | null {
  if (ips.length === 0) return null;
  if (ips.length === 1) return `${ips[0]} is not healthy yet`;
  return `none of ${ips.slice(0, 3).join(', ')}${ips.length > 3 ? ', …' : ''} is healthy yet`;
}
