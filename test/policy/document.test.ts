import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { policyScope } from '../../src/config/policy-scope.js';
import { leastPolicy } from '../../src/policy/index.js';
import { policyUses } from '../../src/policy/model.js';
import { policyWarnings } from '../../src/policy/warnings.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

const group = (partition: string, region: string, account = '111122223333') =>
  `arn:${partition}:elasticloadbalancing:${region}:${account}:targetgroup/nlb-edge/6d0ecf831eec9f09`;
const guard = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0';

const scopeOf = (targetGroups: string[] = [], securityGroups: string[] = [], region?: string) =>
  policyScope({ targetGroups, securityGroups, region });

/** What an action may be used on. */
const resources = (policy: ReturnType<typeof leastPolicy>, action: string): string[] =>
  policy.Statement.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);

describe('lbbridge policy', () => {
  test('prints the policy alone, as IAM takes it, and with --json the document', async () => {
    const flags = ['--for', 'sync', '--target-group', 'one', '--target-group', 'two'];
    const { status, stdout, stderr } = await lbbridge(['policy', ...flags]);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(leastPolicy('sync', scopeOf(['one', 'two'])));
    const { document } = await lbbridgeJson(['policy', ...flags]);
    expect(document.result).toEqual({ policy: JSON.parse(stdout) });
  });

  test('takes all of it from the environment, where a list is one text', async () => {
    const env = { LBBRIDGE_FOR: 'sync', LBBRIDGE_TARGET_GROUP: 'one,two' };
    const { document } = await lbbridgeJson(['policy'], { env });
    expect(document.result.policy).toEqual(leastPolicy('sync', scopeOf(['one', 'two'])));
  });

  test.each([[[]], [['--for', 'everything']], [['--for', 'sync', '--target-group', 'nlb-*']]])(
    '%j is a usage error',
    async (flags) => {
      expect((await lbbridgeJson(['policy', ...flags])).status).toBe(64);
    },
  );

  test('tells what to mind on stderr, and the policy stays clean', async () => {
    const { stdout, stderr } = await lbbridge(['policy', '--for', 'sync', '--security-group', 'sg-01234567']);
    expect(stderr).toContain('Nothing in this policy writes to arn:aws:ec2:*:*:security-group/sg-01234567.');
    expect(JSON.parse(stdout)).toEqual(leastPolicy('sync', scopeOf()));
  });
});

describe.each(policyUses)('the policy for %s', (use) => {
  const { Statement } = leastPolicy(use, scopeOf());

  test('has a name for each statement that IAM takes', () => {
    const sids = Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });

  test('allows no action twice on one resource, and by a wildcard nothing but reads', () => {
    const pairs = Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resource}`)),
    );
    expect(new Set(pairs).size).toBe(pairs.length);
    for (const action of Statement.flatMap(({ Action }) => Action)) {
      expect(action).toMatch(/^[a-z0-9-]+:([A-Za-z0-9]+|Describe\*)$/);
    }
  });

  test('is explained statement by statement in docs/policy.md', () => {
    const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
    const narrowed = leastPolicy(use, scopeOf(['nlb-edge'], ['sg-01234567'])).Statement;
    for (const { Sid } of [...Statement, ...narrowed]) expect(text).toContain(`\`${Sid}\``);
  });

  test('is short enough for IAM in the longest region', () => {
    const scope = scopeOf([], [], 'us-isob-west-1');
    expect(policyWarnings(leastPolicy(use, scope), scope)).toEqual([]);
  });

  test('is of the partition of the ARNs', () => {
    const policy = leastPolicy(use, scopeOf([group('aws-cn', 'cn-north-1')]));
    for (const arn of policy.Statement.flatMap(({ Resource }) => Resource)) {
      expect(arn === '*' || arn.startsWith('arn:aws-cn:')).toBe(true);
    }
  });
});

describe('what a policy is narrowed to', () => {
  const registers = (...args: Parameters<typeof scopeOf>) =>
    resources(leastPolicy('sync', scopeOf(...args)), 'elasticloadbalancing:RegisterTargets');
  const revokes = (...args: Parameters<typeof scopeOf>) =>
    resources(leastPolicy('sg', scopeOf(...args)), 'ec2:RevokeSecurityGroupIngress');

  test('every target group, unless some are named', () => {
    expect(registers()).toEqual(['arn:aws:elasticloadbalancing:*:*:targetgroup/*/*']);
    const arns = [group('aws', 'eu-west-1'), group('aws', 'us-east-1')];
    expect(registers(arns)).toEqual(arns);
  });

  test('a name stands for the group of that name, in the account and region of the others', () => {
    expect(registers(['nlb-edge'])).toEqual(['arn:aws:elasticloadbalancing:*:*:targetgroup/nlb-edge/*']);
    expect(registers(['nlb-edge', group('aws', 'eu-west-1')])).toEqual([
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/nlb-edge/*',
      group('aws', 'eu-west-1'),
    ]);
  });

  test('what the others do not agree on stays open', () => {
    expect(registers(['nlb-edge', group('aws', 'eu-west-1'), group('aws', 'us-east-1', '444455556666')])[0]).toBe(
      'arn:aws:elasticloadbalancing:*:*:targetgroup/nlb-edge/*',
    );
  });

  test('a security group by id or ARN', () => {
    expect(revokes([], [guard])).toEqual([guard]);
    expect(revokes([], ['sg-01234567'])).toEqual(['arn:aws:ec2:*:*:security-group/sg-01234567']);
    expect(revokes([group('aws', 'eu-west-1')], ['sg-01234567'])).toEqual([
      'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-01234567',
    ]);
  });

  test.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
  ])('the region %s, of the partition %s', (region, partition) => {
    expect(registers([], [], region)).toEqual([`arn:${partition}:elasticloadbalancing:${region}:*:targetgroup/*/*`]);
  });

  test.each([
    [['nlb-*'], [], undefined, 'InvalidTargetGroup'],
    [[], ['web'], undefined, 'InvalidSecurityGroup'],
    [[], ['arn:aws:ec2:eu-west-1:111122223333:instance/i-01234567'], undefined, 'InvalidSecurityGroup'],
    [[], [guard], 'us-east-1', 'RegionMismatch'],
    [[group('aws', 'eu-west-1')], [], 'us-east-1', 'RegionMismatch'],
    [[], [], 'Frankfurt', 'InvalidRegion'],
    [[group('aws-cn', 'cn-north-1')], [guard], undefined, 'PartitionMismatch'],
  ])('target groups %j, security groups %j in %s: %s', (groups, guards, region, code) => {
    expect(() => scopeOf(groups, guards, region)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a policy that is longer than IAM takes', () => {
  const codes = (length: number) => {
    const statement = { Effect: 'Allow', Action: ['ec2:DescribeSubnets'], Resource: '*' } as const;
    const policy = (Sid: string) => ({ Version: '2012-10-17', Statement: [{ Sid, ...statement }] }) as const;
    const shortest = JSON.stringify(policy('')).length;
    return policyWarnings(policy('x'.repeat(length - shortest)), scopeOf()).map(({ code }) => code);
  };

  test('is told, and one that just fits is not', () => {
    expect(codes(6144)).toEqual([]);
    expect(codes(6145)).toEqual(['PolicyTooLong']);
  });
});
