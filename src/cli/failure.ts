import type { ErrorReport } from '../actions/outcome.js';
import { closest } from '../config/suggest.js';
import { OperationError, UsageError } from '../errors.js';

/** Exit codes that belong to no verdict of an action. */
export const EXIT = { differences: 2, usage: 64, interrupted: 130, terminated: 143 } as const;

export interface Failure {
  readonly status: number;
  readonly report: ErrorReport;
  /** Where to look for the mistake, if it is ours; shown with `--debug`. */
  readonly stack?: string;
}

/**
 * Whose fault it is decides everything else: the user's (64), the world's (1), or ours (1, and how to report it).
 * @param flags the command's, to guess what a misspelt one was meant to be
 */
export function failureOf(error: unknown, flags: readonly string[] = []): Failure {
  if (error instanceof UsageError) return usage(error.code, error.message, error.suggestions);
  if (error instanceof OperationError) {
    const { code, message, suggestions, requestId } = error;
    return { status: 1, report: { code, message, suggestions, ...(requestId ? { requestId } : {}) } };
  }
  const thrown = error instanceof Error ? error : new Error(String(error));
  if (isUsage(thrown)) {
    const near = unknownFlags(thrown).flatMap((flag) => closest(flag.replace(/^-+/, ''), flags));
    return usage('Usage', firstLines(thrown.message), [
      ...(near.length > 0 ? [`Did you mean ${near.map((name) => `--${name}`).join(' or ')}?`] : []),
      'See the command with --help.',
    ]);
  }
  return {
    status: 1,
    report: {
      // No code of AWS's: EC2 says InternalError of itself.
      code: 'BugInLbbridge',
      message: `This is a bug in lbbridge: ${thrown.message}`,
      suggestions: ['Please report it with the command you ran and its output with --debug.'],
    },
    ...(thrown.stack ? { stack: thrown.stack } : {}),
  };
}

const usage = (code: string, message: string, suggestions: readonly string[]): Failure => ({
  status: EXIT.usage,
  report: { code, message, suggestions },
});

/** oclif's parser marks its errors with `parse`; what it throws while reading flags is a CLIError with `oclif`. */
const isUsage = (error: Error): boolean => 'parse' in error || 'oclif' in error;

/** What oclif's parser could not make anything of. */
const unknownFlags = (error: Error): readonly string[] =>
  'flags' in error && Array.isArray(error.flags) ? error.flags : [];

/** oclif appends `See more help with --help`, which our suggestion says already, and has a heading for one line. */
const firstLines = (message: string): string =>
  message
    .replace(/^The following errors? occurred:\s+/, '')
    .replaceAll('Missing required flag ', 'Missing required flag --')
    .split('\n')
    .filter((line) => !line.startsWith('See more help'))
    .join('\n')
    .trim();
