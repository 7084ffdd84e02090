import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { FaultRule } from '../../src/sandbox/wire/faults.js';
import { home, lbbridge, type Ran } from '../support/cli.js';
import { checkDocument } from '../support/schema.js';
import { commands, wordsOf } from './commands.js';
import { inProcess, runReference } from './run-case.js';
import { enter, type Situation } from './situations.js';
import { bridgeState, floorBreaches, watchFloor } from './watch.js';

const sync = commands.find(({ name }) => name === 'sync') as (typeof commands)[number];
const situations = sync.situations.filter(({ name }) => name === 'bridge' || name === 'synced, replaced');

/** How a call is caught under way: before it takes effect, or when it has, and the answer has not come yet. */
const moments: readonly [string, NodeJS.Signals, Omit<FaultRule, 'after' | 'count'>][] = [
  ['SIGKILL before it takes effect', 'SIGKILL', { kind: 'hang' }],
  ['SIGKILL before its answer comes', 'SIGKILL', { kind: 'slow', seconds: 3600 }],
  ['SIGTERM while it is under way', 'SIGTERM', { kind: 'slow', seconds: 0.5 }],
];

/** Runs a sync and sends it a signal while its call `k` (from 0) is under way. */
function cutOff(sandbox: Sandbox, situation: Situation, k: number, signal: NodeJS.Signals): Promise<Ran> {
  return lbbridge([...wordsOf(sync, sandbox, situation), '--json'], {
    env: { ...sandbox.environment },
    onStart: (child) => {
      const timer = setInterval(() => {
        if (sandbox.journal.entries.length <= k) return;
        clearInterval(timer);
        child.kill(signal);
      }, 5);
      child.on('close', () => clearInterval(timer));
    },
  });
}

describe.each(situations.map((situation) => [situation.name, situation] as const))(
  'a sync of %s',
  (_name, situation) => {
    test.each(moments)(
      'is cut off at each of its calls by %s, and the next one converges',
      async (_moment, signal, rule) => {
        const reference = await runReference(sync, situation);
        for (const k of reference.entries.keys()) {
          const sandbox = await enter(situation, ({ faults }) => faults.add({ ...rule, after: k, count: 1 }));
          try {
            watchFloor(sandbox);
            sandbox.meter.watch(sandbox.stage.group.arn);
            const served = (sandbox.meter.now(sandbox.stage.group.arn)?.serving ?? 0) > 0;
            const { status, stdout } = await cutOff(sandbox, situation, k, signal);
            if (signal === 'SIGKILL') expect(status).toBeNull();
            else tellsTheTruth(sandbox, status, stdout);
            sandbox.faults.clear();
            for (let run = 0; run < 3; run++) {
              sandbox.world.clock.advance(400);
              await inProcess(sync, sandbox, situation);
            }
            expect([k, bridgeState(sandbox)]).toEqual([k, reference.end]);
            expect(floorBreaches(sandbox)).toEqual([]);
            if (served) expect(sandbox.meter.read(sandbox.stage.group.arn)?.downSeconds).toBe(0);
          } finally {
            await sandbox.close();
          }
        }
        expect(readdirSync(home)).toEqual([]);
      },
      300_000,
    );
  },
);

/** A run that was asked to end says truly what it had done: the journal knows. */
function tellsTheTruth({ journal }: Sandbox, status: number | null, stdout: string): void {
  const document = JSON.parse(stdout);
  checkDocument(document);
  expect(document.status).toBe(status);
  expect(status).toBe(143);
  const written = (action: string): string[] =>
    journal.entries
      .filter((entry) => entry.action === action && entry.status === 200)
      .flatMap(({ params }) => Object.entries(params).flatMap(([name, value]) => (name.endsWith('.Id') ? [value] : [])))
      .sort();
  const [bridge] = document.result?.bridges ?? [];
  const told = (list: { ip: string }[] = []): string[] => list.map(({ ip }) => ip).sort();
  expect(told(bridge?.registered)).toEqual(written('RegisterTargets'));
  expect(told(bridge?.deregistered)).toEqual(written('DeregisterTargets'));
}
