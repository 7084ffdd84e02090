import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

/** A folder with a file of the scenario's bridges, by ARNs. */
function folder({ stage }: Sandbox, more = ''): string {
  const { loadBalancers, targetGroups } = stage.builder.region;
  const groups = [...targetGroups.values()];
  const bridges = groups.map((group) => {
    const name = group.name.replace('nlb-edge', 'web');
    const alb = [...loadBalancers.values()].find((one) => one.name === name);
    return `  ${name}:\n    alb: ${alb?.arn}\n    targetGroup: ${group.arn}\n`;
  });
  const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
  writeFileSync(join(cwd, 'lbbridge.yaml'), `bridges:\n${bridges.join('')}${more}`);
  return cwd;
}

const count = ({ journal }: Sandbox, action: string): number =>
  journal.actions().filter((one) => one === action).length;

describe('many bridges in one run', () => {
  test('twenty in sync share every read that AWS can answer together', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const { status, document } = await lbbridgeJson(['sync'], {
      cwd: folder(sandbox),
      env: { ...sandbox.environment },
    });
    expect(status).toBe(0);
    expect(document.result.summary).toMatchObject({ bridges: 20, inSync: 20, registered: 0 });
    for (const action of [
      'DescribeLoadBalancers',
      'DescribeNetworkInterfaces',
      'DescribeTargetGroups',
      'DescribeTags',
    ]) {
      expect([action, count(sandbox, action)]).toEqual([action, 1]);
    }
    expect(count(sandbox, 'DescribeTargetHealth')).toBe(20);
    expect(writes(sandbox)).toEqual([]);
  });

  test('one that fails stops no other, and decides the exit code', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const { builder, group } = sandbox.stage;
    const cwd = folder(sandbox);
    for (const other of builder.region.targetGroups.values()) if (other !== group) other.targets.clear();
    builder.region.targetGroups.delete(group.arn);
    const { status, document } = await lbbridgeJson(['sync'], { cwd, env: { ...sandbox.environment } });
    expect(status).toBe(1);
    expect(document.error.message).toMatch(/^web: /);
    const [failed, ...others] = document.result.bridges;
    expect(failed).toMatchObject({ name: 'web', error: { code: 'TargetGroupNotFound' }, source: null, inSync: false });
    expect(others.every(({ inSync }: { inSync: boolean }) => inSync)).toBe(true);
    expect(document.result.summary).toMatchObject({ bridges: 20, inSync: 19, registered: 38 });
  });

  test('an error weighs more than a refusal, a refusal more than a difference', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const { builder, group } = sandbox.stage;
    const cwd = folder(sandbox);
    group.tags.set(
      'lbbridge:source',
      'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/x/0123456789abcdef',
    );
    const refused = await lbbridgeJson(['diff', '--detailed-exitcode'], { cwd, env: { ...sandbox.environment } });
    expect(refused.status).toBe(3);
    expect(refused.document.error).toMatchObject({ rule: 'S5', message: expect.stringMatching(/^web: /) });
    const [, another] = builder.region.targetGroups.values();
    if (another) builder.region.targetGroups.delete(another.arn);
    expect((await lbbridgeJson(['diff'], { cwd, env: { ...sandbox.environment } })).status).toBe(1);
  });

  test('arguments choose among them; an unknown one is named with its neighbours', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const cwd = folder(sandbox);
    const { document } = await lbbridgeJson(['diff', 'web-3', 'web-7'], { cwd, env: { ...sandbox.environment } });
    expect(document.result.bridges.map(({ name }: { name: string }) => name)).toEqual(['web-3', 'web-7']);
    const unknown = await lbbridgeJson(['diff', 'wbe-3'], { cwd, env: { ...sandbox.environment } });
    expect(unknown.status).toBe(64);
    expect(unknown.document.error.suggestions.join(' ')).toContain('web-3');
  });

  test('the fingerprint is of the whole run', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const cwd = folder(sandbox);
    const [first, second] = [...sandbox.stage.builder.region.targetGroups.values()];
    first?.targets.clear();
    const run = (...args: string[]) => lbbridgeJson(args, { cwd, env: { ...sandbox.environment } });
    const { fingerprint } = (await run('diff')).document.result;
    second?.targets.clear();
    const refused = await run('sync', '--expect', fingerprint);
    expect(refused.status).toBe(3);
    const rules = refused.document.result.bridges.map(
      ({ refusal }: { refusal: { rule: string } | null }) => refusal?.rule,
    );
    expect(rules.filter(Boolean)).toEqual(['S8', 'S8']);
    expect(writes(sandbox)).toEqual([]);
  });

  test('each waits for itself, with its own verdict', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const cwd = folder(sandbox);
    sandbox.stage.group.targets.clear();
    const { status, document } = await lbbridgeJson(['sync', 'web', 'web-1', '--wait', '1s'], {
      cwd,
      env: { ...sandbox.environment },
    });
    expect(status).toBe(4);
    expect(document.result.bridges.map(({ converged }: { converged: boolean }) => converged)).toEqual([false, true]);
  });

  test('people read one block or line for each', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const cwd = folder(sandbox);
    const { stdout } = await lbbridge(['sync', 'web', 'web-1'], { cwd, env: { ...sandbox.environment } });
    expect(stdout).toBe(
      'No changes. 2 targets of nlb-edge match web.\nNo changes. 2 targets of nlb-edge-1 match web-1.\n',
    );
  });
});
