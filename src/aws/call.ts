import { AwsFailure } from '../errors.js';
import { awsFailure } from './failure.js';

/** Makes one call; whatever goes wrong comes out as an AwsFailure that names the action. */
export type Send = <Answer>(action: string, call: () => Promise<Answer>) => Promise<Answer>;

export const sender =
  (secrets: Iterable<string>): Send =>
  async (action, call) => {
    try {
      return await call();
    } catch (error) {
      throw awsFailure(action, error, secrets);
    }
  };

/** S1: an answer that lacks what every such answer has. */
export const unreadable = (action: string, what: string): AwsFailure =>
  new AwsFailure(action, 'InvalidResponse', `${action}: the answer holds ${what}. Nothing was decided on it (S1).`, [
    'Run again; if it stays, report it.',
  ]);

/** Whether AWS refused the request itself, of which another part may be fine. */
export const isRefusedRequest = (error: unknown): boolean =>
  error instanceof AwsFailure && (error.code === 'ValidationError' || error.code.endsWith('NotFound'));

/** Gives null where AWS knows nothing of that name or ARN, and says so by this code. */
export async function orNull<Answer>(code: string, call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsFailure && error.code === code) return null;
    throw error;
  }
}
