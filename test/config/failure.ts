import { UsageError } from '../../src/errors.js';

/** The usage error that a call ends with; fails the test where it ends with none. */
export async function usageError(call: () => unknown): Promise<UsageError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('No usage error was thrown.');
}
