import { describe, expect, test } from 'vitest';
import { shiftZone } from '../../src/sandbox/engine/scaling.js';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';

describe('S4: make before break', () => {
  test('the last serving target of a zone stays until its successor is healthy, and nobody is ever without one', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const { old, fresh } = replaceNode(sandbox, 'a');
    sandbox.meter.watch(sandbox.stage.group.arn);

    const first = await onBridge(sandbox, 'sync');
    expect(first.status).toBe(0);
    expect(bridgeOf(first.document).converged).toBe(false);
    expect(bridgeOf(first.document).held).toMatchObject([{ ip: old, heldBy: 'S4', health: 'healthy' }]);
    expect(bridgeOf(first.document).held[0].reason).toContain(fresh);
    expect(registered(sandbox)).toContain(`${old}:80`);

    advance(sandbox, 100);
    await onBridge(sandbox, 'sync');
    expect(registered(sandbox)).toContain(`${old}:80`);

    advance(sandbox, 60);
    const last = await onBridge(sandbox, 'sync');
    expect(bridgeOf(last.document)).toMatchObject({ converged: true, deregistered: [{ ip: old }] });
    expect(registered(sandbox)).not.toContain(`${old}:80`);

    advance(sandbox, 600);
    expect(sandbox.meter.read(sandbox.stage.group.arn)).toMatchObject({ downSeconds: 0, deadSeconds: 0 });
    expect(sandbox.meter.now(sandbox.stage.group.arn)).toMatchObject({ serving: 1, darkZones: [] });
  });

  test.each([
    ['2', 0, []],
    ['3', 1, ['S4']],
    ['67%', 1, ['S4']],
    ['66%', 0, []],
  ])('--min-healthy %s of three wanted with two healthy holds %i', async (minHealthy, _count, heldBy) => {
    const sandbox = await sandboxOf({ scenario: 'three-zones', knobs: interfacesGoFirst });
    const { builder, group } = sandbox.stage;
    // A second node of zone a goes; the target of zone c has only just come.
    const { old } = replaceNode(sandbox, 'c');
    const spare = [...group.targets.values()].find(({ id }) => id === old);
    if (spare) spare.zone = builder.zone('a');
    const { document } = await onBridge(sandbox, 'sync', ['--min-healthy', minHealthy]);
    expect(bridgeOf(document).held.map((target: { heldBy: string }) => target.heldBy)).toEqual(heldBy);
  });

  test('a stale target that does not serve goes at once', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group, subnets } = sandbox.stage;
    const dead = builder.unusedAddress(subnets[0] as never);
    builder.targets(group, [dead]);
    advance(sandbox, 300);
    const { status, document } = await onBridge(sandbox, 'sync', ['--min-healthy', '100%']);
    expect(status).toBe(0);
    expect(bridgeOf(document).deregistered).toMatchObject([{ ip: dead, health: 'unhealthy' }]);
  });

  test('while nobody is healthy the unhealthy ones serve, and stay', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    const { builder, group, nlb, subnets } = sandbox.stage;
    const dead = builder.unusedAddress(subnets[0] as never);
    builder.targets(group, [dead]);
    builder.forward(nlb, group);
    advance(sandbox, 300);
    const { document } = await onBridge(sandbox, 'sync', ['--adopt']);
    expect(bridgeOf(document).held).toMatchObject([{ ip: dead, heldBy: 'S4', health: 'unhealthy' }]);
    expect(registered(sandbox)).toContain(`${dead}:80`);
  });

  test('a target that a zonal shift keeps from traffic does not stand in for another', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const { builder, nlb } = sandbox.stage;
    const { old } = replaceNode(sandbox, 'a');
    await onBridge(sandbox, 'sync');
    advance(sandbox, 300);
    shiftZone(builder.region, nlb, builder.zone('a'), true);
    const { document } = await onBridge(sandbox, 'sync');
    expect(bridgeOf(document).held).toMatchObject([{ ip: old, heldBy: 'S4' }]);
    shiftZone(builder.region, nlb, builder.zone('a'), false);
    const ended = await onBridge(sandbox, 'sync');
    expect(bridgeOf(ended.document).deregistered).toMatchObject([{ ip: old }]);
  });

  test('where no listener sends to the group, registered is enough', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    const { builder, group, subnets } = sandbox.stage;
    const stale = builder.unusedAddress(subnets[0] as never);
    builder.targets(group, [stale]);
    const { status, document } = await onBridge(sandbox, 'sync', ['--adopt', '--wait', '5s']);
    expect(status).toBe(0);
    expect(bridgeOf(document).deregistered).toMatchObject([{ ip: stale, health: 'unused' }]);
    expect(document.warnings.map(({ code }: { code: string }) => code).sort()).toEqual([
      'HealthUnknown',
      'TargetGroupNotAttached',
    ]);
  });

  test('zones of another account are matched by their ids, not their names', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-vpc', knobs: interfacesGoFirst });
    const theirs = ['--alb-role-arn', 'arn:aws:iam::444455556666:role/bridge'];
    await onBridge(sandbox, 'sync', theirs);
    advance(sandbox, 300);
    const { old, fresh } = replaceNode(sandbox, 'a');
    const held = await onBridge(sandbox, 'sync', theirs);
    expect(bridgeOf(held.document).registered).toMatchObject([{ ip: fresh }]);
    expect(bridgeOf(held.document).held).toMatchObject([{ ip: old, heldBy: 'S4' }]);
    advance(sandbox, 300);
    const done = await onBridge(sandbox, 'sync', theirs);
    expect(bridgeOf(done.document)).toMatchObject({ converged: true, deregistered: [{ ip: old }] });
    expect(writes(sandbox).filter((action) => action === 'DeregisterTargets')).toHaveLength(1);
  });
});
