import type { Bridge } from '../config/bridge.js';
import { targetKey } from '../plan/facts.js';
import { healthSaysNothing, isHealthy, neededHealthy } from '../plan/health.js';
import { BridgeRun, type RunOptions } from './bridge-run.js';
import type { DiffResult, Outcome, SyncedBridgeReport, SyncResult, Warning } from './outcome.js';
import { announcePass, passWarnings } from './pass-time.js';
import {
  bridgeReport,
  type FailedBridge,
  failedReport,
  isInSync,
  type PlannedBridge,
  planBridges,
} from './plan-bridges.js';
import type { Ports } from './ports.js';
import { errorReport, summarize, targetReport, total } from './report.js';
import { type BridgeVerdict, refused, worstVerdict } from './verdict.js';

export interface SyncOptions {
  /** How long to wait for the bridges to converge, in milliseconds; undefined: one pass. */
  readonly wait?: number | undefined;
  /** The fingerprint of a reviewed plan (S8). */
  readonly expect?: string | undefined;
  /** The lock of S7. */
  readonly readOnly: boolean;
}

interface Synced {
  readonly report: SyncedBridgeReport;
  readonly verdict: BridgeVerdict;
  readonly warnings: readonly Warning[];
}

/** Brings every bridge as far as the safety rules let it, side by side; one that fails or waits stops no other. */
export async function syncBridges(
  bridges: readonly Bridge[],
  { wait, expect, readOnly }: SyncOptions,
  ports: Ports,
): Promise<Outcome<SyncResult>> {
  const started = ports.now();
  const deadline = wait === undefined ? undefined : started.getTime() + wait;
  announcePass(bridges, ports);
  const run = await planBridges(bridges, expect, ports);
  const synced = await Promise.all(
    run.bridges.map((one) =>
      one.kind === 'failed'
        ? failed(one)
        : syncBridge(one, { readOnly, started, reviewed: reviewedBy(expect, one) }, deadline, ports),
    ),
  );
  const reports = synced.map(({ report }) => report);
  return {
    result: { bridges: reports, summary: syncSummary(reports), fingerprint: run.fingerprint },
    warnings: [...passWarnings(bridges), ...synced.flatMap(({ warnings }) => warnings)],
    ...worstVerdict(synced),
  };
}

/** A plan in the shape of a sync that did nothing: what `sync --dry-run` reports. */
export function asDryRun({ result, ...outcome }: Outcome<DiffResult>): Outcome<SyncResult> {
  const bridges = result.bridges.map((bridge) => ({
    ...bridge,
    registered: [],
    deregistered: [],
    converged: bridge.inSync,
  }));
  return { ...outcome, result: { ...result, bridges, summary: syncSummary(bridges) } };
}

const reviewedBy = (expect: string | undefined, { plan }: PlannedBridge): ReadonlySet<string> | undefined =>
  expect === undefined ? undefined : new Set([...plan.deregister, ...plan.held].map(targetKey));

const failed = (bridge: FailedBridge): Synced => ({
  report: { ...failedReport(bridge), registered: [], deregistered: [], converged: false },
  verdict: { status: 1, error: bridge.error },
  warnings: [],
});

async function syncBridge(
  planned: PlannedBridge,
  options: RunOptions,
  deadline: number | undefined,
  ports: Ports,
): Promise<Synced> {
  const run = new BridgeRun(planned, options, ports);
  try {
    await run.apply();
    const left = deadline === undefined ? null : await waitUntilDone(run, deadline, ports);
    return { ...finished(run, left), warnings: waitWarnings(run, deadline) };
  } catch (error) {
    const verdict: BridgeVerdict = { status: run.hasWritten ? 4 : 1, error: errorReport(error) };
    const report = { ...syncedReport(run), inSync: false, converged: false, error: errorReport(error) };
    return { report, verdict, warnings: run.warnings };
  }
}

/** Passes over the bridge until nothing is left; gives what is still missing at the deadline, or null. */
async function waitUntilDone(run: BridgeRun, deadline: number, ports: Ports): Promise<string | null> {
  for (let pause = 1000; ; pause = Math.min(pause * 2, longestPause)) {
    if (run.plan.refusal) return null;
    const missing = whatIsMissing(run);
    const remaining = deadline - ports.now().getTime();
    if (missing === null || remaining <= 0 || onlyUnreviewed(run)) return missing;
    ports.progress(`${run.planned.bridge.name}: ${missing}; up to ${Math.ceil(remaining / 1000)} s more`);
    await ports.sleep(Math.min(pause, remaining));
    await run.lookAgain();
    await run.apply();
  }
}

/** Milliseconds between two looks; AWS's own health checks come no faster. */
const longestPause = 5000;

/** What keeps the bridge from being done, in words, or null. Draining is not waited for. */
function whatIsMissing({ plan, facts, planned }: BridgeRun): string | null {
  const left = [
    ...(plan.register.length > 0 ? [`${plan.register.length} to register`] : []),
    ...(plan.deregister.length > 0 ? [`${plan.deregister.length} to deregister`] : []),
    ...plan.held.slice(0, 1).map(({ ip, why }) => `${plan.held.length} held (${ip}: ${why})`),
  ];
  if (left.length > 0) return left.join(', ');
  if (healthSaysNothing(facts.targets)) return null;
  const wanted = new Set(plan.unchanged.map(targetKey));
  const healthy = facts.targets.filter((target) => wanted.has(targetKey(target)) && isHealthy(target)).length;
  const needed = neededHealthy(planned.bridge.minHealthy, wanted.size);
  return healthy >= needed ? null : `${healthy} of ${wanted.size} wanted targets healthy, ${needed} needed`;
}

/** Whether only S8 holds something back: no waiting changes what was reviewed. */
const onlyUnreviewed = ({ plan }: BridgeRun): boolean =>
  plan.held.length > 0 && plan.held.every(({ heldBy }) => heldBy === 'S8');

function waitWarnings(run: BridgeRun, deadline: number | undefined): readonly Warning[] {
  const { facts, warnings } = run;
  if (deadline === undefined || run.plan.refusal || !healthSaysNothing(facts.targets)) return warnings;
  const message = `AWS checks no target of ${facts.targetGroup.name}: waited for registration alone.`;
  return [...warnings, { code: 'HealthUnknown', message }];
}

function finished(run: BridgeRun, missing: string | null): Pick<Synced, 'report' | 'verdict'> {
  const report = syncedReport(run);
  if (run.plan.refusal) return { report, verdict: refused(run.plan.refusal) };
  if (missing === null) return { report, verdict: { status: 0 } };
  return {
    report: { ...report, converged: false },
    verdict: {
      status: 4,
      error: {
        code: 'NotConverged',
        message: `Not converged within --wait: ${missing}.`,
        suggestions: ['Run again, or with a longer --wait: nothing is lost, the next run goes on from here.'],
      },
    },
  };
}

function syncedReport(run: BridgeRun): SyncedBridgeReport {
  const { planned, facts, plan } = run;
  return {
    ...bridgeReport({ ...planned, facts, plan }),
    registered: run.registered.map(targetReport),
    deregistered: run.deregistered.map(targetReport),
    converged: isInSync(plan),
  };
}

const syncSummary = (bridges: readonly SyncedBridgeReport[]): SyncResult['summary'] => ({
  ...summarize(bridges),
  registered: total(bridges, ({ registered }) => registered),
  deregistered: total(bridges, ({ deregistered }) => deregistered),
});
