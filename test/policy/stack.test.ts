import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { templateOf } from '../../src/stack/template/index.js';
import { sandboxOf } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import {
  allowed,
  denied,
  inTurn,
  made,
  type Policy,
  printed,
  under,
  without,
  withoutAction,
  withoutResource,
} from '../support/policies.js';
import { pairwise } from '../support/stack-combinations.js';
import { certificateIn, loggingRoleIn, parametersOf } from '../support/template.js';

/** Virtual time so fast that minutes of AWS's pass between two looks. */
const fast = { speed: 2000, knobs: { 'cfn.linkReleaseSeconds': 0 } };

const BUCKET = 'my-templates';
const directory = join(mkdtempSync(join(tmpdir(), 'lbbridge-policy-')), 'edge');
await lbbridge(['stack', 'scaffold', directory, '--listener', 'tls', '--auto-scaling-group', 'web']);
const policy = await printed('stack');

interface Life {
  readonly codes: readonly (number | null)[];
  readonly words: string;
  /** `CODE message` */
  readonly warnings: readonly string[];
  readonly sandbox: Sandbox;
}

/** The template as it is scaffolded, from its first deployment to its end; `words` are what went wrong, if anything did. */
async function life(held: Policy): Promise<Life> {
  const sandbox = await sandboxOf(fast);
  const { region, accountId } = sandbox.stage.builder;
  region.buckets.set(BUCKET, { name: BUCKET, ownerId: accountId, objects: new Map() });
  sandbox.stage.builder.scalingGroup('web', sandbox.stage.vpc);
  const certificate = certificateIn(sandbox);
  loggingRoleIn(sandbox);
  const values = new Map([
    ...parametersOf(sandbox),
    ['NlbCertificateArn', certificate],
    ['BackendHost', 'edge.example.com'],
    ['AutoScalingGroupName', 'web'],
  ]);
  const parameters = [...values].map(([name, value]) => ({ ParameterKey: name, ParameterValue: value }));
  writeFileSync(join(directory, 'parameters.json'), JSON.stringify(parameters));
  under(sandbox, held);
  let words = '';
  const warnings = new Set<string>();
  const run = async (...args: string[]) => {
    const { status, document } = await lbbridgeJson(['stack', ...args], { env: { ...sandbox.environment } });
    words = document.error?.message ?? '';
    for (const { code, message } of document.warnings) warnings.add(`${code} ${message}`);
    return { status };
  };
  const codes = await inTurn([
    () => run('deploy', 'edge', '--from', directory, '--bucket', BUCKET, '--yes', '--dry-run'),
    () => run('deploy', 'edge', '--from', directory, '--bucket', BUCKET, '--yes'),
    () => run('status', 'edge'),
    () => run('destroy', 'edge', '--confirm', 'edge'),
  ]);
  return { codes, words, warnings: [...warnings], sandbox };
}

/** Decided by the simulated AWS; for the services of the other statements it has no more than names in a stack. */
const NEEDED = ['DriveStacks', 'LookAround', 'BalanceLoad', 'GuardLoadBalancers'];
/** Whose lack is told, and stops nothing. */
const LOOKS = {
  'acm:DescribeCertificate': 'NotLookedAt',
  'apigateway:GET': 'NotLookedAt',
  'logs:FilterLogEvents': 'LastSyncUnknown',
};

describe('the policy for stack', () => {
  test('is enough to deploy, to look and to destroy, and nothing of its CloudFormation is idle', async () => {
    const { codes, words, warnings, sandbox } = await life(policy);
    expect([codes, words, denied(sandbox)]).toEqual([[0, 0, 0, 0], '', []]);
    // No function runs in the simulated AWS.
    expect(warnings).toEqual([expect.stringMatching(/^NoSyncSeen /)]);
    const idle = allowed(policy).filter((action) => !made(sandbox).includes(action));
    expect(idle.filter((action) => action.startsWith('cloudformation:'))).toEqual([]);
    expect(made(sandbox)).toEqual(
      expect.arrayContaining(['acm:DescribeCertificate', 'apigateway:GetAccount', 'logs:FilterLogEvents']),
    );
  });

  test.each(NEEDED)('without %s something fails', async (sid) => {
    const { codes, words } = await life(without(policy, sid));
    expect(codes.at(-1)).not.toBe(0);
    expect(words).toContain('not authorized to perform');
  });

  test.each(Object.entries(LOOKS))('without %s something is told, and stops nothing: %s', async (action, code) => {
    const { codes, warnings } = await life(withoutAction(policy, action));
    expect(codes).toEqual([0, 0, 0, 0]);
    const [told = ''] = warnings.filter((warning) => warning.startsWith(`${code} `));
    expect(told).toContain(`not authorized to perform: ${action} on resource: arn:`);
  });

  test('the account’s role for logs can be looked at and not set', async () => {
    const { sandbox } = await life(policy);
    const body = JSON.stringify({ patchOperations: [] });
    const scope = '20260102/us-east-1/apigateway/aws4_request';
    const credential = `Credential=${sandbox.environment.AWS_ACCESS_KEY_ID}/${scope}`;
    const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=00`;
    const answer = await fetch(`${sandbox.endpoint}/account`, { method: 'PATCH', headers: { authorization }, body });
    expect([answer.status, JSON.parse(await answer.text()).__type]).toEqual([403, 'AccessDeniedException']);
  });

  const besides = allowed(policy).filter((action) => /^(autoscaling|s3):/.test(action));
  test.each(besides)('without %s something fails, or is told', async (action) => {
    const { codes, words, warnings } = await life(withoutAction(policy, action));
    // A template that stays in the bucket ends no deployment.
    if (action === 's3:DeleteObject') expect([codes, words]).toEqual([[0, 0, 0, 0], '']);
    else expect(codes.at(-1)).not.toBe(0);
    // What CloudFormation may not read for the caller, it says in words of its own.
    expect([words, ...warnings].join('\n')).toContain(action === 's3:GetObject' ? 'S3 error: Access Denied' : action);
  });

  /** What is behind them is looked at, as above: no run fails for want of it. */
  const isLook = (resource: string): boolean => /:acm:|\/account$/.test(resource);
  const several = policy.Statement.filter(({ Sid }) => NEEDED.includes(Sid)).flatMap(({ Sid, Resource }) =>
    Array.isArray(Resource) ? Resource.filter((one) => !isLook(one)).map((resource) => [Sid, resource] as const) : [],
  );
  test.each(several)('without %s on %s something fails', async (sid, resource) => {
    const { codes, words } = await life(withoutResource(policy, sid, resource));
    expect(codes.at(-1)).not.toBe(0);
    expect(words).toContain('not authorized to perform: ');
  });

  test('what only linters judge is named as that', async () => {
    const decided = { ...policy, Statement: policy.Statement.filter(({ Sid }) => NEEDED.includes(Sid)) };
    expect((await life(decided)).codes).toEqual([0, 0, 0, 0]);
    const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
    const [, named = ''] = /Printed and linted\s+only, [^:]*: ([^.]*)\./.exec(page) ?? [];
    const sids = policy.Statement.map(({ Sid }) => Sid).filter((sid) => !NEEDED.includes(sid));
    expect([...named.matchAll(/`(\w+)`/g)].map(([, sid]) => sid)).toEqual(sids);
  });
});

test('the policy is held against the schemas of every type that a template has', () => {
  const conformance = new URL('../conformance/test_stack_policy.py', import.meta.url);
  const [, list = ''] = /^TYPES = \{([^}]*)\}/m.exec(readFileSync(conformance, 'utf8')) ?? [];
  const listed = [...list.matchAll(/"(.*)"/g)].map(([, type]) => type);
  const types = [...pairwise().values()].flatMap((stack) =>
    Object.values(templateOf(stack, 'code').Resources).map(({ Type }) => Type),
  );
  const ofAws = new Set(types.filter((type) => !type.startsWith('Custom::')));
  expect([...ofAws].sort()).toEqual(listed.sort());
});
