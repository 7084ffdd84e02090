import { describe, expect, test } from 'vitest';
import { deregister } from '../../src/sandbox/engine/targets.js';
import type { Target } from '../../src/sandbox/state.js';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event, interfacesGoFirst, missing, replaceNode } from '../support/changes.js';
import { lbbridgeJson } from '../support/cli.js';

/** What the scripts that people use for this job get wrong, each as a story of its own. */
describe('faults of known scripts', () => {
  test('an ALB `web` beside `web-2`, an NLB `my-web` and a classic load balancer `web`: only its own addresses', async () => {
    const sandbox = await sandboxOf({ scenario: 'look-alikes' });
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
  });

  test('1,500 matching interfaces: all pages, and only the exact ones are registered', async () => {
    const sandbox = await sandboxOf({ scenario: 'large' });
    const { document } = await lbbridgeJson(['ips', '--description', 'ELB app/web*'], {
      env: { ...sandbox.environment },
    });
    expect(document.result.addresses.length).toBeGreaterThan(1500);
    await onBridge(sandbox, 'sync');
    expect(registered(sandbox)).toHaveLength(6);
  });

  test('the same address on two ports: the diff sees the port', async () => {
    const sandbox = await sandboxOf();
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, albAddresses(sandbox), 8080);
    builder.tag(group, 'lbbridge:source', alb.arn);
    const { document } = await onBridge(sandbox, 'diff');
    expect(bridgeOf(document).register).toHaveLength(2);
    expect(bridgeOf(document).held).toHaveLength(2);
  });

  test('a wanted address that drains is brought back; one that is unhealthy.draining is left alone', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const [first, second] = [...sandbox.stage.group.targets.values()] as [Target, Target];
    deregister(sandbox.world, sandbox.stage.group, first);
    second.state = 'unhealthy.draining';
    await onBridge(sandbox, 'sync');
    const calls = sandbox.journal.entries.filter(({ action }) => action === 'RegisterTargets');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.params).not.toHaveProperty('Targets.member.2.Id');
    expect(calls[0]?.params['Targets.member.1.Id']).toBe(first.id);
  });

  test('a discovery that answers nothing, half, or an error on page 2 takes nothing away', async () => {
    for (const fault of [
      { kind: 'hide' as const, action: 'DescribeNetworkInterfaces' },
      { kind: 'hide' as const, action: 'DescribeNetworkInterfaces', zoneId: 'first' },
      { kind: 'accessDenied' as const, action: 'DescribeNetworkInterfaces', after: 1 },
    ]) {
      const sandbox = await sandboxOf({ scenario: 'large', knobs: { 'page.style': 'sparse' } });
      await onBridge(sandbox, 'sync');
      advance(sandbox, 300);
      const before = registered(sandbox);
      sandbox.journal.clear();
      const zoneId = 'zoneId' in fault ? sandbox.stage.builder.zone('a') : undefined;
      sandbox.faults.add({ ...fault, ...(zoneId ? { zoneId } : {}) });
      const { status } = await onBridge(sandbox, 'sync');
      expect([1, 3]).toContain(status);
      expect(registered(sandbox)).toEqual(before);
      expect(writes(sandbox)).toEqual([]);
    }
  });

  test('half an answer that still shows every zone is caught by the second look', async () => {
    const sandbox = await sandboxOf({ scenario: 'large' });
    await onBridge(sandbox, 'sync');
    advance(sandbox, 300);
    const before = registered(sandbox);
    const zone = sandbox.stage.builder.zone('a');
    const inZone = sandbox.stage.alb.nodes.filter(({ zoneId }) => zoneId === zone).map(({ ip }) => ip);
    sandbox.faults.add(missing(inZone.slice(1)));
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document).held.every(({ heldBy }: { heldBy: string }) => heldBy === 'S14')).toBe(true);
    expect(registered(sandbox)).toEqual(before);
  });

  test('a stale address that a machine has got is removed although nothing else is healthy', async () => {
    const sandbox = await sandboxOf({
      scenario: 'synced',
      knobs: { ...interfacesGoFirst, 'alb.foreignOwnerAnswers': true },
    });
    const { old } = replaceNode(sandbox, 'a');
    event(sandbox, 'give', { ip: old });
    for (const target of sandbox.stage.group.targets.values()) if (target.id !== old) target.state = 'unhealthy';
    await onBridge(sandbox, 'sync');
    expect(registered(sandbox)).not.toContain(`${old}:80`);
  });

  test('a whole replacement of the ALB’s nodes is followed without a second of outage', async () => {
    const sandbox = await sandboxOf({ scenario: 'three-zones', knobs: { 'tg.consensusJitterSeconds': 0 } });
    const before = albAddresses(sandbox);
    event(sandbox, 'replace');
    sandbox.meter.watch(sandbox.stage.group.arn);
    for (let minute = 0; minute < 20; minute++) {
      advance(sandbox, 60);
      const { status } = await onBridge(sandbox, 'sync');
      expect(status).toBe(0);
    }
    expect(albAddresses(sandbox).some((ip) => before.includes(ip))).toBe(false);
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
    expect(sandbox.meter.read(sandbox.stage.group.arn)).toMatchObject({ downSeconds: 0, strangerSeconds: 0 });
  });
});
