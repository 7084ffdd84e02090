import { createHash } from 'node:crypto';
import type { TargetPlan } from './target-plan.js';

/** What identifies a bridge, and what its plan would change. */
export interface BridgePlan {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly plan: Pick<TargetPlan, 'register' | 'deregister' | 'held'>;
}

/**
 * S8: the first 8 hex digits of sha256 over the canonical plan of a whole run. Deregister and held count as one
 * removal set, and health is left out, since a target moves between them while a human reads the plan.
 *
 * @param failed names of bridges that could not be planned: a run with a gap is not the run without it.
 */
export function fingerprint(bridges: readonly BridgePlan[], failed: readonly string[] = []): string {
  const canonical = {
    bridges: bridges
      .map(({ loadBalancerArn, targetGroupArn, plan }) => ({
        loadBalancer: loadBalancerArn,
        targetGroup: targetGroupArn,
        register: plan.register.map(line).sort(),
        remove: [...plan.deregister, ...plan.held].map(line).sort(),
      }))
      .sort((a, b) => (a.targetGroup < b.targetGroup ? -1 : 1)),
    failed: [...failed].sort(),
  };
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 8);
}

const line = ({ ip, port, zone }: { ip: string; port: number; zone: string | null }): string =>
  `${ip}:${port}:${zone ?? ''}`;
