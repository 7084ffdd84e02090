import { describe, expect, test } from 'vitest';
import { forbidWrites, holdUnreviewed, wouldWrite } from '../../src/plan/guards.js';
import type { Refusal } from '../../src/plan/refusals.js';
import { planTargets } from '../../src/plan/target-plan.js';
import { facts, ips, node, OTHER, policy, target, type World } from './support.js';

const plan = (world: World = {}) =>
  planTargets(facts({ interfaces: [node('10.0.1.1', 'a'), node('10.0.2.1', 'b')], ...world }), policy());
const dead = [target('10.0.1.1'), target('10.0.2.1', 'healthy', 'b'), target('10.0.1.9', 'unhealthy')];
const refusal = (rule: 'S7' | 'S8'): Refusal => ({ rule, message: 'no', suggestions: [], scope: 'everything' });

describe('whether a plan would write', () => {
  test.each<[string, World, boolean]>([
    ['something to register', {}, true],
    ['something to deregister', { targets: dead }, true],
    ['nothing', { targets: dead.slice(0, 2) }, false],
    [
      'only something held',
      { targets: [target('10.0.1.1', 'initial'), target('10.0.2.1', 'initial', 'b'), target('10.0.1.9')] },
      false,
    ],
    ['another’s group', { tags: new Map([['lbbridge:source', OTHER]]) }, false],
    ['a partial view with something new', { interfaces: [node('10.0.1.1', 'a')] }, true],
  ])('%s', (_what, world, expected) => {
    expect(wouldWrite(plan(world))).toBe(expected);
  });
});

describe('S7 and S8 forbid every write', () => {
  test.each(['S7', 'S8'] as const)('%s takes the place of a narrower refusal, and holds what was to go', (rule) => {
    const forbidden = forbidWrites(plan({ targets: dead.slice(1), tags: new Map() }), refusal(rule));
    expect(forbidden).toMatchObject({ refusal: { rule }, deregister: [], claim: false });
    expect(forbidden.held).toMatchObject([{ ip: '10.0.1.9', heldBy: rule }]);
    expect(ips(forbidden.register)).toEqual(['10.0.1.1']);
  });

  test('a plan that would write nothing stays as it is, but for the tag', () => {
    const idle = forbidWrites(plan({ targets: dead.slice(0, 2), tags: new Map() }), refusal('S7'));
    expect(idle).toMatchObject({ refusal: null, claim: false });
  });
});

describe('S8 holds what was not reviewed', () => {
  test('only that', () => {
    const both = plan({ targets: [...dead, target('10.0.1.8', 'unhealthy')] });
    const held = holdUnreviewed(both, new Set(['10.0.1.9:80']));
    expect(ips(held.deregister)).toEqual(['10.0.1.9']);
    expect(held.held).toMatchObject([{ ip: '10.0.1.8', heldBy: 'S8' }]);
  });

  test('a plan that was reviewed whole stays as it is', () => {
    const whole = plan({ targets: dead });
    expect(holdUnreviewed(whole, new Set(['10.0.1.9:80']))).toBe(whole);
  });
});
