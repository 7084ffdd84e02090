import { AwsFailure, OperationError } from '../errors.js';
import type { PolicyUse } from '../policy/model.js';
import { awsFailure } from './failure.js';
import type { Pace } from './pace.js';

/** Makes one call; whatever goes wrong comes out as an AwsFailure that names the action. */
export type Send = <Answer>(action: string, call: () => Promise<Answer>, how?: How) => Promise<Answer>;

export interface How {
  /** A read that clears up behind an interrupted run is not abandoned itself. */
  readonly evenInterrupted?: boolean;
}

export interface SenderOptions {
  readonly secrets: Iterable<string>;
  /** Abandons reads when it is aborted: whatever was written is known, and nothing hangs on the rest. */
  readonly signal?: AbortSignal | undefined;
  readonly pace: Pace;
  readonly policyUse?: PolicyUse | undefined;
}

export const sender =
  ({ secrets, signal, pace, policyUse }: SenderOptions): Send =>
  async (action, call, { evenInterrupted = false } = {}) => {
    try {
      if (!signal || evenInterrupted || !/:(Describe|Filter|GET$|List)/.test(action)) return await pace(call);
      const answer = pace(() => (signal.aborted ? abandoned(signal) : call()));
      return await Promise.race([answer, abandoned(signal)]);
    } catch (error) {
      throw awsFailure(action, error, secrets, policyUse);
    }
  };

const abandonments = new WeakMap<AbortSignal, Promise<never>>();

/** Rejects when the signal is aborted; one promise for all calls of a run. */
function abandoned(signal: AbortSignal): Promise<never> {
  const known = abandonments.get(signal);
  if (known) return known;
  const made = new Promise<never>((_, reject) => {
    const stop = (): void =>
      reject(new OperationError('Interrupted', 'Interrupted: what was not done yet is left for the next run.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  made.catch(() => undefined);
  abandonments.set(signal, made);
  return made;
}

/** S1: an answer that lacks what every such answer has. */
export const unreadable = (action: string, what: string): AwsFailure =>
  new AwsFailure(action, 'InvalidResponse', `${action}: the answer holds ${what}. Nothing was decided on it (S1).`, [
    'Run again; if it stays, report it.',
  ]);

/** Whether AWS refused the request itself, of which another part may be fine. */
export const isRefusedRequest = (error: unknown): boolean =>
  error instanceof AwsFailure && (error.code === 'ValidationError' || error.code.endsWith('NotFound'));

/** Makes a call, and adds to what AWS refuses by a code the remedies that only this call's adapter knows. */
export async function withRemedies<Answer>(
  call: Promise<Answer>,
  remediesOf: (code: string) => readonly string[],
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const { action, code, message, suggestions, requestId } = error;
    const all = [...remediesOf(code), ...suggestions];
    throw new AwsFailure(action, code, message, all, requestId, { cause: error });
  }
}

/** Gives null where AWS knows nothing of that name or ARN, and says so by this code. */
export async function orNull<Answer>(code: string, call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsFailure && error.code === code) return null;
    throw error;
  }
}
