import type { Ports } from '../actions/ports.js';
import { errorReport } from '../actions/report.js';
import { syncBridges } from '../actions/sync-bridges.js';
import type { Bridge } from '../config/bridge.js';
import { connectRuntime } from './aws.js';
import { bridgeOf, type Told } from './bridges.js';
import { log, logBridge, logMetrics, type Run } from './report.js';

/** The ports of a run that has this many milliseconds; then reads are abandoned, and no write is begun. */
export function portsFor(milliseconds: number): { ports: Ports; end: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, milliseconds));
  const { signal } = controller;
  const ports: Ports = {
    connect: connectRuntime(signal),
    now: () => new Date(),
    sleep: (pause) =>
      new Promise((resolve) => {
        setTimeout(resolve, pause);
        signal.addEventListener('abort', () => resolve());
      }),
    signal,
    progress: () => undefined,
  };
  return { ports, end: () => clearTimeout(timer) };
}

/** Opens security groups to the NLBs of the bridges that ask for it. */
export type OpenGroups = (bridges: readonly Bridge[], readOnly: boolean, ports: Ports) => Promise<Run>;

export interface SyncAllOptions {
  /** Null: nothing does, the template has. */
  readonly openGroups: OpenGroups | null;
  /** Milliseconds in which the targets are to become healthy; undefined: nobody waits for that. */
  readonly wait?: number;
}

/** Syncs every bridge once, tells of what it did, and counts it. One that cannot be used stops no other. */
export async function syncAll(told: readonly Told[], { openGroups, wait }: SyncAllOptions, ports: Ports): Promise<Run> {
  const started = Date.now();
  const readOnly = isReadOnly();
  const { bridges, unusable } = usable(told);
  // The way in is opened first: no target becomes healthy before the ALB lets the NLB's checks in.
  const opened = (await openGroups?.(bridges, readOnly, ports)) ?? { status: 0 };
  const outcome = await syncBridges(bridges, { readOnly, wait }, ports);
  for (const warning of outcome.warnings) log({ level: 'WARN', ...warning });
  for (const report of outcome.result.bridges) logBridge(report);
  const { status, error } = worst([...unusable, outcome, opened]);
  logMetrics(outcome.result.bridges, { status, error }, Date.now() - started, process.env);
  return { status, error };
}

/** S7: the lock. */
export const isReadOnly = (): boolean =>
  !['', '0', 'false'].includes((process.env.LBBRIDGE_READ_ONLY ?? '').trim().toLowerCase());

function usable(told: readonly Told[]): { readonly bridges: Bridge[]; readonly unusable: Run[] } {
  const bridges: Bridge[] = [];
  const unusable: Run[] = [];
  for (const one of told) {
    try {
      bridges.push(bridgeOf(one));
    } catch (thrown) {
      const error = { ...errorReport(thrown), bridge: one.targetGroup };
      log({ level: 'ERROR', error });
      unusable.push({ status: 1, error });
    }
  }
  return { bridges, unusable };
}

/** The run that says most of all: an error before half a change, that before a refusal, that before success. */
const worst = (runs: readonly Run[]): Run =>
  [1, 4, 3].flatMap((status) => runs.filter((run) => run.status === status))[0] ?? { status: 0 };
