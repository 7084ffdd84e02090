import { describe, expect, test } from 'vitest';
import { giveAddress } from '../../src/sandbox/engine/scaling.js';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event, interfacesGoFirst, missing, replaceNode } from '../support/changes.js';

describe('S14: a stale address is looked up before it goes', () => {
  test('one that the first answer only missed is kept', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 400);
    await onBridge(sandbox, 'sync');
    advance(sandbox, 400);
    const [ip] = albAddresses(sandbox) as [string];
    const before = registered(sandbox);
    sandbox.faults.add(missing([ip]));
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).held).toMatchObject([{ ip, heldBy: 'S14' }]);
    expect(registered(sandbox)).toEqual(before);
    expect(writes(sandbox).filter((action) => action === 'DeregisterTargets')).toEqual([]);
  });

  test('one that a machine has got goes at once, although nothing else is healthy', async () => {
    const sandbox = await sandboxOf({
      scenario: 'synced',
      knobs: { ...interfacesGoFirst, 'alb.foreignOwnerAnswers': true },
    });
    const { builder, group } = sandbox.stage;
    const { old } = replaceNode(sandbox, 'a');
    giveAddress(sandbox.world, builder.region, old, 'instance');
    for (const target of group.targets.values()) if (target.id !== old) target.state = 'unhealthy';
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).deregistered).toMatchObject([{ ip: old, health: 'healthy' }]);
    expect(registered(sandbox)).not.toContain(`${old}:80`);
  });

  test('one that another load balancer has got goes by S4 alone', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const { builder, subnets } = sandbox.stage;
    const other = builder.alb('other', subnets);
    advance(sandbox, 300);
    const { old } = replaceNode(sandbox, 'a');
    giveAddress(sandbox.world, builder.region, old, other);
    advance(sandbox, 5);
    const { document } = await onBridge(sandbox, 'sync');
    expect(bridgeOf(document).held).toMatchObject([{ ip: old, heldBy: 'S4' }]);
  });

  test('no stranger lifts S2, S3 or S5', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group, subnets } = sandbox.stage;
    const ip = builder.unusedAddress(subnets[0] as never);
    builder.targets(group, [ip]);
    giveAddress(sandbox.world, builder.region, albAddresses(sandbox)[0] as string, 'instance');
    group.tags.delete('lbbridge:source');
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(['S3', 'S5']).toContain(document.error.rule);
    expect(writes(sandbox).filter((action) => action === 'DeregisterTargets')).toEqual([]);
  });

  test('in sync, nothing is looked up: five calls, all at once', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    await onBridge(sandbox, 'sync');
    expect(sandbox.journal.actions().sort()).toEqual([
      'DescribeLoadBalancers',
      'DescribeNetworkInterfaces',
      'DescribeTags',
      'DescribeTargetGroups',
      'DescribeTargetHealth',
    ]);
  });
});
