import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import { lbbridge } from '../support/cli.js';

/** Every answer takes so long that whoever waits for one cannot ask the next thing before. */
const SLOW = 1;

/** How often the run waited: calls that arrive within one answer's time wait for nothing but each other. */
function waits({ journal }: Sandbox): number {
  let count = 0;
  let start = Number.NEGATIVE_INFINITY;
  for (const { at } of journal.entries) {
    const arrived = Date.parse(at);
    if (arrived - start < SLOW * 900) continue;
    count += 1;
    start = arrived;
  }
  return count;
}

describe('how often a run waits for AWS', () => {
  test.each([
    ['by ARNs', 1],
    ['by names', 2],
  ] as const)('in sync, %s: five calls, %i in a row', async (how, rows) => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { alb, group } = sandbox.stage;
    const [from, to] = how === 'by ARNs' ? [alb.arn, group.arn] : ['web', 'nlb-edge'];
    sandbox.faults.add({ kind: 'slow', seconds: SLOW });
    const { status } = await lbbridge(['sync', '--alb', from, '--target-group', to], {
      env: { ...sandbox.environment },
    });
    expect(status).toBe(0);
    expect(sandbox.journal.entries).toHaveLength(5);
    expect(waits(sandbox)).toBe(rows);
  });

  test('something stale, another VPC: one more each', async () => {
    const sandbox = await sandboxOf({ scenario: 'peered' });
    const { alb, group } = sandbox.stage;
    const words = ['diff', '--alb', alb.arn, '--target-group', group.arn];
    sandbox.faults.add({ kind: 'slow', seconds: SLOW });
    await lbbridge(words, { env: { ...sandbox.environment } });
    expect([sandbox.journal.entries.length, waits(sandbox)]).toEqual([6, 2]);
  });
});
