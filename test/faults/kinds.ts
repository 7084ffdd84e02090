import type { FaultRule } from '../../src/sandbox/wire/faults.js';

/** One kind of fault, as it strikes one call. */
export interface Kind {
  readonly name: string;
  readonly rule: Omit<FaultRule, 'action' | 'after'>;
  /** Only calls of these actions can go wrong so. */
  readonly actions?: RegExp;
  /** The answer looks well and says something else: what the run makes of it is up to the rules. */
  readonly misleads?: boolean;
}

const once = { count: 1 };
const reads = /^Describe/;

/** As many as there are ways for a call to go wrong. `throttled` alone goes on for good; the others strike one call. */
export const kinds: readonly Kind[] = [
  { name: 'throttled for good', rule: { kind: 'throttle' } },
  { name: 'throttled once', rule: { kind: 'throttle', ...once } },
  { name: '500', rule: { kind: 'http500', ...once } },
  { name: '503', rule: { kind: 'http503', ...once } },
  { name: 'time-out', rule: { kind: 'hang', ...once } },
  { name: 'connection reset', rule: { kind: 'reset', ...once } },
  { name: 'lost reply', rule: { kind: 'lostReply', ...once } },
  { name: 'cut-off XML', rule: { kind: 'truncate', ...once } },
  { name: 'wrong XML', rule: { kind: 'wrongXml', ...once } },
  { name: 'empty body', rule: { kind: 'emptyBody', ...once } },
  { name: 'access denied', rule: { kind: 'accessDenied', ...once } },
  { name: 'expired token', rule: { kind: 'expiredToken', ...once } },
  { name: 'stale read', rule: { kind: 'stale', seconds: 3600, ...once }, actions: reads, misleads: true },
  {
    name: 'interfaces hidden',
    rule: { kind: 'hide', ...once },
    actions: /^DescribeNetworkInterfaces$/,
    misleads: true,
  },
  {
    name: 'load balancer not found',
    rule: { kind: 'error', code: 'LoadBalancerNotFound', message: 'One or more load balancers not found', ...once },
    actions: /^DescribeLoadBalancers$/,
    misleads: true,
  },
  {
    name: 'target group not found',
    rule: { kind: 'error', code: 'TargetGroupNotFound', message: 'One or more target groups not found', ...once },
    actions: /^Describe(TargetGroups|TargetHealth|Tags)$|Targets$/,
    misleads: true,
  },
  {
    name: 'too many targets',
    rule: { kind: 'error', code: 'TooManyTargets', message: 'The maximum number of targets has been reached', ...once },
    actions: /^RegisterTargets$/,
    misleads: true,
  },
];
