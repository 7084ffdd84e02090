import type { Ports } from '../actions/ports.js';
import { errorReport } from '../actions/report.js';
import { toldBridges } from './bridges.js';
import { isCustomResource, type Request, serve } from './custom-resource.js';
import { log, type Run } from './report.js';
import { type OpenGroups, portsFor, syncAll } from './run.js';

/** What starts the function: the schedule (nothing), a change of interfaces, or CloudFormation. */
export type Event = { readonly changedAt?: string } | Request;

export interface Context {
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: Event, context: Context) => Promise<Run | { readonly skipped: string }>;

/** Milliseconds. A run ends before the next minute's begins. */
const RUN = 50_000;

/**
 * One run over all bridges, or one step of a deployment. An error ends the invocation as an error: the alarm and the
 * queue of failures hang on it.
 * @param openGroups what opens security groups; null: nothing does
 */
export function createHandler(openGroups: OpenGroups | null): Handler {
  /** When this instance of the function last began to read. */
  let lastRead = 0;

  return async (event, context) => {
    if (isCustomResource(event)) return ended(await serve(event, context.getRemainingTimeInMillis(), openGroups), [0]);
    // A load balancer that scales makes several interfaces at once, and word of them comes late: one look will do.
    if (event.changedAt && Date.parse(event.changedAt) < lastRead) return { skipped: 'looked at since' };
    lastRead = Date.now();
    const { ports, end } = portsFor(Math.min(RUN, context.getRemainingTimeInMillis() - 5000));
    // A refusal by a rule is no failure: it is logged and counted.
    const run = runAll(openGroups, ports).finally(end);
    return ended(await run, [0, 3]);
  };
}

/** @throws what is our own bug; any other error stands in the run */
async function runAll(openGroups: OpenGroups | null, ports: Ports): Promise<Run> {
  try {
    return await syncAll(await toldBridges(process.env), { openGroups }, ports);
  } catch (error) {
    const failed = { status: 1, error: errorReport(error) };
    log({ level: 'ERROR', ...failed });
    return failed;
  }
}

/** @throws what a run failed of; Lambda tells the error's name and message. */
function ended({ status, error }: Run, fine: readonly number[]): Run {
  if (fine.includes(status)) return error ? { status, error } : { status };
  throw Object.assign(new Error(error?.message), { name: error?.code });
}
