/** A line of the log of a stack's function. */
export interface LogLine {
  readonly at: Date;
  readonly text: string;
}

/** What a run of a stack's function came to, over all of its bridges. */
export interface SyncSummary {
  readonly at: Date;
  /** As the exit codes of `lbbridge sync`: 0 done, 1 failed, 3 refused by a rule, 4 half done. */
  readonly status: number;
  readonly registered: number;
  readonly deregistered: number;
  readonly held: number;
  /** How many bridges a rule refused. */
  readonly refused: number;
  readonly error: { readonly code: string; readonly message: string; readonly rule?: string } | null;
}

/** The field that only the last line of a run has. */
export const SUMMARY_FIELD = 'status';

/**
 * The newest summary among the lines. Whatever is no summary is passed over: other lines stand in the same log, and
 * some emulators give all of them.
 */
export function lastSummary(lines: readonly LogLine[]): SyncSummary | null {
  const found = lines.flatMap(({ at, text }) => summaryOf(at, text) ?? []);
  return found.reduce<SyncSummary | null>((last, one) => (last && last.at > one.at ? last : one), null);
}

function summaryOf(at: Date, text: string): SyncSummary | null {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(line) || typeof line[SUMMARY_FIELD] !== 'number') return null;
  const count = (name: string): number => (typeof line[name] === 'number' ? line[name] : 0);
  return {
    at,
    status: line[SUMMARY_FIELD],
    registered: count('registered'),
    deregistered: count('deregistered'),
    held: count('held'),
    refused: count('refused'),
    error: errorOf(line.error),
  };
}

function errorOf(error: unknown): SyncSummary['error'] {
  if (!isRecord(error)) return null;
  const { code, message, rule } = error;
  return { code: String(code), message: String(message), ...(typeof rule === 'string' ? { rule } : {}) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
