import type { Ingress } from '../config/bridge.js';
import type { RulePlan } from '../plan/rule-plan.js';
import { IngressRun } from './ingress-run.js';
import type { ErrorReport, SecurityGroupReport } from './outcome.js';
import type { Ports } from './ports.js';
import { findIngressEnds, type IngressEnds, readRuleFacts } from './read-ingress.js';
import { errorReport, ruleReport, sourceReport } from './report.js';

/** What becomes of one ingress: its run, or why there is none. */
export type Planned =
  | { readonly kind: 'planned'; readonly ingress: Ingress; readonly run: IngressRun }
  | { readonly kind: 'failed'; readonly ingress: Ingress; readonly error: ErrorReport };

/**
 * Finds the ends of all ingresses at once, then plans them, those of one security group one after another: what the
 * first one adds takes room from the second. One that fails stops no other. Results come in the ingresses' order.
 */
export async function eachIngress<Result>(
  ingresses: readonly Ingress[],
  readOnly: boolean,
  ports: Pick<Ports, 'connect' | 'signal'>,
  work: (planned: Planned) => Promise<Result>,
): Promise<Result[]> {
  const found = await Promise.all(ingresses.map((ingress) => findEnds(ingress, ports)));
  const results: Result[] = [];
  const lanes = new Map<string, Promise<void>>();
  for (const [index, one] of found.entries()) {
    const lane = one.ends?.securityGroupId ?? `failed ${index}`;
    const turn = async (): Promise<void> => {
      results[index] = await work(await planned(one, found, readOnly, ports));
    };
    lanes.set(lane, (lanes.get(lane) ?? Promise.resolve()).then(turn));
  }
  await Promise.all(lanes.values());
  return results;
}

type Found =
  | { readonly ingress: Ingress; readonly ends: IngressEnds }
  | { readonly ingress: Ingress; readonly ends?: never; readonly error: ErrorReport };

async function findEnds(ingress: Ingress, { connect }: Pick<Ports, 'connect'>): Promise<Found> {
  try {
    return { ingress, ends: await findIngressEnds(ingress, connect) };
  } catch (error) {
    return { ingress, error: errorReport(error) };
  }
}

async function planned(
  one: Found,
  all: readonly Found[],
  readOnly: boolean,
  ports: Pick<Ports, 'signal'>,
): Promise<Planned> {
  const { ingress, ends } = one;
  if (!ends) return { kind: 'failed', ingress, error: one.error };
  const others = all.flatMap((other) =>
    other !== one && other.ends?.securityGroupId === ends.securityGroupId && other.ends.nlb.arn === ends.nlb.arn
      ? other.ends.ports
      : [],
  );
  try {
    const facts = await readRuleFacts(ends, others);
    return { kind: 'planned', ingress, run: new IngressRun(ends, facts, others, readOnly, ports) };
  } catch (error) {
    return { kind: 'failed', ingress, error: errorReport(error) };
  }
}

export function securityGroupReport({ name }: Ingress, { ends, plan }: IngressRun): SecurityGroupReport {
  return {
    name,
    securityGroupId: ends.securityGroupId,
    source: sourceReport(ends.nlb),
    authorize: plan.authorize.map(ruleReport),
    revoke: plan.revoke.map(ruleReport),
    unchanged: plan.unchanged.map(ruleReport),
    foreign: plan.foreign.map(ruleReport),
    refusal: plan.refusal && { rule: plan.refusal.rule, message: plan.refusal.message },
    inSync: isAdmitted(plan),
  };
}

export const failedGroupReport = ({ name }: Ingress, error: ErrorReport): SecurityGroupReport => ({
  name,
  securityGroupId: null,
  source: null,
  authorize: [],
  revoke: [],
  unchanged: [],
  foreign: [],
  refusal: null,
  inSync: false,
  error,
});

/** Nothing is left to do. */
const isAdmitted = ({ authorize, revoke, refusal }: RulePlan): boolean =>
  refusal === null && authorize.length + revoke.length === 0;
