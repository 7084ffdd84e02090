import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { commands } from './commands.js';
import { inProcess, runReference } from './run-case.js';
import { enter, type Situation, situations } from './situations.js';
import { bridgeState, floorBreaches, foreignState, isOurGroup, watchFloor } from './watch.js';

const sync = commands.find(({ name }) => name === 'sync') as (typeof commands)[number];
const named = (name: string): Situation => situations.find((one) => one.name === name) as Situation;

/** Answers come late and in any order; some reads see the past, some miss an interface: no two runs see the same. */
function blur({ faults, stage }: Sandbox): void {
  const [ip = ''] = stage.alb.nodes.map((node) => node.ip);
  faults.add(
    { kind: 'stale', action: 'Describe*', seconds: 3600, rate: 0.2 },
    { kind: 'hide', action: 'DescribeNetworkInterfaces', ips: [ip], rate: 0.2 },
    { kind: 'lostReply', rate: 0.05 },
    { kind: 'throttle', rate: 0.05 },
    { kind: 'slow', seconds: 0.02, rate: 0.4 },
  );
}

const seeds = Array.from({ length: 8 }, (_, index) => index + 1);

describe.each([
  [2, 'three-zones, replaced'],
  [5, 'three-zones, replaced'],
  [2, 'synced, due'],
  [5, 'synced, due'],
  [5, 'bridge'],
])('%i syncs at once of %s, each with a view of its own', (count, name) => {
  test('leave nobody unserved, touch nothing foreign, and converge', async () => {
    await Promise.all(seeds.map((seed) => runAtOnce(count, { ...named(name), seed })));
  }, 300_000);
});

async function runAtOnce(count: number, situation: Situation): Promise<void> {
  const { end } = await runReference(sync, situation);
  const sandbox = await enter(situation, blur);
  try {
    watchFloor(sandbox);
    sandbox.meter.watch(sandbox.stage.group.arn);
    const served = (sandbox.meter.now(sandbox.stage.group.arn)?.serving ?? 0) > 0;
    const wasOurs = isOurGroup(sandbox);
    const foreign = foreignState(sandbox, wasOurs);
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: count }, () => inProcess(sync, sandbox, situation)));
      sandbox.world.clock.advance(60);
    }
    sandbox.faults.clear();
    for (let run = 0; run < 3; run++) {
      sandbox.world.clock.advance(400);
      await inProcess(sync, sandbox, situation);
    }
    const { seed } = situation;
    expect([seed, bridgeState(sandbox)]).toEqual([seed, end]);
    expect([seed, floorBreaches(sandbox)]).toEqual([seed, []]);
    expect(foreignState(sandbox, wasOurs)).toBe(foreign);
    if (served) expect(sandbox.meter.read(sandbox.stage.group.arn)?.downSeconds).toBe(0);
  } finally {
    await sandbox.close();
  }
}
