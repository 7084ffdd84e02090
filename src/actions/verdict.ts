import type { ErrorReport } from './outcome.js';

/** What decides a bridge's exit code, besides its report. */
export interface BridgeVerdict {
  readonly status: 0 | 1 | 3 | 4;
  readonly error?: ErrorReport;
}

/** From the most serious to the least. */
const seriousness = [1, 4, 3, 0] as const;

/** The run's exit code and error are those of its most serious bridge; with several, its name leads the message. */
export function worstVerdict(
  bridges: readonly { readonly report: { readonly name: string }; readonly verdict: BridgeVerdict }[],
): BridgeVerdict {
  for (const status of seriousness) {
    const worst = bridges.find(({ verdict }) => verdict.status === status);
    if (!worst) continue;
    const { error } = worst.verdict;
    if (!error || bridges.length === 1) return worst.verdict;
    return { status, error: { ...error, message: `${worst.report.name}: ${error.message}` } };
  }
  return { status: 0 };
}

/** A refusal by a safety rule as an error: exit code 3. */
export function refused(refusal: {
  readonly rule: string;
  readonly message: string;
  readonly suggestions: readonly string[];
}): BridgeVerdict {
  const { rule, message, suggestions } = refusal;
  return { status: 3, error: { code: 'Refused', message, rule, suggestions } };
}

/** A no at a prompt: exit code 5. */
export const declined: { readonly status: 5; readonly error: ErrorReport } = {
  status: 5,
  error: { code: 'Declined', message: 'Declined: nothing was changed.', suggestions: [] },
};
