import { TARGETS_PER_CALL } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import { compareAddresses } from '../plan/cidr.js';
import { type TargetFacts, targetKey } from '../plan/facts.js';
import { forbidWrites, holdUnreviewed, wouldWrite } from '../plan/guards.js';
import { isRegistered, servingTest } from '../plan/health.js';
import { SOURCE_TAG } from '../plan/model.js';
import { type PlannedTarget, planTargets, type TargetPlan } from '../plan/target-plan.js';
import type { Warning } from './outcome.js';
import { pauseOrLock } from './pause-or-lock.js';
import { bridgeWarnings, type PlannedBridge } from './plan-bridges.js';
import type { Ports } from './ports.js';
import { refreshFacts } from './read-bridge.js';

export interface RunOptions {
  readonly readOnly: boolean;
  /** When the run began, before it read anything. */
  readonly started: Date;
  /** S8: the targets that the reviewed plan removes or holds; undefined where no review was asked for. */
  readonly reviewed: ReadonlySet<string> | undefined;
}

/**
 * One bridge on its way from a plan to what the plan wants. `plan` is at every moment what is left to do, so that a run
 * that is cut off at any call can say truly what it did and what it did not.
 */
export class BridgeRun {
  facts: TargetFacts;
  plan: TargetPlan;
  readonly registered: PlannedTarget[] = [];
  readonly deregistered: PlannedTarget[] = [];
  private lockWarning: Warning | null = null;
  private claimed = false;

  constructor(
    readonly planned: PlannedBridge,
    private readonly options: RunOptions,
    private readonly ports: Pick<Ports, 'signal'>,
  ) {
    this.facts = planned.facts;
    this.plan = this.guard(planned.plan);
  }

  get warnings(): readonly Warning[] {
    return [...bridgeWarnings(this), ...(this.lockWarning ? [this.lockWarning] : [])];
  }

  get hasWritten(): boolean {
    return this.registered.length + this.deregistered.length > 0;
  }

  /** One pass: tag, register, look again, deregister. Ends early, without an error, where a rule refuses. */
  async apply(): Promise<void> {
    if (this.plan.refusal?.scope === 'everything') return;
    if (this.plan.claim) await this.claim();
    if (this.plan.register.length > 0) {
      await this.register();
      if (this.plan.refusal?.rule === 'S11') return;
      // S6: what may go is decided on what AWS shows after the registration, not before it.
      await this.lookAgain();
    }
    await this.deregister(this.plan.deregister);
  }

  /** Reads everything afresh and plans anew. */
  async lookAgain(): Promise<void> {
    this.checkpoint();
    const { bridge, sides } = this.planned;
    this.facts = this.withOwnWrites(await refreshFacts(this.facts, bridge, sides));
    this.plan = this.guard(planTargets(this.facts, bridge));
  }

  /** S5: the tag goes first, so that no run ever leaves targets in a group that is nobody's. */
  private async claim(): Promise<void> {
    const { loadBalancer, targetGroup, tags } = this.facts;
    this.checkpoint();
    await this.loadBalancing.addTags(targetGroup.arn, new Map([[SOURCE_TAG, loadBalancer.arn]]));
    this.claimed = true;
    this.facts = { ...this.facts, tags: new Map([...tags, [SOURCE_TAG, loadBalancer.arn]]) };
    this.plan = { ...this.plan, claim: false };
  }

  private async register(): Promise<void> {
    if (await this.registerAll()) return;
    // S11: the group is full. What may go by the rules makes room, what does not serve first; then once more.
    await this.lookAgain();
    if (this.plan.refusal?.scope === 'everything') return;
    const isServing = servingTest(this.facts.targets);
    const serving = new Set(this.facts.targets.filter(isServing).map(targetKey));
    const idleFirst = [...this.plan.deregister].sort(
      (a, b) => Number(serving.has(targetKey(a))) - Number(serving.has(targetKey(b))),
    );
    await this.deregister(idleFirst);
    if (idleFirst.length > 0 && (await this.registerAll())) return;
    this.refuseFull(idleFirst.length);
  }

  /** Registers all that the plan still asks for; false where the group or its NLB takes no more. */
  private async registerAll(): Promise<boolean> {
    for (const chunk of chunks(this.plan.register)) {
      this.checkpoint();
      try {
        await this.loadBalancing.registerTargets(
          this.facts.targetGroup.arn,
          chunk.map(({ ip, port, zone }) => ({ ip, port, zone: this.plan.sendsZone ? zone : null })),
        );
      } catch (error) {
        if (error instanceof OperationError && error.code === 'TooManyTargets') return false;
        throw error;
      }
      this.registered.push(...chunk);
      const done = new Set(chunk.map(targetKey));
      const unchanged = [...this.plan.unchanged, ...chunk.map(asInitial)].sort(byAddress);
      this.plan = { ...this.plan, register: without(this.plan.register, done), unchanged };
    }
    return true;
  }

  private async deregister(targets: readonly PlannedTarget[]): Promise<void> {
    for (const chunk of chunks(targets)) {
      this.checkpoint();
      await this.loadBalancing.deregisterTargets(this.facts.targetGroup.arn, chunk);
      this.deregistered.push(...chunk);
      this.plan = { ...this.plan, deregister: without(this.plan.deregister, new Set(chunk.map(targetKey))) };
    }
  }

  private refuseFull(removed: number): void {
    const { targetGroup, targets } = this.facts;
    const standing = targets.filter(isRegistered).length - removed;
    const held = this.plan.held.length;
    this.plan = {
      ...this.plan,
      refusal: {
        rule: 'S11',
        message: `${targetGroup.name} takes no more targets: ${standing} are registered, ${this.plan.register.length} more are wanted, ${removed} made room, ${held} stale ones are held.`,
        suggestions: [
          'Raise the quota of targets for the load balancer or its zones, or let go of targets that are not needed.',
        ],
        scope: 'removals',
      },
    };
  }

  /** S7 and S8, as they stand at this moment. */
  private guard(plan: TargetPlan): TargetPlan {
    const stop = pauseOrLock(this.facts, this.options.readOnly, this.options.started);
    this.lockWarning = stop && !wouldWrite(plan) ? { code: stop.code, message: stop.refusal.message } : null;
    const lockable = plan.refusal?.rule === 'S8' ? plan : stop ? forbidWrites(plan, stop.refusal) : plan;
    return this.options.reviewed ? holdUnreviewed(lockable, this.options.reviewed) : lockable;
  }

  /**
   * What AWS has accepted in this run but may not show yet: reads can lag behind writes. A target counts as `initial`,
   * which lets nothing go in its stead; our tag counts unless somebody else's has come meanwhile.
   */
  private withOwnWrites(facts: TargetFacts): TargetFacts {
    const shown = new Set(facts.targets.filter(isRegistered).map(targetKey));
    const unseen = this.registered.filter((target) => !shown.has(targetKey(target)));
    const hidden = new Set(unseen.map(targetKey));
    const targets = [
      ...facts.targets.filter((target) => !hidden.has(targetKey(target))),
      ...unseen.map(({ ip, port, zone }) => ({ ip, port, zone, state: 'initial', reason: null, override: null })),
    ];
    const owner = facts.tags.get(SOURCE_TAG);
    const lagging = this.claimed && (owner === undefined || owner === this.planned.bridge.adoptFrom);
    const tags = lagging ? new Map([...facts.tags, [SOURCE_TAG, facts.loadBalancer.arn]]) : facts.tags;
    return { ...facts, targets, tags };
  }

  private checkpoint(): void {
    if (this.ports.signal.aborted) {
      throw new OperationError('Interrupted', 'Interrupted: what was not done yet is left for the next run.');
    }
  }

  private get loadBalancing() {
    return this.planned.sides.groupSide.loadBalancing;
  }
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += TARGETS_PER_CALL) {
    yield items.slice(start, start + TARGETS_PER_CALL);
  }
}

const asInitial = (target: PlannedTarget): PlannedTarget => ({ ...target, health: 'initial', reason: null });

const byAddress = (a: PlannedTarget, b: PlannedTarget): number => compareAddresses(a.ip, b.ip) || a.port - b.port;

const without = (targets: readonly PlannedTarget[], keys: ReadonlySet<string>): PlannedTarget[] =>
  targets.filter((target) => !keys.has(targetKey(target)));
