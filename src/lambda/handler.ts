import { toldBridges } from './bridges.js';
import { isCustomResource, type Request, serve } from './custom-resource.js';
import { portsFor, type Run, syncAll } from './run.js';

/** What starts the function: the schedule (nothing), a change of interfaces, or CloudFormation. */
export type Event = { readonly changedAt?: string } | Request;

export interface Context {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds. A run ends before the next minute's begins. */
const RUN = 50_000;

/** When this instance of the function last began to read. */
let lastRead = 0;

/**
 * One run over all bridges, or one step of a deployment. An error ends the invocation as an error: the alarm and the
 * queue of failures hang on it.
 */
export async function handler(event: Event, context: Context): Promise<Run | { readonly skipped: string }> {
  if (isCustomResource(event)) {
    const run = await serve(event, context.getRemainingTimeInMillis());
    if (run.status !== 0) throw failed(run);
    return run;
  }
  // A load balancer that scales makes several interfaces at once, and word of them comes late: one look will do.
  if (event.changedAt && Date.parse(event.changedAt) < lastRead) return { skipped: 'looked at since' };
  lastRead = Date.now();
  const { ports, end } = portsFor(Math.min(RUN, context.getRemainingTimeInMillis() - 5000));
  try {
    const run = await syncAll(await toldBridges(process.env), ports);
    if (run.status === 1 || run.status === 4) throw failed(run);
    return run.error ? { status: run.status, error: run.error } : { status: run.status };
  } finally {
    end();
  }
}

/** Lambda tells the error's name and message: both are ours, not a bare `Error`. */
function failed({ error }: Run): Error {
  const failure = new Error(error?.message);
  failure.name = error?.code ?? 'SyncFailed';
  return failure;
}
