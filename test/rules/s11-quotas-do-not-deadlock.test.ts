import { describe, expect, test } from 'vitest';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';

/** A synced bridge whose group is full: two wanted targets and `dead` that no longer answer. */
async function full(dead: number, limit: number) {
  const sandbox = await sandboxOf({ scenario: 'synced' });
  const { builder, group, subnets } = sandbox.stage;
  const ips = Array.from({ length: dead }, (_, n) => `10.0.1.${200 + n}`);
  expect(subnets).toHaveLength(2);
  builder.targets(group, ips);
  event(sandbox, 'scale-out', { zone: builder.zone('a') });
  advance(sandbox, 300);
  sandbox.world.knobs['quota.targetsPerGroup'] = limit;
  return sandbox;
}

describe('S11: quotas do not deadlock', () => {
  test('where the group is full, dead targets make room, and the registration is tried once more', async () => {
    const sandbox = await full(2, 4);
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document)).toMatchObject({ converged: true });
    expect(bridgeOf(document).registered).toHaveLength(1);
    expect(bridgeOf(document).deregistered).toHaveLength(2);
    expect(writes(sandbox)).toEqual(['RegisterTargets', 'DeregisterTargets', 'RegisterTargets']);
    expect(registered(sandbox)).toHaveLength(3);
  });

  test('where nothing may go, the run is refused with the numbers', async () => {
    const sandbox = await full(0, 2);
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S11');
    expect(document.error.message).toMatch(/2 are registered, 1 more are wanted/);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('where the room made is not enough, that is told too', async () => {
    const sandbox = await full(1, 3);
    sandbox.faults.add({ kind: 'error', action: 'RegisterTargets', code: 'TooManyTargets', status: 400 });
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S11');
    expect(document.error.message).toContain('1 made room');
    expect(bridgeOf(document).deregistered).toHaveLength(1);
  });

  test('requests go in chunks of a hundred', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group } = sandbox.stage;
    const ips = Array.from({ length: 230 }, (_, n) => `10.0.${1 + (n % 2)}.${4 + Math.floor(n / 2)}`);
    builder.targets(
      group,
      ips.filter((ip) => !sandbox.stage.alb.nodes.some((node) => node.ip === ip)),
      8080,
    );
    advance(sandbox, 300);
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).converged).toBe(true);
    const sizes = sandbox.journal.entries
      .filter(({ action }) => action === 'DeregisterTargets')
      .map(({ params }) => Object.keys(params).filter((name) => name.endsWith('.Id')).length);
    expect(sizes.slice(0, 2)).toEqual([100, 100]);
    expect(sizes).toHaveLength(3);
  });
});
