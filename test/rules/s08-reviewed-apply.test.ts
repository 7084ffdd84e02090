import { describe, expect, test } from 'vitest';
import { become } from '../../src/sandbox/engine/targets.js';
import type { Target } from '../../src/sandbox/state.js';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';

describe('S8: reviewed apply', () => {
  test('the fingerprint of diff lets exactly that plan through', async () => {
    const sandbox = await sandboxOf();
    const plan = await onBridge(sandbox, 'diff');
    const { fingerprint } = plan.document.result;
    expect(fingerprint).toMatch(/^[0-9a-f]{8}$/);
    const dry = await onBridge(sandbox, 'sync', ['--dry-run']);
    expect(dry.document.result.fingerprint).toBe(fingerprint);
    const { status } = await onBridge(sandbox, 'sync', ['--expect', fingerprint]);
    expect(status).toBe(0);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('another plan is refused, and nothing is written', async () => {
    const sandbox = await sandboxOf();
    const { fingerprint } = (await onBridge(sandbox, 'diff')).document.result;
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 60);
    const { status, document } = await onBridge(sandbox, 'sync', ['--expect', fingerprint]);
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S8');
    expect(document.error.message).toContain(fingerprint);
    expect(writes(sandbox)).toEqual([]);
  });

  test('health is not part of it: a plan may be applied when its targets have become healthy', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group, subnets } = sandbox.stage;
    builder.targets(group, [builder.unusedAddress(subnets[0] as never)]);
    const { fingerprint } = (await onBridge(sandbox, 'diff')).document.result;
    advance(sandbox, 300);
    const { status, document } = await onBridge(sandbox, 'sync', ['--expect', fingerprint]);
    expect(status).toBe(0);
    expect(bridgeOf(document).deregistered).toHaveLength(1);
  });

  test('what went stale after the review is held', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group, subnets } = sandbox.stage;
    event(sandbox, 'scale-out', { zone: builder.zone('a') });
    advance(sandbox, 60);
    const { fingerprint } = (await onBridge(sandbox, 'diff')).document.result;
    // While the registration is under way a dead target comes in, which any other run would remove at once.
    const late = builder.unusedAddress(subnets[0] as never);
    sandbox.faults.add({ kind: 'slow', action: 'RegisterTargets', seconds: 0.5 });
    const watch = setInterval(() => {
      if (!writes(sandbox).includes('RegisterTargets') || group.targets.has(`${late}:80`)) return;
      builder.targets(group, [late]);
      become(group.targets.get(`${late}:80`) as Target, 'unhealthy', 'Target.FailedHealthChecks');
    }, 5);
    const { status, document } = await onBridge(sandbox, 'sync', ['--expect', fingerprint]);
    clearInterval(watch);
    expect(status).toBe(0);
    expect(bridgeOf(document)).toMatchObject({ converged: false, held: [{ ip: late, heldBy: 'S8' }] });
    expect(registered(sandbox)).toContain(`${late}:80`);
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    expect(registered(sandbox)).not.toContain(`${late}:80`);
  });
});
