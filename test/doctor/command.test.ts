import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { advices } from '../../src/plan/doctor/advice.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { type Document, lbbridge, lbbridgeJson } from '../support/cli.js';
import { wordsOf } from './commands.js';
import { examine, onlyBridge } from './support.js';

const bridge = ['--alb', 'web', '--target-group', 'nlb-edge'];

const doctor = (sandbox: Sandbox, args: readonly string[] = bridge, env: Record<string, string> = {}) =>
  lbbridgeJson(['doctor', ...args], { env: { ...sandbox.environment, ...env } });

const findingsOf = ({ result }: Document): Document[] => result.bridges[0].findings;

describe('lbbridge doctor', () => {
  test('ends with 0 for a sound bridge and for warnings, with 2 and no error for errors, and writes nothing', async () => {
    for (const [scenario, status, ids] of [
      ['sound', 0, []],
      ['synced', 0, ['connections-outlive-targets']],
      ['bridge', 2, ['no-targets', 'connections-outlive-targets']],
    ] as const) {
      const sandbox = await sandboxOf({ scenario });
      const answer = await doctor(sandbox);
      expect([scenario, answer.status, answer.document.error]).toEqual([scenario, status, undefined]);
      expect(findingsOf(answer.document).map(({ id }) => id)).toEqual(ids);
      expect(writes(sandbox)).toEqual(['AuthorizeSecurityGroupIngress']);
      const [dryRun] = sandbox.journal.entries.filter(({ action }) => action.startsWith('Authorize'));
      expect(dryRun).toMatchObject({ code: 'DryRunOperation' });
    }
  });

  test('people read errors first, within 80 columns but for what is to be pasted', async () => {
    const sandbox = await sandboxOf();
    const { stdout, stderr, status } = await lbbridge(['doctor', ...bridge], { env: { ...sandbox.environment } });
    expect([status, stderr]).toEqual([2, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('nlb-edge: 1 error, 1 warning.');
    expect(lines[2]).toBe('error    no-targets');
    expect(lines).toContain('    lbbridge sync --alb web --target-group nlb-edge');
    for (const line of lines) if (!/^ {4}(aws|lbbridge) |arn:/.test(line)) expect(line.length).toBeLessThanOrEqual(80);
    const order = ['error    ', 'warning  ', 'advice   '].map((word) =>
      lines.findIndex((line) => line.startsWith(word)),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const sound = await sandboxOf({ scenario: 'sound' });
    const read = await lbbridge(['doctor', ...bridge], { env: { ...sound.environment } });
    expect(read.stdout.split('\n')[0]).toBe('nlb-edge is sound.');
  });

  test('--quiet says nothing of a sound bridge, nor of warnings', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const quiet = () => lbbridge(['doctor', ...bridge, '-q'], { env: { ...sandbox.environment } });
    expect(await quiet()).toEqual({ status: 0, stdout: '', stderr: '' });
    sandbox.stage.group.targets.clear();
    expect((await quiet()).stdout).toContain('no-targets');
  });

  test('every bridge of the file is looked at, and commands name it as the user did', async () => {
    const sandbox = await sandboxOf();
    const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
    const file = join(cwd, "it's mine.yaml");
    const { alb, group } = sandbox.stage;
    writeFileSync(
      file,
      `bridges:\n  edge:\n    alb: ${alb.arn}\n    targetGroup: ${group.arn}\n  gone:\n    alb: web\n    targetGroup: other\n`,
    );
    const env = { env: { ...sandbox.environment } };
    const all = await lbbridgeJson(['doctor', '--config', file], env);
    expect(all.status).toBe(1);
    expect(all.document.error.message).toMatch(/^gone: .*other/);
    expect(all.document.result.bridges[1]).toMatchObject({
      name: 'gone',
      findings: [],
      error: { code: 'TargetGroupNotFound' },
    });
    const one = await lbbridgeJson(['doctor', 'edge', '--config', file, '--region', 'us-east-1'], env);
    expect(one.status).toBe(2);
    const [first, second] = findingsOf(one.document).map(({ command }) => wordsOf(command.replaceAll("'\\''", '’')));
    expect(first).toEqual(['lbbridge', 'sync', 'edge', '--config', file.replace("'", '’'), '--region', 'us-east-1']);
    expect(second?.slice(-2)).toEqual(['--region', 'us-east-1']);
  });

  test('twenty bridges share every read that AWS can answer together', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const { loadBalancers, targetGroups } = sandbox.stage.builder.region;
    const bridges = [...targetGroups.values()].map((group) => {
      const alb = [...loadBalancers.values()].find(({ name }) => name === group.name.replace('nlb-edge', 'web'));
      return `  ${alb?.name}:\n    alb: ${alb?.arn}\n    targetGroup: ${group.arn}\n`;
    });
    const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
    writeFileSync(join(cwd, 'lbbridge.yaml'), `bridges:\n${bridges.join('')}`);
    const { status, document } = await lbbridgeJson(['doctor'], { cwd, env: { ...sandbox.environment } });
    expect([status, document.result.bridges.length]).toEqual([0, 20]);
    const calls = (action: string): number => sandbox.journal.actions().filter((one) => one === action).length;
    const once = ['DescribeSecurityGroups', 'DescribeSecurityGroupRules', 'DescribeSubnets', 'DescribeAccountLimits'];
    for (const action of once) expect([action, calls(action)]).toEqual([action, 1]);
    // Of the NLB that they all have, once; of each ALB, once.
    expect(calls('DescribeLoadBalancerAttributes')).toBe(1);
    expect(calls('DescribeListeners')).toBe(21);
  });

  test('profile and role come with the commands', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const role = ['--role-arn', 'arn:aws:iam::111122223333:role/bridge'];
    const { document } = await doctor(sandbox, [...bridge, ...role]);
    const [{ remedy }] = findingsOf(document) as [Document];
    expect(remedy).toContain('arn:aws:iam::111122223333:role/bridge');
    sandbox.stage.group.tags.set('lbbridge:paused', 'x');
    const paused = await doctor(sandbox, [...bridge, ...role]);
    const { command } = findingsOf(paused.document).find(({ id }) => id === 'paused');
    expect(wordsOf(command).slice(0, 2)).toEqual(['lbbridge', 'resume']);
    expect(wordsOf(command).slice(-2)).toEqual(role);
  });

  test('a region in which there is none, an NLB that is none and a bridge with one end are told', async () => {
    const sandbox = await sandboxOf();
    expect((await doctor(sandbox, [...bridge, '--region', 'eu-west-1'])).status).toBe(1);
    expect((await doctor(sandbox, ['--alb', 'web'])).status).toBe(64);
    expect((await doctor(sandbox, [...bridge, '--nlb', 'net*'])).status).toBe(64);
  });

  test('the lock of this process counts only where something is to be changed', async () => {
    const lock = { LBBRIDGE_READ_ONLY: '1' };
    const synced = await sandboxOf({ scenario: 'sound' });
    expect((await doctor(synced, bridge, lock)).status).toBe(0);
    const empty = await sandboxOf({ scenario: 'bridge' });
    const [first] = findingsOf((await doctor(empty, bridge, lock)).document);
    expect(first).toMatchObject({ id: 'changes-locked', message: expect.stringContaining('LBBRIDGE_READ_ONLY') });
    expect(first.command).toBeUndefined();
  });

  test('docs/doctor.md is what the table says', () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/findings.mjs', import.meta.url)), '--check']);
  });
});

describe('what AWS does not let us look at', () => {
  const denied = (action: string) => ({ kind: 'accessDenied' as const, action });

  test.each([
    'DescribeListeners',
    'DescribeTargetGroupAttributes',
    'DescribeLoadBalancerAttributes',
    'DescribeSecurityGroupRules',
  ])('without %s nobody can say that the bridge is sound, and what was found is shown', async (action) => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.stage.group.tags.set('ManagedBy', 'terraform');
    sandbox.faults.add(denied(action));
    const { status, document } = await doctor(sandbox);
    expect(status).toBe(1);
    expect(document.error.message).toMatch(new RegExp(`^Could not look at .*${action}`));
    expect(document.result.bridges[0].error).toEqual(document.error);
    expect(findingsOf(document).map(({ id }) => id)).toContain('terraform-tags');
  });

  test.each(['DescribeSubnets', 'DescribeAccountLimits'])('without %s a warning tells of the gap', async (action) => {
    const sandbox = await sandboxOf({ scenario: 'sound' });
    sandbox.faults.add(denied(action));
    const { status, document } = await doctor(sandbox);
    expect(status).toBe(0);
    expect(document.warnings).toMatchObject([{ code: 'NotLookedAt', message: expect.stringContaining(action) }]);
  });

  test('an NLB that the group names and AWS does not find leaves the bridge unjudged', async () => {
    const sandbox = await sandboxOf({ scenario: 'sound' });
    const nlb = sandbox.stage.nlb.arn;
    const params = { 'LoadBalancerArns.member.1': nlb };
    sandbox.faults.add({ kind: 'error', action: 'DescribeLoadBalancers', params, code: 'LoadBalancerNotFound' });
    const { status, document } = await doctor(sandbox);
    expect([status, document.error.code]).toEqual([1, 'LoadBalancerNotFound']);
    expect(document.error.message).toContain(nlb);
  });

  test('an NLB of the bridge file that there is not hides nothing else', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    sandbox.stage.group.tags.set('ManagedBy', 'terraform');
    const { status, document } = await doctor(sandbox, [...bridge, '--nlb', 'nowhere']);
    expect([status, document.error.code]).toEqual([1, 'LoadBalancerNotFound']);
    expect(findingsOf(document).map(({ id }) => id)).toContain('terraform-tags');
  });

  test('what a sync cannot read either fails the bridge as a whole', async () => {
    const sandbox = await sandboxOf({ scenario: 'sound' });
    sandbox.faults.add(denied('DescribeTargetHealth'));
    const { status, document } = await doctor(sandbox);
    expect([status, document.error.code]).toEqual([1, 'AccessDenied']);
    expect(document.result.bridges[0]).toMatchObject({ findings: [], advice: [] });
  });
});

describe('advice', () => {
  const adviceOf = async (sandbox: Sandbox): Promise<string[]> =>
    onlyBridge(await examine(sandbox)).advice.map(({ id }) => id);

  test('a bridge within one VPC is told of alb groups and of VPC Link V2, with steps and what would be lost', async () => {
    const { advice } = onlyBridge(await examine(await sandboxOf({ scenario: 'sound' })));
    expect(advice.map(({ id }) => id)).toEqual(['alb-target-group', 'rest-api-vpc-link']);
    for (const { message, steps } of advice) {
      expect(message).toContain('Its limits: ');
      expect(steps.at(-1)).toMatch(/^Lost would be: /);
    }
    expect(advice[0]?.steps.join('\n')).toContain('with weight 0');
  });

  test('what an alb group cannot do keeps the advice away', async () => {
    const tls = await sandboxOf({ scenario: 'sound' });
    for (const listener of tls.stage.builder.region.listeners.values()) listener.protocol = 'TLS';
    expect(await adviceOf(tls)).not.toContain('alb-target-group');
    const unattached = await sandboxOf({ scenario: 'unattached' });
    expect(await adviceOf(unattached)).toEqual([]);
  });

  test('another VPC or account, and a public NLB, have advice of their own', async () => {
    expect(await adviceOf(await sandboxOf({ scenario: 'peered' }))).toEqual(['resource-endpoint']);
    const open = await sandboxOf({ scenario: 'sound' });
    open.stage.nlb.scheme = 'internet-facing';
    expect(await adviceOf(open)).toEqual(['alb-target-group', 'global-accelerator', 'cloudfront-vpc-origin']);
  });

  test('every advice has been seen here', () => {
    expect(Object.keys(advices).sort()).toEqual(
      [
        'alb-target-group',
        'cloudfront-vpc-origin',
        'global-accelerator',
        'resource-endpoint',
        'rest-api-vpc-link',
      ].sort(),
    );
  });
});
