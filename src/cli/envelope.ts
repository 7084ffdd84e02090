import type { ErrorReport, Warning } from '../actions/outcome.js';

/** The document that `--json` prints, on success and on failure: one shape for every command. */
export interface Envelope {
  readonly schemaVersion: 1;
  /** The words typed: `sync`, `sg diff`. */
  readonly command: string;
  /** Equals the exit code. */
  readonly status: number;
  readonly result: unknown;
  readonly warnings: readonly Warning[];
  readonly error?: ErrorReport;
}

export const envelope = (
  command: string,
  status: number,
  result: unknown,
  warnings: readonly Warning[],
  error?: ErrorReport,
): Envelope => ({ schemaVersion: 1, command, status, result, warnings, ...(error ? { error } : {}) });
