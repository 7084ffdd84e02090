import { describe, expect, test, vi } from 'vitest';
import type { Ports } from '../../src/actions/ports.js';
import { syncBridges } from '../../src/actions/sync-bridges.js';
import { connectAws } from '../../src/aws/connect.js';
import { resolveBridges } from '../../src/config/resolve-bridges.js';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { home } from '../support/cli.js';

const PAUSED = 'lbbridge:paused';
const locked = { env: { LBBRIDGE_READ_ONLY: '1' } };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('S7: read-only lock and pause', () => {
  test('LBBRIDGE_READ_ONLY blocks every write, and no flag lifts it', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    for (const flags of [[], ['--adopt'], ['--prune', 'all'], ['--allow-empty']]) {
      const { status, document } = await onBridge(sandbox, 'sync', flags, locked);
      expect([flags, status, document.error.rule]).toEqual([flags, 3, 'S7']);
    }
    expect(writes(sandbox)).toEqual([]);
  });

  test.each(['', '0', 'false'])('set to %j it is unset', async (value) => {
    const sandbox = await sandboxOf();
    expect((await onBridge(sandbox, 'sync', [], { env: { LBBRIDGE_READ_ONLY: value } })).status).toBe(0);
  });

  test.each([
    ['a time to come', inAnHour],
    ['anything that is no time', () => 'deployment 42'],
    ['an empty value', () => ''],
  ])('a group paused until %s is left alone', async (_what, until) => {
    const sandbox = await sandboxOf();
    sandbox.stage.group.tags.set(PAUSED, until());
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S7');
    expect(bridgeOf(document).refusal.rule).toBe('S7');
    expect(bridgeOf(document).register).toHaveLength(2);
    expect(writes(sandbox)).toEqual([]);
  });

  test('a pause that is over counts no more', async () => {
    const sandbox = await sandboxOf();
    sandbox.stage.group.tags.set(PAUSED, '2024-02-29T12:00:00Z');
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('diff, --dry-run and a run with nothing to write only warn', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.stage.group.tags.set(PAUSED, inAnHour());
    for (const command of ['diff', 'sync'] as const) {
      const idle = await onBridge(sandbox, command);
      expect([command, idle.status, idle.document.warnings[0].code]).toEqual([command, 0, 'Paused']);
      expect(idle.document.warnings[0].message).not.toContain('would be refused');
    }
    sandbox.stage.group.targets.clear();
    for (const [command, flags] of [
      ['diff', []],
      ['sync', ['--dry-run']],
    ] as const) {
      const { status, document } = await onBridge(sandbox, command, flags);
      expect([command, status, document.warnings[0].code]).toEqual([command, 0, 'Paused']);
    }
  });

  test('a run that began in a pause honours it, though the pause ends while it reads', async () => {
    const sandbox = await sandboxOf();
    const begin = Date.now();
    sandbox.stage.group.tags.set(PAUSED, new Date(begin + 1000).toISOString());
    let time = begin;
    const connect = connectAws({ env: sandbox.environment });
    const ports: Ports = {
      connect: (access) => {
        time = begin + 2000;
        return connect(access);
      },
      now: () => new Date(time),
      sleep: async () => undefined,
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const { alb, group } = sandbox.stage;
    const flags = { alb: alb.arn, targetGroup: group.arn };
    const bridges = await resolveBridges({ names: [], flags, cwd: home, env: {}, home });
    const first = await syncBridges(bridges, { readOnly: false, wait: 60_000 }, ports);
    expect([first.status, first.error?.rule]).toEqual([3, 'S7']);
    expect(writes(sandbox)).toEqual([]);
    expect((await syncBridges(bridges, { readOnly: false }, ports)).status).toBe(0);
  });

  test('a pause that is set while a sync waits stops its next write', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const { old, fresh } = replaceNode(sandbox, 'a');
    const waiting = onBridge(sandbox, 'sync', ['--wait', '1m']);
    await vi.waitFor(() => expect(writes(sandbox)).toEqual(['RegisterTargets']), { timeout: 10_000 });
    sandbox.stage.group.tags.set(PAUSED, inAnHour());
    advance(sandbox, 300);
    const { status, document } = await waiting;
    expect([status, document.error.rule]).toEqual([3, 'S7']);
    expect(bridgeOf(document)).toMatchObject({ registered: [{ ip: fresh }], held: [{ ip: old, heldBy: 'S7' }] });
    expect(writes(sandbox)).toEqual(['RegisterTargets']);
  });

  test('the lock shows before the rules of the bridge', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const { document } = await onBridge(sandbox, 'sync', [], locked);
    expect(bridgeOf(document).refusal.rule).toBe('S7');
  });
});
