import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type BridgePlan, fingerprint } from '../../src/plan/fingerprint.js';
import { ALB, GROUP } from './support.js';

const of = (ip: string, port = 80, zone: string | null = 'us-east-1a') => ({
  ip,
  port,
  zone,
  health: 'healthy',
  reason: null,
});
const held = (ip: string) => ({ ...of(ip), heldBy: 'S4' as const, why: 'not yet' });
const bridge = (plan: Partial<BridgePlan['plan']> = {}, targetGroupArn = GROUP): BridgePlan => ({
  loadBalancerArn: ALB,
  targetGroupArn,
  plan: { register: [], deregister: [], held: [], ...plan },
});

describe('S8: the fingerprint of a plan', () => {
  test('is the beginning of a sha256 over the canonical plan', () => {
    const canonical = {
      bridges: [
        { loadBalancer: ALB, targetGroup: GROUP, register: ['10.0.0.1:80:us-east-1a'], remove: ['10.0.0.2:80:'] },
      ],
      failed: [],
    };
    const whole = createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
    const plan = { register: [of('10.0.0.1')], deregister: [of('10.0.0.2', 80, null)] };
    expect(fingerprint([bridge(plan)])).toBe(whole.slice(0, 8));
  });

  test('does not depend on order, on health, or on what is held of what goes', () => {
    const first = fingerprint([
      bridge({ register: [of('10.0.0.1'), of('10.0.0.2')], deregister: [of('10.0.0.3')], held: [held('10.0.0.4')] }),
      bridge({}, `${GROUP}0`),
    ]);
    const second = fingerprint([
      bridge({}, `${GROUP}0`),
      bridge({
        register: [{ ...of('10.0.0.2'), health: 'absent' }, of('10.0.0.1')],
        deregister: [of('10.0.0.4'), of('10.0.0.3')],
      }),
    ]);
    expect(second).toBe(first);
  });

  test.each<[string, BridgePlan[], string[]]>([
    ['another address', [bridge({ register: [of('10.0.0.2')] })], []],
    ['another port', [bridge({ register: [of('10.0.0.1', 8080)] })], []],
    ['another zone', [bridge({ register: [of('10.0.0.1', 80, 'all')] })], []],
    ['another direction', [bridge({ deregister: [of('10.0.0.1')] })], []],
    ['another group', [bridge({ register: [of('10.0.0.1')] }, `${GROUP}0`)], []],
    ['one bridge more', [bridge({ register: [of('10.0.0.1')] }), bridge({}, `${GROUP}0`)], []],
    ['one bridge that failed', [bridge({ register: [of('10.0.0.1')] })], ['edge']],
  ])('%s gives another', (_what, bridges, failed) => {
    expect(fingerprint(bridges, failed)).not.toBe(fingerprint([bridge({ register: [of('10.0.0.1')] })]));
  });
});
