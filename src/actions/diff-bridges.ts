import type { Bridge } from '../config/bridge.js';
import { wouldWrite } from '../plan/guards.js';
import type { DiffResult, Outcome, Warning } from './outcome.js';
import { announcePass, passWarnings } from './pass-time.js';
import { pauseOrLock } from './pause-or-lock.js';
import { bridgeReport, bridgeWarnings, failedReport, planBridges } from './plan-bridges.js';
import type { Ports } from './ports.js';
import { summarize } from './report.js';
import { type BridgeVerdict, refused, worstVerdict } from './verdict.js';

export interface DiffOptions {
  /** The fingerprint of a reviewed plan (S8). */
  readonly expect?: string | undefined;
  /** The lock of S7 is set. A plan may still be looked at; it is only warned of. */
  readonly readOnly: boolean;
}

/** Plans every bridge and writes nothing. Gives the verdict that a sync would give. */
export async function diffBridges(
  bridges: readonly Bridge[],
  { expect, readOnly }: DiffOptions,
  ports: Ports,
): Promise<Outcome<DiffResult>> {
  const started = ports.now();
  announcePass(bridges, ports);
  const run = await planBridges(bridges, expect, ports);
  const warnings: Warning[] = passWarnings(bridges);
  const judged = run.bridges.map((one) => {
    if (one.kind === 'failed') {
      return { report: failedReport(one), verdict: { status: 1, error: one.error } satisfies BridgeVerdict };
    }
    warnings.push(...bridgeWarnings(one));
    const stop = pauseOrLock(one.facts, readOnly, started);
    if (stop) {
      const { message } = stop.refusal;
      warnings.push({
        code: stop.code,
        message: wouldWrite(one.plan) ? `A sync would be refused: ${message}` : message,
      });
    }
    return {
      report: bridgeReport(one),
      verdict: one.plan.refusal ? refused(one.plan.refusal) : ({ status: 0 } satisfies BridgeVerdict),
    };
  });
  const reports = judged.map(({ report }) => report);
  return {
    result: { bridges: reports, summary: summarize(reports), fingerprint: run.fingerprint },
    warnings,
    ...worstVerdict(judged),
  };
}
