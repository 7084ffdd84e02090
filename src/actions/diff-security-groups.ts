import type { Ingress } from '../config/bridge.js';
import { wouldWriteRules } from './ingress-run.js';
import type { Outcome, SecurityGroupsResult, Warning } from './outcome.js';
import { readOnlyLock } from './pause-or-lock.js';
import { eachIngress, failedGroupReport, securityGroupReport } from './plan-security-groups.js';
import type { Ports } from './ports.js';
import { type BridgeVerdict, refused, worstVerdict } from './verdict.js';

/** Plans the rules of every ALB's security group and writes nothing. Gives the verdict that a sync would give. */
export async function diffSecurityGroups(
  ingresses: readonly Ingress[],
  { readOnly }: { readonly readOnly: boolean },
  ports: Pick<Ports, 'connect' | 'signal'>,
): Promise<Outcome<SecurityGroupsResult>> {
  const lock = readOnlyLock(readOnly);
  const warnings: Warning[] = [];
  const judged = await eachIngress(ingresses, false, ports, async (planned) => {
    const { ingress } = planned;
    if (planned.kind === 'failed') {
      const verdict: BridgeVerdict = { status: 1, error: planned.error };
      return { report: failedGroupReport(ingress, planned.error), verdict };
    }
    const { plan } = planned.run;
    if (lock && wouldWriteRules(plan)) {
      warnings.push({ code: 'ReadOnly', message: `A sync would be refused: ${lock.message}` });
    }
    const verdict: BridgeVerdict = plan.refusal ? refused(plan.refusal) : { status: 0 };
    return { report: securityGroupReport(ingress, planned.run), verdict };
  });
  return { result: { groups: judged.map(({ report }) => report) }, warnings, ...worstVerdict(judged) };
}
