import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import { interfacesGoFirst, replaceNode } from '../support/changes.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

interface Case {
  readonly what: string;
  readonly status: number;
  readonly code?: string;
  readonly args: (sandbox: Sandbox) => string[];
  readonly scenario?: SandboxOptions['scenario'];
  readonly knobs?: SandboxOptions['knobs'];
  readonly prepare?: (sandbox: Sandbox) => void;
  readonly env?: Record<string, string>;
}

const bridge = ['--alb', 'web', '--target-group', 'nlb-edge'];
const yaml = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'lbbridge-')), 'lbbridge.yaml');
  writeFileSync(file, text);
  return file;
};

const wrongKey = yaml('bridges:\n  edge:\n    alb: web\n    targetgroup: nlb-edge\n');

const cases: Case[] = [
  { what: 'in sync', status: 0, scenario: 'synced', args: () => ['diff', ...bridge] },
  { what: 'differences without --detailed-exitcode', status: 0, args: () => ['diff', ...bridge] },
  { what: 'differences with it', status: 2, args: () => ['diff', ...bridge, '--detailed-exitcode'] },
  { what: 'the same in a dry run', status: 2, args: () => ['sync', ...bridge, '--dry-run', '--detailed-exitcode'] },
  {
    what: 'in sync with it',
    status: 0,
    scenario: 'synced',
    args: () => ['diff', ...bridge, '--detailed-exitcode'],
  },
  {
    what: 'a removal that waits for health',
    status: 0,
    scenario: 'synced',
    knobs: interfacesGoFirst,
    prepare: (sandbox) => replaceNode(sandbox, 'a'),
    args: () => ['sync', ...bridge],
  },
  {
    what: 'not converged within --wait',
    status: 4,
    code: 'NotConverged',
    args: () => ['sync', ...bridge, '--wait', '1s'],
  },
  {
    what: 'a refusal',
    status: 3,
    code: 'Refused',
    scenario: 'shared-group',
    args: () => ['sync', ...bridge],
  },
  {
    what: 'a load balancer that is not there',
    status: 1,
    code: 'LoadBalancerNotFound',
    args: () => ['ips', 'nothing-like-it'],
  },
  {
    what: 'a target group that is not there',
    status: 1,
    code: 'TargetGroupNotFound',
    args: () => ['diff', '--alb', 'web', '--target-group', 'nlb-ede'],
  },
  {
    what: 'an NLB as --alb',
    status: 1,
    code: 'NotAnAlb',
    args: () => ['diff', '--alb', 'edge', '--target-group', 'nlb-edge'],
  },
  ...(['instance', 'alb', 'lambda'] as const).map(
    (type): Case => ({
      what: `a target group of type ${type}`,
      status: 1,
      code: 'WrongTargetType',
      scenario: 'other-types',
      args: () => ['diff', '--alb', 'web', '--target-group', `tg-${type}`],
    }),
  ),
  {
    what: 'a target group of an ALB',
    status: 1,
    code: 'NotAnNlbTargetGroup',
    scenario: 'other-types',
    args: () => ['diff', '--alb', 'web', '--target-group', 'tg-http'],
  },
  {
    what: 'access denied',
    status: 1,
    code: 'UnauthorizedOperation',
    prepare: ({ faults }) => faults.add({ kind: 'accessDenied', service: 'ec2' }),
    args: () => ['ips', 'web'],
  },
  {
    what: 'expired credentials',
    status: 1,
    code: 'ExpiredToken',
    prepare: ({ faults }) => faults.add({ kind: 'expiredToken', service: 'elasticloadbalancing' }),
    args: () => ['ips', 'web'],
  },
  {
    what: 'an access key that AWS does not know',
    status: 1,
    code: 'InvalidClientTokenId',
    env: { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' },
    args: () => ['ips', 'web'],
  },
  {
    what: 'nobody there',
    status: 1,
    code: 'NetworkError',
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    args: () => ['ips', 'web'],
  },
  {
    what: 'no credentials',
    status: 1,
    code: 'NoCredentials',
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    args: () => ['ips', 'web'],
  },
  {
    what: 'no region',
    status: 1,
    code: 'NoRegion',
    env: { AWS_REGION: '', AWS_DEFAULT_REGION: '' },
    args: () => ['ips', 'web'],
  },
  { what: 'an unknown command', status: 64, code: 'UnknownCommand', args: () => ['snyc'] },
  { what: 'an unknown command of a topic', status: 64, code: 'UnknownCommand', args: () => ['sg', 'frob'] },
  { what: 'no region', status: 64, code: 'InvalidRegion', args: () => ['diff', ...bridge, '--region', 'mars'] },
  {
    what: 'no URL',
    status: 64,
    code: 'InvalidEndpoint',
    args: () => ['diff', ...bridge, '--endpoint-url', 'nonsense'],
  },
  { what: 'an unknown flag', status: 64, code: 'Usage', args: () => ['sync', ...bridge, '--dryrun'] },
  { what: 'a flag without its value', status: 64, code: 'Usage', args: () => ['sync', '--alb'] },
  { what: 'a value that is no choice', status: 64, code: 'Usage', args: () => ['sync', ...bridge, '--prune', 'some'] },
  { what: 'only one end of a bridge', status: 64, code: 'MissingFlag', args: () => ['sync', '--alb', 'web'] },
  { what: 'neither flags nor a file', status: 64, code: 'NoBridge', args: () => ['sync'] },
  { what: 'a wildcard as a name', status: 64, args: () => ['ips', 'web*'] },
  { what: 'a port out of range', status: 64, code: 'InvalidPort', args: () => ['sync', ...bridge, '--port', '65536'] },
  { what: 'a broken duration', status: 64, code: 'InvalidDuration', args: () => ['sync', ...bridge, '--wait', 'soon'] },
  {
    what: 'more than all healthy',
    status: 64,
    code: 'InvalidMinHealthy',
    args: () => ['sync', ...bridge, '--min-healthy', '101%'],
  },
  {
    what: '--detailed-exitcode on a real sync',
    status: 64,
    code: 'Usage',
    args: () => ['sync', ...bridge, '--detailed-exitcode'],
  },
  {
    what: 'a file that is not there',
    status: 64,
    args: () => ['sync', '--config', '/nowhere/lbbridge.yaml'],
  },
  {
    what: 'a file with a wrong key',
    status: 64,
    code: 'ConfigInvalid',
    args: () => ['sync', '--config', wrongKey],
  },
  {
    what: 'an ARN of another region than --region',
    status: 64,
    code: 'RegionMismatch',
    args: ({ stage }) => ['diff', '--alb', 'web', '--target-group', stage.group.arn, '--region', 'eu-west-1'],
  },
  {
    what: 'a rule-lifting variable',
    status: 64,
    code: 'RuleLiftingVariable',
    env: { LBBRIDGE_ALLOW_EMPTY: '1' },
    args: () => ['diff', ...bridge],
  },
  { what: 'neither a load balancer nor a description', status: 64, code: 'Usage', args: () => ['ips'] },
];

test('a flag that is missing is named as it is typed', async () => {
  const { status, document } = await lbbridgeJson(['policy']);
  expect([status, document.error.message]).toEqual([64, 'Missing required flag --for']);
});

describe('the exit code is the same with and without --json', () => {
  test.each(cases)('$what: $status', async ({ status, code, args, scenario, knobs, prepare, env = {} }) => {
    const options = { scenario: scenario ?? 'bridge', knobs } as const;
    const plainly = await sandboxOf(options);
    prepare?.(plainly);
    const plain = await lbbridge(args(plainly), { env: { ...plainly.environment, ...env } });
    const documented = await sandboxOf(options);
    prepare?.(documented);
    const json = await lbbridgeJson(args(documented), { env: { ...documented.environment, ...env } });
    expect([plain.status, json.status]).toEqual([status, status]);
    expect(json.document.error?.code).toBe(code ?? (status === 64 ? json.document.error?.code : undefined));
    expect(Boolean(json.document.error)).toBe(status !== 0 && status !== 2);
    if (json.document.error) {
      expect(plain.stderr).toContain(json.document.error.message.split('\n')[0]);
      expect(plain.stderr).not.toMatch(/\n\s+at /);
      expect(json.stderr).toBe('');
    }
    if (status === 64) {
      expect(json.document.result).toBeNull();
      expect(plain.stdout).toBe('');
    }
  });
});
