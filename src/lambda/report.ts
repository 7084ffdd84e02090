import type { ErrorReport, SyncedBridgeReport } from '../actions/outcome.js';

/** One line of JSON for the log. Written past `console`, which Lambda wraps in a format of its own. */
export const log = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const counts = {
  discovered: ({ unchanged, register }: SyncedBridgeReport) => unchanged.length + register.length,
  registered: ({ registered }: SyncedBridgeReport) => registered.length,
  deregistered: ({ deregistered }: SyncedBridgeReport) => deregistered.length,
  held: ({ held }: SyncedBridgeReport) => held.length,
  refused: ({ refusal }: SyncedBridgeReport) => Number(refusal !== null),
};

/** What came of a run. A run that a rule refused did what it is for: it is told of, and no error. */
export interface Run {
  readonly status: number;
  readonly error?: ErrorReport | undefined;
}

/**
 * The run's metrics, in CloudWatch's embedded format. Over all bridges, since every metric of every dimension is paid
 * for; for each bridge as well where LBBRIDGE_METRICS is `bridge`. The first line says what the run came to as well:
 * `lbbridge stack status` finds it by its `status`, which no other line has.
 * @param duration milliseconds
 */
export function logMetrics(
  bridges: readonly SyncedBridgeReport[],
  { status, error }: Run,
  duration: number,
  env: NodeJS.ProcessEnv,
): void {
  const stack = { stack: env.LBBRIDGE_STACK ?? 'none' };
  logCounts(stack, bridges, { duration }, { status, error });
  if (env.LBBRIDGE_METRICS !== 'bridge') return;
  for (const one of bridges) logCounts({ ...stack, bridge: one.name }, [one], {}, {});
}

function logCounts(
  dimensions: Readonly<Record<string, string>>,
  bridges: readonly SyncedBridgeReport[],
  durations: { readonly duration?: number },
  outcome: Partial<Run>,
): void {
  const values = Object.entries(counts).map(([name, of]) => [name, bridges.reduce((sum, one) => sum + of(one), 0)]);
  log({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'lbbridge',
          Dimensions: [Object.keys(dimensions)],
          Metrics: [
            ...Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
            ...Object.keys(durations).map((Name) => ({ Name, Unit: 'Milliseconds' })),
          ],
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(values),
    ...durations,
    ...outcome,
  });
}

/** What a bridge's run has to tell, or nothing: a log of a minute's beat would hide it. */
export function logBridge({ name, registered, deregistered, held, refusal, error }: SyncedBridgeReport): void {
  if (registered.length + deregistered.length + held.length === 0 && !refusal && !error) return;
  log({
    level: error ? 'ERROR' : refusal ? 'WARN' : 'INFO',
    bridge: name,
    registered: registered.map(addressOf),
    deregistered: deregistered.map(addressOf),
    held: held.map((target) => `${addressOf(target)}: ${target.reason}`),
    ...(refusal ? { rule: refusal.rule, refusal: refusal.message } : {}),
    ...(error ? { error } : {}),
  });
}

const addressOf = ({ ip, port }: { readonly ip: string; readonly port: number }): string => `${ip}:${port}`;
