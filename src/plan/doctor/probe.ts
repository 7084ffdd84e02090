import { contains, parseBlock } from '../cidr.js';
import type { ListenerAction, ListenerRule } from '../model.js';

/** A health check as the ALB's rules see it. */
export interface Probe {
  readonly path: string;
  /** Addresses of the NLB's nodes; the Host header is one of them with the port. */
  readonly callers: readonly string[];
  readonly port: number;
}

/** What the ALB answers by its rules alone; null where that lies with what stands behind it, or cannot be told. */
export interface Answer {
  readonly status: number;
  /** Null: the listener's default action. */
  readonly priority: number | null;
  readonly kind: 'fixed-response' | 'redirect';
}

/**
 * The answer to an NLB's health check: the first rule that matches decides, as for any request, but the Host header is
 * the node's own address, which no rule for a host name ever meets.
 * Source: Elastic Load Balancing user guide, "Health checks for Network Load Balancer target groups".
 */
export function answerTo(probe: Probe, rules: readonly ListenerRule[]): Answer | null {
  for (const { conditions, actions, priority } of rules) {
    const verdicts = conditions.map((condition) => matches(condition, probe));
    if (verdicts.includes(false)) continue;
    if (verdicts.includes(null)) return null;
    return answerOf(actions, priority);
  }
  return null;
}

/** Of several actions the last one answers; those before it ask who is there, and may answer in its place. */
function answerOf(actions: readonly ListenerAction[], priority: number | null): Answer | null {
  const [only, second] = actions;
  if (!only || second || only.type === 'forward' || only.type === 'other') return null;
  return { status: only.status, priority, kind: only.type };
}

function matches({ field, values }: ListenerRule['conditions'][number], probe: Probe): boolean | null {
  // A condition whose values AWS sends in a form that is not known here, such as a regular expression.
  if (values.length === 0) return null;
  switch (field) {
    case 'path-pattern':
      return values.some((value) => wildcard(value, probe.path.split('?')[0] as string));
    case 'http-request-method':
      return values.includes('GET');
    case 'host-header':
      return forAll(probe.callers, (ip) =>
        values.some((value) => wildcard(value, ip) || wildcard(value, `${ip}:${probe.port}`)),
      );
    case 'source-ip':
      return forAll(probe.callers, (ip) => values.some((value) => holds(value, ip)));
    default:
      return null;
  }
}

/** True or false where it is so for every node; null where it depends on the node, or none is known. */
function forAll(callers: readonly string[], test: (ip: string) => boolean): boolean | null {
  const verdicts = new Set(callers.map(test));
  return verdicts.size === 1 ? verdicts.has(true) : null;
}

function holds(cidr: string, ip: string): boolean {
  const block = parseBlock(cidr);
  return block !== null && contains(block, ip);
}

/** `*` stands for any characters, `?` for exactly one. */
const wildcard = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);

/** Whether a matcher takes the status: `200-399`, `200,202`. */
export const accepts = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Number(from) <= status && status <= Number(to);
  });
