import { targetKey } from './facts.js';
import type { Refusal } from './refusals.js';
import type { HeldTarget, TargetPlan } from './target-plan.js';

/** Whether a run of this plan would register or deregister anything. */
export const wouldWrite = (plan: TargetPlan): boolean =>
  plan.deregister.length > 0 || (plan.register.length > 0 && plan.refusal?.scope !== 'everything');

/**
 * S7 and S8: forbids every write of a plan. Its refusal takes the place of any narrower one, and whatever was to go is
 * held by it. A plan that would write nothing stays as it is: there is nothing to forbid.
 */
export function forbidWrites(plan: TargetPlan, refusal: Refusal): TargetPlan {
  if (!wouldWrite(plan)) return { ...plan, claim: false };
  const why = refusal.rule === 'S7' ? 'writing is locked or paused' : 'the plan is not the reviewed one';
  const hold = (target: TargetPlan['deregister'][number]): HeldTarget => ({ ...target, heldBy: refusal.rule, why });
  return { ...plan, refusal, claim: false, deregister: [], held: [...plan.deregister, ...plan.held].map(hold) };
}

/** S8: after a review, only what the reviewed plan removes or holds may go; what went stale since is held. */
export function holdUnreviewed(plan: TargetPlan, reviewed: ReadonlySet<string>): TargetPlan {
  const unreviewed = plan.deregister.filter((target) => !reviewed.has(targetKey(target)));
  if (unreviewed.length === 0) return plan;
  const held = unreviewed.map(
    (target): HeldTarget => ({ ...target, heldBy: 'S8', why: 'it went stale after the plan was reviewed' }),
  );
  return {
    ...plan,
    deregister: plan.deregister.filter((target) => reviewed.has(targetKey(target))),
    held: [...plan.held, ...held],
  };
}
