import type { ErrorReport, Warning } from '../actions/outcome.js';
import { safeText } from './safe.js';

/** A warning as a line on stderr. */
export const renderWarning = ({ message }: Warning): string => `Warning: ${safeText(message)}`;

/** An error for people: what happened, which rule, what to do, and what AWS support would ask for. */
export function renderError({ message, rule, suggestions, requestId }: ErrorReport): string {
  return [
    `${rule ? `Refused (${rule})` : 'Error'}: ${message.split('\n').map(safeText).join('\n  ')}`,
    ...suggestions.map((text) => `  ${safeText(text)}`),
    ...(requestId ? [`  request id ${safeText(requestId)}`] : []),
  ].join('\n');
}
