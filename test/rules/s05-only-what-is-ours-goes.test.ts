import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { albAddresses, bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';
import { lbbridgeJson } from '../support/cli.js';

const SOURCE = 'lbbridge:source';
const OTHER = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/other/0123456789abcdef';

const tagOf = ({ stage }: Sandbox): string | undefined => stage.group.tags.get(SOURCE);
const foreignOf = (sandbox: Sandbox): string => {
  const own = albAddresses(sandbox);
  return registered(sandbox).find((target) => !own.includes(target.split(':')[0] ?? '')) ?? '';
};

describe('S5: only what is ours goes', () => {
  test('an untagged group with nothing foreign in it is tagged before its first target', async () => {
    const sandbox = await sandboxOf();
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(writes(sandbox)).toEqual(['AddTags', 'RegisterTargets']);
    expect(tagOf(sandbox)).toBe(sandbox.stage.alb.arn);
  });

  test('an untagged group with foreign targets keeps them until --adopt', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const foreign = foreignOf(sandbox);
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(3);
    expect(document.error.rule).toBe('S5');
    expect(document.error.suggestions.join(' ')).toContain('--adopt');
    expect(bridgeOf(document).registered).toHaveLength(1);
    expect(registered(sandbox)).toContain(foreign);
    expect(tagOf(sandbox)).toBeUndefined();

    const adopted = await onBridge(sandbox, 'sync', ['--adopt']);
    expect(adopted.status).toBe(0);
    expect(registered(sandbox)).not.toContain(foreign);
    expect(tagOf(sandbox)).toBe(sandbox.stage.alb.arn);
  });

  test('a foreign target that drains counts no more', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const foreign = foreignOf(sandbox);
    for (const target of sandbox.stage.group.targets.values()) {
      if (foreign.startsWith(`${target.id}:`)) target.state = 'draining';
    }
    expect((await onBridge(sandbox, 'sync')).status).toBe(0);
    expect(tagOf(sandbox)).toBe(sandbox.stage.alb.arn);
  });

  test.each([[[]], [['--adopt']], [['--prune', 'all']], [['--allow-empty']], [['--adopt-from', sourceOf('x')]]])(
    "another load balancer's group is not touched, whatever %j says",
    async (flags: string[]) => {
      const sandbox = await sandboxOf({ scenario: 'shared-group' });
      sandbox.stage.group.tags.set(SOURCE, OTHER);
      const before = registered(sandbox);
      const { status, document } = await onBridge(sandbox, 'sync', flags);
      expect(status).toBe(3);
      expect(document.error.rule).toBe('S5');
      expect(document.error.suggestions.join(' ')).toContain(`--adopt-from ${OTHER}`);
      expect(writes(sandbox)).toEqual([]);
      expect(registered(sandbox)).toEqual(before);
    },
  );

  test('--adopt-from takes it over: the tag changes hands first', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    sandbox.stage.group.tags.set(SOURCE, OTHER);
    const foreign = foreignOf(sandbox);
    const { status } = await onBridge(sandbox, 'sync', ['--adopt-from', OTHER]);
    expect(status).toBe(0);
    expect(writes(sandbox)).toEqual(['AddTags', 'RegisterTargets', 'DeregisterTargets']);
    expect(tagOf(sandbox)).toBe(sandbox.stage.alb.arn);
    expect(registered(sandbox)).not.toContain(foreign);
  });

  test('owned: true in the file needs no tag and writes none, but does not beat another one’s tag', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const { alb, group } = sandbox.stage;
    const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
    writeFileSync(
      join(cwd, 'lbbridge.yaml'),
      `bridges:\n  edge:\n    alb: ${alb.arn}\n    targetGroup: ${group.name}\n    owned: true\n`,
    );
    const foreign = foreignOf(sandbox);
    const { status } = await lbbridgeJson(['sync'], { cwd, env: { ...sandbox.environment } });
    expect(status).toBe(0);
    expect(registered(sandbox)).not.toContain(foreign);
    expect(tagOf(sandbox)).toBeUndefined();
    group.tags.set(SOURCE, OTHER);
    expect((await lbbridgeJson(['sync'], { cwd, env: { ...sandbox.environment } })).status).toBe(3);
  });

  test('--prune all does without a tag and writes none; --prune none never deregisters', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const foreign = foreignOf(sandbox);
    const none = await onBridge(sandbox, 'sync', ['--prune', 'none']);
    expect(none.status).toBe(0);
    expect(bridgeOf(none.document)).toMatchObject({ inSync: true, kept: [{ ip: foreign.split(':')[0] }] });
    expect(registered(sandbox)).toContain(foreign);
    const all = await onBridge(sandbox, 'sync', ['--prune', 'all']);
    expect(all.status).toBe(0);
    expect(registered(sandbox)).not.toContain(foreign);
    expect(writes(sandbox)).not.toContain('AddTags');
  });

  test('--keep spares a block of addresses, and is no failure', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const foreign = foreignOf(sandbox);
    const [ip] = foreign.split(':') as [string];
    const { status, document } = await onBridge(sandbox, 'sync', ['--keep', `${ip}/32`, '--keep', 'fd00::/8']);
    expect(status).toBe(0);
    expect(bridgeOf(document).kept).toMatchObject([{ ip }]);
    expect(registered(sandbox)).toContain(foreign);
    expect(tagOf(sandbox)).toBeUndefined();
  });

  test('one group cannot be two bridges', async () => {
    const sandbox = await sandboxOf();
    const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
    const { alb, group } = sandbox.stage;
    writeFileSync(
      join(cwd, 'lbbridge.yaml'),
      `bridges:\n  a: {alb: web, targetGroup: ${group.name}}\n  b: {alb: ${alb.arn}, targetGroup: ${group.arn}, port: 8080}\n`,
    );
    const { status, document } = await lbbridgeJson(['sync'], { cwd, env: { ...sandbox.environment } });
    expect(status).toBe(64);
    expect(document.error.code).toBe('SharedTargetGroup');
    expect(writes(sandbox)).toEqual([]);
  });
});

function sourceOf(name: string): string {
  return OTHER.replace('/other/', `/${name}/`);
}
