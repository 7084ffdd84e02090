import type { Bridge } from '../config/bridge.js';
import { UsageError } from '../errors.js';
import type { TargetFacts } from '../plan/facts.js';
import { fingerprint } from '../plan/fingerprint.js';
import { forbidWrites } from '../plan/guards.js';
import { planTargets, type TargetPlan } from '../plan/target-plan.js';
import type { BridgeReport, ErrorReport, Warning } from './outcome.js';
import type { Ports } from './ports.js';
import { connectBridge, readBridge, type Sides } from './read-bridge.js';
import { errorReport, heldReport, sourceReport, targetGroupReport, targetReport } from './report.js';

/** A bridge that could be read, and its plan. */
export interface PlannedBridge {
  readonly kind: 'planned';
  readonly bridge: Bridge;
  readonly sides: Sides;
  readonly facts: TargetFacts;
  readonly plan: TargetPlan;
  readonly fingerprint: string;
}

export interface FailedBridge {
  readonly kind: 'failed';
  readonly bridge: Bridge;
  readonly error: ErrorReport;
}

export interface PlannedRun {
  readonly bridges: readonly (PlannedBridge | FailedBridge)[];
  /** Of the whole run (S8), before any rule that depends on it. */
  readonly fingerprint: string;
}

/**
 * Reads and plans every bridge, side by side; one that fails stops no other. With `expect`, a run whose fingerprint is
 * another may write nothing (S8).
 * @throws UsageError where two bridges turn out to name one target group.
 */
export async function planBridges(
  bridges: readonly Bridge[],
  expect: string | undefined,
  { connect }: Pick<Ports, 'connect'>,
): Promise<PlannedRun> {
  const read = await Promise.all(bridges.map((bridge) => planBridge(bridge, connect)));
  const planned = read.filter((one) => one.kind === 'planned');
  refuseSharedGroups(planned);
  const failed = read.filter((one) => one.kind === 'failed').map(({ bridge }) => bridge.name);
  const whole = fingerprint(planned.map(identity), failed);
  if (expect === undefined || expect === whole) return { bridges: read, fingerprint: whole };
  const refused = read.map((one) =>
    one.kind === 'failed' ? one : { ...one, plan: forbidWrites(one.plan, notReviewed(expect, whole)) },
  );
  return { bridges: refused, fingerprint: whole };
}

async function planBridge(bridge: Bridge, connect: Ports['connect']): Promise<PlannedBridge | FailedBridge> {
  try {
    const sides = connectBridge(bridge, connect);
    const facts = await readBridge(bridge, sides);
    const plan = planTargets(facts, bridge);
    return { kind: 'planned', bridge, sides, facts, plan, fingerprint: fingerprint([identity({ facts, plan })]) };
  } catch (error) {
    return { kind: 'failed', bridge, error: errorReport(error) };
  }
}

const identity = ({ facts, plan }: Pick<PlannedBridge, 'facts' | 'plan'>) => ({
  loadBalancerArn: facts.loadBalancer.arn,
  targetGroupArn: facts.targetGroup.arn,
  plan,
});

/** One bridge owns all ports of its group: two would each take the other's targets for stale. */
function refuseSharedGroups(planned: readonly PlannedBridge[]): void {
  const names = new Map<string, string>();
  for (const { bridge, facts } of planned) {
    const { arn } = facts.targetGroup;
    const other = names.get(arn);
    if (other !== undefined) {
      throw new UsageError(
        'SharedTargetGroup',
        `Bridges ${other} and ${bridge.name} both name the target group ${arn}.`,
        ['Keep one bridge for each target group.'],
      );
    }
    names.set(arn, bridge.name);
  }
}

const notReviewed = (expected: string, actual: string) => ({
  rule: 'S8' as const,
  message: `The plan is not the reviewed one: its fingerprint is ${actual}, not ${expected}. Nothing was written.`,
  suggestions: [`Review it again with \`lbbridge diff\`, then: --expect ${actual}`],
  scope: 'everything' as const,
});

export function bridgeReport({ bridge, facts, plan, fingerprint: print }: PlannedBridge): BridgeReport {
  return {
    name: bridge.name,
    source: sourceReport(facts.loadBalancer),
    targetGroup: targetGroupReport(facts.targetGroup),
    register: plan.register.map(targetReport),
    deregister: plan.deregister.map(targetReport),
    held: plan.held.map(heldReport),
    kept: plan.kept.map(targetReport),
    unchanged: plan.unchanged.map(targetReport),
    refusal: plan.refusal && { rule: plan.refusal.rule, message: plan.refusal.message },
    inSync: isInSync(plan),
    fingerprint: print,
  };
}

export const failedReport = ({ bridge, error }: FailedBridge): BridgeReport => ({
  name: bridge.name,
  source: null,
  targetGroup: null,
  register: [],
  deregister: [],
  held: [],
  kept: [],
  unchanged: [],
  refusal: null,
  inSync: false,
  fingerprint: null,
  error,
});

/** Nothing is left to do. Kept targets are no difference; a refused view cannot vouch for itself. */
export const isInSync = (plan: TargetPlan): boolean =>
  plan.refusal === null && plan.register.length + plan.deregister.length + plan.held.length === 0;

/** What a plan warns of, and what its facts do. */
export function bridgeWarnings({ facts, plan }: Pick<PlannedBridge, 'facts' | 'plan'>): Warning[] {
  const { name, loadBalancerArns } = facts.targetGroup;
  if (loadBalancerArns.length > 0) return [...plan.warnings];
  return [
    ...plan.warnings,
    {
      code: 'TargetGroupNotAttached',
      message: `No listener sends to ${name}: AWS checks no health there, and a registered target is as good as it gets.`,
    },
  ];
}
