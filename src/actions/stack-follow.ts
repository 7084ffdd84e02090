import type { CloudFormation } from '../aws/ports.js';
import { AwsFailure, OperationError } from '../errors.js';
import { isBusy, type Stack, type StackEvent } from '../plan/stack.js';
import type { Ports } from './ports.js';

export interface Following {
  readonly stackId: string;
  /** Of the operation; undefined: of the newest one. */
  readonly token: string | undefined;
  /**
   * Takes each news of a resource once, as it is seen, with the milliseconds since this began. That work on it goes on
   * is no news when it has ended meanwhile, or was told before.
   */
  readonly onEvent: (event: StackEvent, elapsed: number) => void;
}

export interface Followed {
  readonly stack: Stack;
  /** All events of the operation, oldest first. */
  readonly events: readonly StackEvent[];
}

/** Milliseconds between two looks: soon at first, since much is quick; then as seldom as AWS's limits want it. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
/** Milliseconds in which the state and the last event of an operation may be behind each other. */
const LAG = 60_000;
/** A look that fails is made again: an operation takes longer than most troubles of a network. */
const FAILURES = 5;

/**
 * Follows an operation to its end. AWS shows events late and in any order, so all of them are read each time, and the
 * end is believed when the stack's own last event has come, or does not come for a minute.
 * @throws OperationError `Interrupted`: AWS goes on without us
 */
export async function followStack(
  { stackId, token, onEvent }: Following,
  cloudFormation: CloudFormation,
  { now, sleep, progress, signal }: Pick<Ports, 'now' | 'sleep' | 'progress' | 'signal'>,
): Promise<Followed> {
  const began = now().getTime();
  const seen = new Set<string>();
  const told = new Set<string>();
  let quietSince = began;
  let failures = 0;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    if (signal.aborted) throw interrupted();
    const look = await Promise.all([cloudFormation.stack(stackId), cloudFormation.events(stackId, token)]).catch(
      (error: unknown) => {
        failures += 1;
        if (!(error instanceof AwsFailure) || failures >= FAILURES) throw error;
        return null;
      },
    );
    if (look) {
      failures = 0;
      const [stack, events] = look;
      if (!stack) throw new OperationError('StackNotFound', `AWS no longer knows the stack ${stackId}.`);
      const elapsed = now().getTime() - began;
      const latest = new Map(events.map((event) => [event.logicalId, event]));
      for (const event of events) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        quietSince = now().getTime();
        const what = `${event.logicalId} ${event.status}`;
        if (isBusy(event.status) && (told.has(what) || latest.get(event.logicalId) !== event)) continue;
        told.add(what);
        onEvent(event, elapsed);
      }
      const hasEnded = events.some(({ physicalId, status }) => physicalId === stackId && status === stack.status);
      if (!isBusy(stack.status) && (hasEnded || now().getTime() - quietSince >= LAG)) return { stack, events };
      progress(waitingFor(stack, events, elapsed));
    }
    await sleep(pause);
  }
}

const interrupted = (): OperationError =>
  new OperationError('Interrupted', 'Interrupted: AWS goes on with the stack by itself.');

/** `edge: 12 done, 1m40s; waiting for Nlb, Alb` */
function waitingFor({ name }: Stack, events: readonly StackEvent[], elapsed: number): string {
  const last = new Map(events.filter(({ logicalId }) => logicalId !== name).map((one) => [one.logicalId, one.status]));
  const open = [...last].filter(([, status]) => isBusy(status)).map(([logicalId]) => logicalId);
  const waiting = open.length > 0 ? `; waiting for ${open.join(', ')}` : '';
  return `${name}: ${last.size - open.length} done, ${Math.round(elapsed / 1000)} s${waiting}`;
}
