import { describe, expect, test } from 'vitest';
import {
  healthSaysNothing,
  isHealthy,
  isRegistered,
  type MinHealthy,
  neededHealthy,
  servingTest,
} from '../../src/plan/health.js';
import { target } from './support.js';

const states = ['healthy', 'initial', 'unavailable', 'unhealthy', 'unhealthy.draining', 'unused', 'draining'];

describe('health', () => {
  test.each(states)('%s is registered unless it drains', (state) => {
    expect(isRegistered(target('10.0.0.1', state))).toBe(state !== 'draining');
  });

  test.each([
    ['healthy', null, true],
    ['healthy', 'no_override', true],
    ['healthy', 'zonal_shift_active', false],
    ['healthy', 'unknown', false],
    ['initial', null, false],
  ])('%s with the override %s is healthy: %s', (state, override, expected) => {
    expect(isHealthy(target('10.0.0.1', state, 'a', { override }))).toBe(expected);
  });

  test('beside a healthy target, unhealthy ones serve nobody', () => {
    const isServing = servingTest([target('10.0.0.9', 'healthy')]);
    expect(states.filter((state) => isServing(target('10.0.0.1', state)))).toEqual([
      'healthy',
      'initial',
      'unavailable',
    ]);
  });

  test('without one, the NLB fails open, and they serve', () => {
    const shifted = target('10.0.0.9', 'healthy', 'a', { override: 'zonal_shift_active' });
    const isServing = servingTest([shifted]);
    expect(states.filter((state) => isServing(target('10.0.0.1', state)))).toEqual([
      'healthy',
      'initial',
      'unavailable',
      'unhealthy',
      'unhealthy.draining',
    ]);
  });

  const unused = (ip: string, reason = 'Target.NotInUse') => target(ip, 'unused', 'a', { reason });
  test.each([
    ['no target', [], false],
    ['only unused ones', [unused('10.0.0.1'), unused('10.0.0.2')], true],
    ['unused and draining ones', [unused('10.0.0.1'), target('10.0.0.2', 'draining')], true],
    ['only draining ones', [target('10.0.0.2', 'draining')], false],
    ['one that is checked', [unused('10.0.0.1'), target('10.0.0.2', 'initial')], false],
    ['one unused for another reason', [unused('10.0.0.1', 'Target.IpUnusable')], false],
  ])('with %s health says nothing: %s', (_what, targets, expected) => {
    expect(healthSaysNothing(targets)).toBe(expected);
  });

  test.each<[MinHealthy, number, number]>([
    [{ percent: 50 }, 1, 1],
    [{ percent: 50 }, 2, 1],
    [{ percent: 50 }, 3, 2],
    [{ percent: 50 }, 4, 2],
    [{ percent: 1 }, 100, 1],
    [{ percent: 1 }, 101, 2],
    [{ percent: 100 }, 3, 3],
    [{ targets: 1 }, 3, 1],
    [{ targets: 3 }, 3, 3],
    [{ targets: 4 }, 3, 3],
    [{ targets: 4 }, 0, 0],
  ])('%j of %i wanted needs %i', (minHealthy, wanted, needed) => {
    expect(neededHealthy(minHealthy, wanted)).toBe(needed);
  });
});
