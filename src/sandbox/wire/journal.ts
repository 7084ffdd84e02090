import type { Service } from './xml.js';

/** One call, as the simulated AWS saw it. */
export interface JournalEntry {
  /** 1, 2, 3 … in the order of arrival. */
  number: number;
  /** Real time of arrival, ISO 8601. */
  at: string;
  /** Virtual time of arrival, ISO 8601. */
  virtualAt: string;
  service: Service;
  action: string;
  region: string;
  accountId: string | null;
  principalArn: string | null;
  /** Parameters as they stood on the wire, without secrets. */
  params: Record<string, string>;
  /** HTTP status; 0 where the connection was cut. */
  status: number;
  /** AWS's error code, if it was an error. */
  code: string | null;
  /** The kind of fault that struck, if one did. */
  fault: string | null;
  requestId: string;
  /** Real milliseconds from arrival to answer. */
  milliseconds: number;
}

const secrets = /^(TokenCode|SerialNumber|WebIdentityToken|SAMLAssertion|ExternalId)$/;

/** Every call since the start (or the last `clear`), oldest first. */
export class Journal {
  private readonly list: JournalEntry[] = [];
  private last = 0;

  get entries(): readonly JournalEntry[] {
    return this.list;
  }

  next(): number {
    this.last += 1;
    return this.last;
  }

  add(entry: JournalEntry): void {
    this.list.push(entry);
  }

  clear(): void {
    this.list.length = 0;
  }

  /** The actions called, in order: `DescribeTargetHealth`, … */
  actions(): string[] {
    return this.list.map(({ action }) => action);
  }
}

export const withoutSecrets = (params: readonly [string, string][]): Record<string, string> =>
  Object.fromEntries(params.map(([name, value]) => [name, secrets.test(name) ? '(hidden)' : value]));
