import { describe, expect, test } from 'vitest';
import { pauseOf } from '../../src/plan/pause.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const paused = (value: string) => pauseOf(new Map([['lbbridge:paused', value]]), now);

describe('S7: the pause of a target group', () => {
  test('without the tag there is none', () => {
    expect(pauseOf(new Map(), now)).toBeNull();
  });

  test.each(['', 'true', '1', 'tomorrow', '24.11.2026', '2026-13-01', '2026-11-24T25:00:00Z', '2026-11-24 13:00'])(
    '%j is no time: paused until the tag goes',
    (value) => {
      expect(paused(value)).toBe(true);
    },
  );

  test.each([
    ['2026-11-24T12:00:00.001Z', '2026-11-24T12:00:00.001Z'],
    ['2026-11-24T12:00:01', '2026-11-24T12:00:01.000Z'],
    ['2026-11-24T13:30+01:00', '2026-11-24T12:30:00.000Z'],
    ['2026-11-25', '2026-11-25T00:00:00.000Z'],
  ])('until %s', (value, until) => {
    expect((paused(value) as Date).toISOString()).toBe(until);
  });

  test.each(['2026-11-24T12:00:00Z', '2026-11-24T11:59:59.999Z', '2026-11-24', '2026-11-24T12:59:00+01:00'])(
    'at %s it is over',
    (value) => {
      expect(paused(value)).toBeNull();
    },
  );
});
