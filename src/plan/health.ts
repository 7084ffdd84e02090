import type { Target } from './model.js';

/** A count of targets, or a share of the wanted ones in whole percent. */
export type MinHealthy = { readonly targets: number } | { readonly percent: number };

/** Registered and not on its way out. Only `draining` counts as absent; `unhealthy.draining` stays registered. */
export const isRegistered = (target: Target): boolean => target.state !== 'draining';

/** Healthy and taking traffic: a zonal shift takes it away from a target that AWS still calls healthy. */
export function isHealthy({ state, override }: Target): boolean {
  return state === 'healthy' && (override === null || override === 'no_override');
}

/**
 * Which targets take traffic. An NLB without one healthy target sends to every target (it fails open), so that then
 * the unhealthy ones serve too.
 * Source: Elastic Load Balancing user guide, "Health checks for Network Load Balancer target groups".
 */
export function servingTest(targets: readonly Target[]): (target: Target) => boolean {
  const failsOpen = !targets.some(isHealthy);
  const serving = new Set(['healthy', 'initial', 'unavailable']);
  if (failsOpen) for (const state of ['unhealthy', 'unhealthy.draining']) serving.add(state);
  return (target) => serving.has(target.state);
}

/** True where AWS checks nothing, since no listener sends to the group: then health can prove nothing. */
export function healthSaysNothing(targets: readonly Target[]): boolean {
  const registered = targets.filter(isRegistered);
  return (
    registered.length > 0 && registered.every(({ state, reason }) => state === 'unused' && reason === 'Target.NotInUse')
  );
}

/** How many of `wanted` targets must be healthy: a share is rounded up; never less than 1, nor more than there are. */
export function neededHealthy(minHealthy: MinHealthy, wanted: number): number {
  const asked = 'targets' in minHealthy ? minHealthy.targets : Math.ceil((wanted * minHealthy.percent) / 100);
  return Math.min(Math.max(asked, 1), wanted);
}
