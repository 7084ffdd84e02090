import { describe, expect, test } from 'vitest';
import { onBridge, sandboxOf, writes } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

describe('pause and resume', () => {
  test('a pause of an hour stops a sync until it is over or ended', async () => {
    const sandbox = await sandboxOf();
    const env = { ...sandbox.environment };
    const before = Date.now();
    const { status, document } = await lbbridgeJson(['pause', 'nlb-edge', '--for', '1h', '--reason', 'load test'], {
      env,
    });
    expect(status).toBe(0);
    const until = Date.parse(document.result.paused);
    expect(until - before).toBeGreaterThanOrEqual(3_600_000);
    expect(until - before).toBeLessThan(3_700_000);
    const refused = await onBridge(sandbox, 'sync');
    expect(refused.status).toBe(3);
    expect(refused.document.error).toMatchObject({ rule: 'S7', message: expect.stringContaining('load test') });
    expect(refused.document.error.suggestions[0]).toContain('lbbridge resume nlb-edge');

    const locked = { ...env, LBBRIDGE_READ_ONLY: '1' };
    const kept = await lbbridgeJson(['resume', 'nlb-edge'], { env: locked });
    expect([kept.status, kept.document.result.paused]).toEqual([3, document.result.paused]);

    const resumed = await lbbridgeJson(['resume', sandbox.stage.group.arn], { env });
    expect(resumed.document.result.paused).toBe(false);
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    expect([...sandbox.stage.group.tags.keys()]).toEqual(['lbbridge:source']);
  });

  test('without --for it lasts until resumed; a new pause replaces the old one and its reason', async () => {
    const sandbox = await sandboxOf();
    const env = { ...sandbox.environment };
    await lbbridge(['pause', 'nlb-edge', '--for', '1h', '--reason', 'load test'], { env });
    const { document } = await lbbridgeJson(['pause', 'nlb-edge'], { env });
    expect(document.result.paused).toBe(true);
    expect(sandbox.stage.group.tags.has('lbbridge:pause-reason')).toBe(false);
    expect((await onBridge(sandbox, 'sync')).status).toBe(3);
  });

  test('who paused it is told to whoever meets the pause, a role’s session too, and goes with it', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const env = { ...sandbox.environment };
    const role = ['--role-arn', 'arn:aws:iam::111122223333:role/bridge'];
    await lbbridge(['pause', 'nlb-edge', '--reason', 'load test', ...role], { env });
    const by = 'arn:aws:sts::111122223333:assumed-role/bridge/lbbridge';
    expect(sandbox.stage.group.tags.get('lbbridge:paused-by')).toBe(by);
    const idle = await onBridge(sandbox, 'sync');
    expect(idle.document.warnings[0].message).toContain(`by ${by} (load test)`);
    sandbox.stage.group.targets.clear();
    expect((await onBridge(sandbox, 'sync')).document.error.message).toContain(`by ${by} (load test)`);
    await lbbridge(['pause', 'nlb-edge'], { env });
    expect((await onBridge(sandbox, 'sync')).document.error.message).toContain(
      'until its tag lbbridge:paused is removed by arn:aws:iam::111122223333:user/sandbox: nothing',
    );
    await lbbridge(['resume', 'nlb-edge'], { env });
    expect([...sandbox.stage.group.tags.keys()]).toEqual(['lbbridge:source']);
  });

  test('a name that no tag takes is kept as far as a tag can hold it', async () => {
    const sandbox = await sandboxOf();
    const [credential] = sandbox.world.credentials.values();
    if (credential) credential.principal.arn = `arn:aws:sts::111122223333:assumed-role/a,b/${'x'.repeat(300)}`;
    expect((await lbbridge(['pause', 'nlb-edge'], { env: { ...sandbox.environment } })).status).toBe(0);
    const kept = sandbox.stage.group.tags.get('lbbridge:paused-by');
    expect(kept).toMatch(/assumed-role\/a_b\/x+$/);
    expect(kept).toHaveLength(256);
  });

  test.each(['accessDenied', 'reset', 'emptyBody'] as const)(
    'a caller who cannot be known (%s) pauses all the same',
    async (kind) => {
      const sandbox = await sandboxOf();
      sandbox.stage.group.tags.set('lbbridge:paused-by', 'somebody else');
      sandbox.faults.add({ kind, action: 'GetCallerIdentity' });
      const { status, document } = await lbbridgeJson(['pause', 'nlb-edge'], { env: { ...sandbox.environment } });
      expect([status, document.result.paused, document.warnings[0].code]).toEqual([0, true, 'CallerUnknown']);
      expect([...sandbox.stage.group.tags.keys()]).toEqual(['lbbridge:paused']);
    },
  );

  test('resuming what is not paused writes nothing', async () => {
    const sandbox = await sandboxOf();
    const { status, document } = await lbbridgeJson(['resume', 'nlb-edge'], { env: { ...sandbox.environment } });
    expect(status).toBe(0);
    expect(document.warnings[0].code).toBe('NotPaused');
    expect(writes(sandbox)).toEqual([]);
  });

  test('the lock stops both; a reason that no tag can hold, an unknown group and a missing one are told', async () => {
    const sandbox = await sandboxOf();
    sandbox.stage.group.tags.set('lbbridge:paused', 'x');
    const env = { ...sandbox.environment };
    const locked = { env: { ...env, LBBRIDGE_READ_ONLY: '1' } };
    for (const command of ['pause', 'resume']) {
      expect((await lbbridgeJson([command, 'nlb-edge'], locked)).document.error.rule).toBe('S7');
    }
    expect(writes(sandbox)).toEqual([]);
    expect((await lbbridgeJson(['pause', 'nlb-edge', '--reason', 'why?!'], { env })).document.error.code).toBe(
      'InvalidTagValue',
    );
    expect((await lbbridgeJson(['pause', 'nlb-egde'], { env })).document.error.suggestions[0]).toContain('nlb-edge');
    expect((await lbbridgeJson(['pause'], { env })).status).toBe(64);
  });
});
