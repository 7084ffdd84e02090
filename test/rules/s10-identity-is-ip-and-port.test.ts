import { describe, expect, test } from 'vitest';
import { deregister } from '../../src/sandbox/engine/targets.js';
import type { Target } from '../../src/sandbox/state.js';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance } from '../support/changes.js';

describe('S10: identity is ip:port', () => {
  test('a wanted target that drains is registered again; unhealthy.draining is left alone', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { group } = sandbox.stage;
    const [first, second] = [...group.targets.values()] as [Target, Target];
    deregister(sandbox.world, group, first);
    second.state = 'unhealthy.draining';
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).registered).toMatchObject([{ ip: first.id, health: 'draining' }]);
    expect(bridgeOf(document).unchanged).toContainEqual(
      expect.objectContaining({ ip: second.id, health: 'unhealthy.draining' }),
    );
    expect(writes(sandbox)).toEqual(['RegisterTargets']);
  });

  test('one address on two ports is two targets: the other port goes, the wanted one stays', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group } = sandbox.stage;
    const [ip] = albAddresses(sandbox) as [string];
    builder.targets(group, [ip], 8080);
    advance(sandbox, 400);
    const { document } = await onBridge(sandbox, 'sync');
    expect(bridgeOf(document).deregistered).toMatchObject([{ ip, port: 8080 }]);
    expect(registered(sandbox)).toContain(`${ip}:80`);
    expect(registered(sandbox)).not.toContain(`${ip}:8080`);
  });

  test('--port bridges another port than the group’s own', async () => {
    const sandbox = await sandboxOf();
    const { status } = await onBridge(sandbox, 'sync', ['--port', '8443']);
    expect(status).toBe(0);
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:8443`));
  });

  test('a wanted target under another zone is unchanged, with a warning, and nothing is sent', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const [target] = [...sandbox.stage.group.targets.values()] as [Target];
    target.zone = sandbox.stage.builder.zone('c');
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).unchanged).toHaveLength(2);
    expect(document.warnings[0]).toMatchObject({ code: 'ZoneDiffers' });
    expect(writes(sandbox)).toEqual([]);
  });

  test('a target goes by exactly the address, port and zone that AWS returned', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group, subnets } = sandbox.stage;
    const dead = builder.unusedAddress(subnets[1] as never);
    builder.targets(group, [dead], 8080);
    advance(sandbox, 300);
    await onBridge(sandbox, 'sync');
    const call = sandbox.journal.entries.find(({ action }) => action === 'DeregisterTargets');
    expect(call?.params).toMatchObject({
      'Targets.member.1.Id': dead,
      'Targets.member.1.Port': '8080',
      'Targets.member.1.AvailabilityZone': 'us-east-1b',
    });
  });

  test('in the group’s own VPC no zone is sent, in another VPC it is `all`', async () => {
    for (const [scenario, zone] of [
      ['bridge', undefined],
      ['peered', 'all'],
    ] as const) {
      const sandbox = await sandboxOf({ scenario });
      const { status } = await onBridge(sandbox, 'sync');
      expect(status).toBe(0);
      const call = sandbox.journal.entries.find(({ action }) => action === 'RegisterTargets');
      expect(call?.params['Targets.member.1.AvailabilityZone']).toBe(zone);
      expect(call?.code).toBeNull();
      expect(registered(sandbox)).toHaveLength(2);
    }
  });

  test('an address that a local subnet holds too is never registered: it would name a stranger', async () => {
    const sandbox = await sandboxOf({ scenario: 'overlapping' });
    const { builder, group } = sandbox.stage;
    const [ip] = albAddresses(sandbox) as [string];
    builder.targets(group, [ip]);
    const { status, document } = await onBridge(sandbox, 'sync', ['--adopt']);
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S10');
    expect(bridgeOf(document).held).toMatchObject([{ ip, heldBy: 'S10' }]);
    expect(writes(sandbox).filter((action) => action.endsWith('Targets'))).toEqual([]);
    expect(registered(sandbox)).toEqual([`${ip}:80`]);
  });

  test('an ipv6 group takes the IPv6 addresses, an ipv4 group the others', async () => {
    const sandbox = await sandboxOf({ scenario: 'dual-stack' });
    await onBridge(sandbox, 'sync');
    expect(registered(sandbox).every((target) => /^10\./.test(target))).toBe(true);
    const { builder, vpc, alb } = sandbox.stage;
    const group = builder.targetGroup('nlb-six', vpc, { IpAddressType: 'ipv6' });
    const six = { ...sandbox, stage: { ...sandbox.stage, group } };
    const { status } = await onBridge(six, 'sync');
    expect(status).toBe(0);
    expect(alb.nodes).toHaveLength(2);
    expect([...group.targets.values()].map(({ id }) => id.includes(':'))).toEqual([true, true]);
  });
});
