import type { Ingress } from '../config/bridge.js';
import type { IngressRun } from './ingress-run.js';
import type { Outcome, SecurityGroupsResult, SyncedSecurityGroupReport } from './outcome.js';
import { eachIngress, failedGroupReport, securityGroupReport } from './plan-security-groups.js';
import type { Ports } from './ports.js';
import { errorReport, ruleReport } from './report.js';
import { type BridgeVerdict, refused, worstVerdict } from './verdict.js';

interface Synced {
  readonly report: SyncedSecurityGroupReport;
  readonly verdict: BridgeVerdict;
}

/** Lets every NLB in at its ALB's security group, as far as the rules (S2, S3, S7, S12) let it. */
export async function syncSecurityGroups(
  ingresses: readonly Ingress[],
  { readOnly }: { readonly readOnly: boolean },
  ports: Pick<Ports, 'connect' | 'signal'>,
): Promise<Outcome<SecurityGroupsResult<SyncedSecurityGroupReport>>> {
  const synced = await eachIngress(ingresses, readOnly, ports, async (planned): Promise<Synced> => {
    const { ingress } = planned;
    if (planned.kind === 'planned') return sync(ingress, planned.run);
    const report = { ...failedGroupReport(ingress, planned.error), authorized: [], revoked: [] };
    return { report, verdict: { status: 1, error: planned.error } };
  });
  return { result: { groups: synced.map(({ report }) => report) }, warnings: [], ...worstVerdict(synced) };
}

/** A plan in the shape of a sync that did nothing: what `sg sync --dry-run` reports. */
export const asDrySecurityGroups = ({
  result,
  ...outcome
}: Outcome<SecurityGroupsResult>): Outcome<SecurityGroupsResult<SyncedSecurityGroupReport>> => ({
  ...outcome,
  result: { groups: result.groups.map((group) => ({ ...group, authorized: [], revoked: [] })) },
});

async function sync(ingress: Ingress, run: IngressRun): Promise<Synced> {
  try {
    await run.apply();
    return { report: report(ingress, run), verdict: run.plan.refusal ? refused(run.plan.refusal) : { status: 0 } };
  } catch (error) {
    const told = errorReport(error);
    return {
      report: { ...report(ingress, run), inSync: false, error: told },
      verdict: { status: run.hasWritten ? 4 : 1, error: told },
    };
  }
}

const report = (ingress: Ingress, run: IngressRun): SyncedSecurityGroupReport => ({
  ...securityGroupReport(ingress, run),
  authorized: run.authorized.map(ruleReport),
  revoked: run.revoked.map(ruleReport),
});
