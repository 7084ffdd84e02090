import type { Command } from './command.js';
import { errors } from './errors.js';
import { warnings } from './warnings.js';

/** What is always true of a finding, whatever was seen. */
export interface Known {
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  readonly remedy: string;
  /** The command that mends it, where one alone can; without its arguments. */
  readonly mends?: string;
}

export type FindingId = keyof typeof errors | keyof typeof warnings;

/** What a check found. */
export interface Found {
  readonly id: FindingId;
  /** What was seen, with its values. */
  readonly message: string;
  readonly command?: Command;
}

export type Severity = 'error' | 'warning';

export type Finding = Found & Known & { readonly severity: Severity };

/** Every finding of `lbbridge doctor`, in the order in which they are told. */
export const findings = Object.fromEntries([
  ...Object.entries(errors).map(([id, known]) => [id, { severity: 'error', ...known }]),
  ...Object.entries(warnings).map(([id, known]) => [id, { severity: 'warning', ...known }]),
]) as Readonly<Record<FindingId, Known & { readonly severity: Severity }>>;

const order = Object.keys(findings);

/** Errors first, each in the order of its table. */
export const inOrder = (found: readonly Found[]): Finding[] =>
  found.map((one) => ({ ...findings[one.id], ...one })).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
