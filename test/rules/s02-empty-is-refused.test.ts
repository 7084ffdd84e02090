import { describe, expect, test } from 'vitest';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';

describe('S2: empty is refused', () => {
  test('a discovery that finds nothing deregisters nothing and ends with 3', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const before = registered(sandbox);
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces', count: 1 });
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S2');
    expect(bridgeOf(document).held.map(({ heldBy }: { heldBy: string }) => heldBy)).toEqual(['S2', 'S2']);
    expect(writes(sandbox)).toEqual([]);
    expect(registered(sandbox)).toEqual(before);
  });

  test('--allow-empty empties the bridge on purpose', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    const { status } = await onBridge(sandbox, 'sync', ['--allow-empty']);
    expect(status).toBe(0);
    expect(registered(sandbox)).toEqual([]);
  });

  test('--allow-empty changes nothing where an address is found', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { status, document } = await onBridge(sandbox, 'sync', ['--allow-empty']);
    expect(status).toBe(0);
    expect(bridgeOf(document).inSync).toBe(true);
    expect(registered(sandbox)).toHaveLength(2);
  });
});
