import { describe, expect, test } from 'vitest';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';

/** A synced bridge with a dead stale target and a new address: one to register, one to deregister. */
async function unsettled() {
  const sandbox = await sandboxOf({ scenario: 'synced' });
  const { builder, group, subnets } = sandbox.stage;
  const dead = builder.unusedAddress(subnets[0] as never);
  builder.targets(group, [dead]);
  event(sandbox, 'scale-out', { zone: builder.zone('a') });
  advance(sandbox, 300);
  return { sandbox, dead: `${dead}:80` };
}

describe('S6: decide on fresh facts', () => {
  test('after a registration everything is read again before anything is removed', async () => {
    const { sandbox, dead } = await unsettled();
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    const actions = sandbox.journal.actions();
    const registeredAt = actions.indexOf('RegisterTargets');
    const between = actions.slice(registeredAt + 1, actions.indexOf('DeregisterTargets'));
    expect(between).toEqual(
      expect.arrayContaining([
        'DescribeLoadBalancers',
        'DescribeNetworkInterfaces',
        'DescribeTargetHealth',
        'DescribeTags',
      ]),
    );
    expect(registered(sandbox)).not.toContain(dead);
  });

  test('a register error blocks removal', async () => {
    const { sandbox, dead } = await unsettled();
    sandbox.faults.add({ kind: 'accessDenied', action: 'RegisterTargets' });
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(1);
    expect(document.error.message).toContain('elasticloadbalancing:RegisterTargets');
    expect(registered(sandbox)).toContain(dead);
    expect(writes(sandbox)).toEqual(['RegisterTargets']);
  });

  test.each(['DescribeTargetHealth', 'DescribeNetworkInterfaces', 'DescribeLoadBalancers', 'DescribeTags'])(
    'a failing %s after a registration ends with 4, tells what was done, and removes nothing',
    async (action) => {
      const { sandbox, dead } = await unsettled();
      // The first look passes: one read of each, and a second search for the stale address.
      const after = action === 'DescribeNetworkInterfaces' ? 2 : 1;
      sandbox.faults.add({ kind: 'http500', action, after });
      const { status, document } = await onBridge(sandbox, 'sync');
      expect(status).toBe(4);
      expect(bridgeOf(document).registered).toHaveLength(1);
      expect(bridgeOf(document).deregister).toHaveLength(1);
      expect(bridgeOf(document).error.code).toBe(document.error.code);
      expect(registered(sandbox)).toContain(dead);
      sandbox.faults.clear();
      expect((await onBridge(sandbox, 'sync')).status).toBe(0);
      expect(registered(sandbox)).not.toContain(dead);
    },
  );

  test('a deregister error after a registration is 4, without one it is 1', async () => {
    const { sandbox } = await unsettled();
    sandbox.faults.add({ kind: 'accessDenied', action: 'DeregisterTargets' });
    expect((await onBridge(sandbox, 'sync')).status).toBe(4);
    expect((await onBridge(sandbox, 'sync')).status).toBe(1);
  });

  test('a registration that AWS does not show yet neither repeats nor lets anything go', async () => {
    const { sandbox, dead } = await unsettled();
    sandbox.faults.add({ kind: 'stale', action: 'DescribeTargetHealth', seconds: 30 });
    sandbox.world.clock.advance(1);
    sandbox.world.clock.advance(40);
    const { status } = await onBridge(sandbox, 'sync', ['--min-healthy', '100%']);
    expect(status).toBe(0);
    expect(writes(sandbox).filter((action) => action === 'RegisterTargets')).toHaveLength(1);
    expect(registered(sandbox)).not.toContain(dead);
  });

  test('a reply that was lost is asked for again, and nothing is registered twice', async () => {
    const { sandbox } = await unsettled();
    sandbox.faults.add({ kind: 'lostReply', action: 'RegisterTargets', count: 1 });
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    expect(registered(sandbox)).toHaveLength(3);
  });

  test('a tag that cannot be written keeps every target out', async () => {
    const sandbox = await sandboxOf();
    sandbox.faults.add({ kind: 'accessDenied', action: 'AddTags' });
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(1);
    expect(document.error.suggestions.join(' ')).toContain('elasticloadbalancing:AddTags');
    expect(registered(sandbox)).toEqual([]);
  });
});
