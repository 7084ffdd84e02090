import { RULES_PER_CALL } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import { type SecurityGroupRule, SOURCE_TAG } from '../plan/model.js';
import type { Refusal } from '../plan/refusals.js';
import type { RuleFacts } from '../plan/rule-facts.js';
import { isSameRule } from '../plan/rule-peers.js';
import { type PlannedRule, planRules, type RulePlan } from '../plan/rule-plan.js';
import { readOnlyLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { type IngressEnds, readRuleFacts } from './read-ingress.js';
import { revokeRules } from './revoke-rules.js';

/**
 * One security group on its way from a plan to what the plan wants. `plan` is at every moment what is left to do, so
 * that a run that is cut off at any call can say truly what it did and what it did not.
 */
export class IngressRun {
  plan: RulePlan;
  readonly authorized: SecurityGroupRule[] = [];
  readonly revoked: SecurityGroupRule[] = [];

  constructor(
    readonly ends: IngressEnds,
    private facts: RuleFacts,
    private readonly portsOfTheRun: readonly number[],
    private readonly readOnly: boolean,
    private readonly ports: Pick<Ports, 'signal'>,
  ) {
    this.plan = this.guard(planRules(facts, ends.policy));
  }

  get hasWritten(): boolean {
    return this.authorized.length + this.revoked.length > 0;
  }

  /** One pass: make room where there is none, authorize, look again, revoke. Ends early where a rule refuses. */
  async apply(): Promise<void> {
    if (this.plan.refusal?.scope === 'everything') return;
    await this.revoke(this.plan.makeRoom);
    if (this.plan.authorize.length > 0) {
      if (!(await this.authorize())) return;
      // S6: what may go is decided on what AWS shows after the new rules, not before them.
      await this.lookAgain();
    }
    await this.revoke(this.plan.revoke);
  }

  private async lookAgain(): Promise<void> {
    this.checkpoint();
    this.facts = this.withOwnWrites(await readRuleFacts(this.ends, this.portsOfTheRun));
    this.plan = this.guard(planRules(this.facts, this.ends.policy));
  }

  /** False where AWS takes no more rules, although by the numbers there was room. */
  private async authorize(): Promise<boolean> {
    const wanted = this.plan.authorize;
    try {
      for (let start = 0; start < wanted.length; start += RULES_PER_CALL) {
        await this.authorizeOnce(wanted.slice(start, start + RULES_PER_CALL));
      }
      return true;
    } catch (error) {
      if (!isCode(error, 'RulesPerSecurityGroupLimitExceeded')) throw error;
      this.plan = { ...this.plan, refusal: this.full() };
      return false;
    }
  }

  /** A rule that another run has added meanwhile makes AWS refuse the whole call: then each goes alone. */
  private async authorizeOnce(rules: readonly PlannedRule[]): Promise<void> {
    this.checkpoint();
    const { albSide, securityGroupId, nlb } = this.ends;
    let added: readonly SecurityGroupRule[] = [];
    try {
      const tags = new Map([[SOURCE_TAG, nlb.arn]]);
      added = await albSide.securityGroups.authorizeIngress(securityGroupId, rules, tags);
    } catch (error) {
      if (!isCode(error, 'InvalidPermission.Duplicate')) throw error;
      if (rules.length > 1) {
        for (const rule of rules) await this.authorizeOnce([rule]);
        return;
      }
    }
    this.authorized.push(...added);
    const left = this.plan.authorize.filter((rule) => !rules.includes(rule));
    this.plan = { ...this.plan, authorize: left, unchanged: [...this.plan.unchanged, ...added] };
  }

  private async revoke(rules: readonly SecurityGroupRule[]): Promise<void> {
    if (rules.length === 0) return;
    this.checkpoint();
    const { albSide, securityGroupId } = this.ends;
    await revokeRules(albSide.securityGroups, securityGroupId, rules, (gone, byUs) => {
      if (byUs) this.revoked.push(...gone);
      const left = (list: readonly SecurityGroupRule[]) => list.filter((rule) => !gone.includes(rule));
      this.plan = { ...this.plan, revoke: left(this.plan.revoke), makeRoom: left(this.plan.makeRoom) };
    });
  }

  private full(): Refusal {
    const { securityGroupId } = this.ends;
    const inbound = this.facts.rules.filter(({ isEgress }) => !isEgress).length;
    return {
      rule: 'S12',
      message: `AWS takes no more rules into ${securityGroupId}: ${inbound} stand there, ${this.plan.authorize.length} more are needed.`,
      suggestions: [
        'Reference the NLB’s security group, or let one prefix list or block take the place of many rules.',
        'Or raise the quota “Inbound or outbound rules per security group”, and say so: --max-rules N',
      ],
      scope: 'everything',
    };
  }

  /** S7: the lock. A plan that would write nothing stays as it is. */
  private guard(plan: RulePlan): RulePlan {
    const lock = readOnlyLock(this.readOnly);
    if (!lock || !wouldWriteRules(plan)) return plan;
    return { ...plan, refusal: lock, revoke: [], makeRoom: [], unchanged: [...plan.unchanged, ...plan.revoke] };
  }

  /** What AWS has accepted in this run but may not show yet: reads can lag behind writes. */
  private withOwnWrites(facts: RuleFacts): RuleFacts {
    const gone = new Set(this.revoked.map(({ id }) => id));
    const shown = facts.rules.filter(({ id }) => !gone.has(id));
    const unseen = this.authorized.filter((rule) => !shown.some((one) => one.id === rule.id || isSameRule(one, rule)));
    return { ...facts, rules: [...shown, ...unseen] };
  }

  private checkpoint(): void {
    if (this.ports.signal.aborted) {
      throw new OperationError('Interrupted', 'Interrupted: what was not done yet is left for the next run.');
    }
  }
}

/** Whether a run of this plan would change anything. */
export const wouldWriteRules = ({ authorize, revoke, refusal }: RulePlan): boolean =>
  revoke.length > 0 || (authorize.length > 0 && refusal?.scope !== 'everything');

const isCode = (error: unknown, code: string): boolean => error instanceof OperationError && error.code === code;
