import type { Random } from '../random.js';
import type { Service } from './xml.js';

/** What goes wrong. Those in the first line happen instead of the call's effect, the others after it. */
export type FaultKind =
  | 'throttle'
  | 'http500'
  | 'http503'
  | 'error'
  | 'accessDenied'
  | 'expiredToken'
  | 'reset'
  | 'hang'
  | 'slow'
  | 'lostReply'
  | 'truncate'
  | 'emptyBody'
  | 'wrongXml'
  | 'stale'
  | 'hide';

/** A rule: which calls, what happens to them, how often. */
export interface FaultRule {
  kind: FaultKind;
  service?: Service;
  /** e.g. `DescribeNetworkInterfaces`; a trailing `*` matches any ending. */
  action?: string;
  accountId?: string;
  region?: string;
  /** Only calls with these parameters, as they stand on the wire; a value may end in `*`. */
  params?: Record<string, string>;
  /** Lets this many matching calls pass first. */
  after?: number;
  /** Strikes this many times, then never again; without it, always. */
  count?: number;
  /** Strikes with this probability; 1 unless told. */
  rate?: number;
  /** `slow`, `hang`: real seconds. `stale`: how old the view is, in virtual seconds. */
  seconds?: number;
  /** `error`: what AWS answers. */
  status?: number;
  code?: string;
  message?: string;
  /** `hide`: which interfaces the answer leaves out: those in a zone (its id), with an address, or all. */
  zoneId?: string;
  ips?: string[];
}

export interface ObservedCall {
  service: Service;
  action: string;
  accountId: string;
  region: string;
  params: readonly [string, string][];
}

/** The rules in force, in the order they were made; the first that strikes wins. */
export class Faults {
  private rules: { rule: FaultRule; seen: number; struck: number }[] = [];

  constructor(private readonly random: Random) {}

  add(...rules: FaultRule[]): void {
    for (const rule of rules) this.rules.push({ rule, seen: 0, struck: 0 });
  }

  clear(): void {
    this.rules = [];
  }

  list(): { rule: FaultRule; seen: number; struck: number }[] {
    return this.rules;
  }

  /** Whether some rule asks for views of the past, so that the past must be kept. */
  get needsHistory(): boolean {
    return this.rules.some(({ rule }) => rule.kind === 'stale');
  }

  strike(call: ObservedCall): FaultRule | null {
    for (const entry of this.rules) {
      const { rule } = entry;
      if (!matches(rule, call)) continue;
      entry.seen += 1;
      if (entry.seen <= (rule.after ?? 0)) continue;
      if (rule.count !== undefined && entry.struck >= rule.count) continue;
      if (rule.rate !== undefined && this.random.next() >= rule.rate) continue;
      entry.struck += 1;
      return rule;
    }
    return null;
  }
}

function matches(rule: FaultRule, call: ObservedCall): boolean {
  if (rule.service && rule.service !== call.service) return false;
  if (rule.action && !fits(rule.action, call.action)) return false;
  if (rule.accountId && rule.accountId !== call.accountId) return false;
  if (rule.region && rule.region !== call.region) return false;
  const params = new Map(call.params);
  return Object.entries(rule.params ?? {}).every(([name, value]) => fits(value, params.get(name) ?? ''));
}

const fits = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
