import { describe, expect, test } from 'vitest';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';

describe('S3: a partial view only adds', () => {
  test('a zone that shows no address keeps its targets, and a new address is registered all the same', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const before = registered(sandbox);
    event(sandbox, 'scale-out', { zone: 'us-east-1a' });
    advance(sandbox, 60);
    sandbox.faults.add({
      kind: 'hide',
      action: 'DescribeNetworkInterfaces',
      zoneId: sandbox.stage.builder.zone('b'),
    });
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S3');
    expect(document.error.message).toContain('us-east-1b');
    expect(bridgeOf(document).registered).toHaveLength(1);
    expect(bridgeOf(document).held.map(({ heldBy }: { heldBy: string }) => heldBy)).toEqual(['S3']);
    expect(registered(sandbox)).toEqual(expect.arrayContaining(before));
    expect(registered(sandbox)).toHaveLength(3);
    expect(writes(sandbox)).toEqual(['RegisterTargets']);
  });

  test('a load balancer that is still being set up gives up nothing', async () => {
    const sandbox = await sandboxOf({ scenario: 'provisioning' });
    const { builder, group, subnets } = sandbox.stage;
    const stale = builder.unusedAddress(subnets[0] as never);
    builder.targets(group, [stale]);
    const { status, document } = await onBridge(sandbox, 'sync', ['--adopt']);
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S3');
    expect(document.error.message).toContain('provisioning');
    expect(registered(sandbox)).toContain(`${stale}:80`);
    expect(registered(sandbox)).toHaveLength(3);
  });

  test('active_impaired is whole enough, failed is not', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    event(sandbox, 'impair');
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    event(sandbox, 'fail');
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.message).toContain('failed');
  });

  test('a load balancer that is not found is an error, not an empty one', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const before = albAddresses(sandbox).map((ip) => `${ip}:80`);
    sandbox.stage.builder.region.loadBalancers.delete(sandbox.stage.alb.arn);
    const { status, document } = await onBridge(sandbox, 'sync', ['--allow-empty']);
    expect(status).toBe(1);
    expect(document.error.code).toBe('LoadBalancerNotFound');
    expect(registered(sandbox)).toEqual(before);
  });
});
