import type { ErrorReport, SyncedBridgeReport } from '../actions/outcome.js';
import type { Ports } from '../actions/ports.js';
import { errorReport } from '../actions/report.js';
import { syncBridges } from '../actions/sync-bridges.js';
import type { Bridge } from '../config/bridge.js';
import { connectRuntime } from './aws.js';
import { bridgeOf, type Told } from './bridges.js';
import { log, logBridge, logMetrics } from './report.js';

/** What came of a run. A run that a rule refused did what it is for: it is told of, and no error. */
export interface Run {
  readonly status: number;
  readonly error?: ErrorReport | undefined;
}

/** The ports of a run that has this many milliseconds; then reads are abandoned, and no write is begun. */
export function portsFor(milliseconds: number): { ports: Ports; end: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, milliseconds));
  const { signal } = controller;
  const ports: Ports = {
    connect: connectRuntime(signal),
    now: () => new Date(),
    sleep: (pause) => new Promise((resolve) => setTimeout(resolve, pause)),
    signal,
    progress: () => undefined,
  };
  return { ports, end: () => clearTimeout(timer) };
}

/**
 * Syncs every bridge once, tells of what it did, and counts it.
 * @param wait milliseconds in which the targets are to become healthy
 */
export async function syncAll(told: readonly Told[], ports: Ports, wait?: number): Promise<Run> {
  const started = Date.now();
  const bridges: Bridge[] = [];
  const unusable: ErrorReport[] = [];
  for (const one of told) {
    try {
      bridges.push(bridgeOf(one));
    } catch (error) {
      const report = errorReport(error);
      unusable.push({ ...report, message: `${one.targetGroup}: ${report.message}` });
    }
  }
  for (const error of unusable) log({ level: 'ERROR', error });
  const readOnly = Boolean(process.env.LBBRIDGE_READ_ONLY);
  const outcome = await syncBridges(bridges, { readOnly, wait }, ports);
  const reports: readonly SyncedBridgeReport[] = outcome.result.bridges;
  for (const warning of outcome.warnings) log({ level: 'WARN', ...warning });
  for (const report of reports) logBridge(report);
  logMetrics(reports, Date.now() - started, process.env);
  const [first] = unusable;
  return first ? { status: 1, error: first } : outcome;
}
