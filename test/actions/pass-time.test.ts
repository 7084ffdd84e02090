import { describe, expect, it } from 'vitest';
import { passSeconds, passWarnings } from '../../src/actions/pass-time.js';
import type { Bridge } from '../../src/config/bridge.js';

const bridges = (count: number, access = {}): Bridge[] => Array.from({ length: count }, () => ({ access }) as Bridge);

describe('the time of a pass', () => {
  it.each([
    [0, 0],
    [1, 0],
    [17, 0],
    [20, 1],
    [100, 19],
    [1000, 226],
  ])('over %i bridges of one account and region is about %i s', (count, seconds) => {
    expect(passSeconds(bridges(count))).toBe(seconds);
  });

  it('is that of the account and region with the most bridges', () => {
    expect(passSeconds([...bridges(100), ...bridges(100, { region: 'eu-west-1' })])).toBe(19);
  });

  it('is told where cron would come again before it has passed', () => {
    expect(passWarnings(bridges(275))).toEqual([]);
    expect(passWarnings(bridges(276))).toMatchObject([{ code: 'LongPass', message: expect.stringContaining('276') }]);
  });
});
