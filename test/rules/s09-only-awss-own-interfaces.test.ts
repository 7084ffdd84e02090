import { describe, expect, test } from 'vitest';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';
import { lbbridgeJson } from '../support/cli.js';

describe("S9: only AWS's own interfaces count", () => {
  test('look-alikes are neither registered nor counted, and are listed with the reason', async () => {
    const sandbox = await sandboxOf({ scenario: 'look-alikes' });
    const own = albAddresses(sandbox);
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(registered(sandbox)).toEqual(own.map((ip) => `${ip}:80`));

    const { document } = await lbbridgeJson(['ips', sandbox.stage.alb.arn], { env: { ...sandbox.environment } });
    expect(document.result.addresses.map(({ ip }: { ip: string }) => ip).sort()).toEqual(own);
    const reasons = document.result.ignored.map(({ reason }: { reason: string }) => reason).sort();
    expect(reasons).toEqual([
      'attached by 727180483921, which is no load-balancing service of AWS',
      'not managed by AWS: somebody created it with this description',
    ]);
  });

  test('an interface that AWS is still attaching does not count yet', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.world.knobs['eni.attachSeconds'] = 1000;
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 60);
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(bridgeOf(document)).toMatchObject({ inSync: true, registered: [] });
    expect(albAddresses(sandbox)).toHaveLength(3);
    const ips = await lbbridgeJson(['ips', 'web'], { env: { ...sandbox.environment } });
    expect(ips.document.result.ignored).toMatchObject([{ reason: 'not in use: its status is available' }]);
  });
});
