import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { policyScope } from '../../src/config/policy-scope.js';
import { leastPolicy } from '../../src/policy/index.js';
import { type PolicyUse, policyUses } from '../../src/policy/model.js';

/** What IAM calls the services whose clients the sources use. */
const services: Readonly<Record<string, string>> = {
  acm: 'acm',
  'api-gateway': 'apigateway',
  'auto-scaling': 'autoscaling',
  cloudformation: 'cloudformation',
  'cloudwatch-logs': 'logs',
  ec2: 'ec2',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  s3: 's3',
  'resource-groups-tagging-api': 'tag',
  sts: 'sts',
};

/** API Gateway's calls are authorised by the HTTP method. */
const byMethod: Readonly<Record<string, string>> = { GetAccount: 'GET' };

/** `service:Action` of every command of the SDK that the sources take up, wherever they lie. */
function called(): string[] {
  const path = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(path, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.ts'));
  const clients = files.flatMap((file) => [
    ...readFileSync(path + file, 'utf8').matchAll(
      /\{([^{}]*)\}\s*(?:from|= await import\()\s*'@aws-sdk\/client-([^']+)'/g,
    ),
  ]);
  return clients.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)].map(
      ([, action = '']) => `${services[client]}:${byMethod[action] ?? action}`,
    ),
  );
}

/** A role that is assumed is known to no policy of ours; who calls, AWS tells everybody. */
const neverAllowed = ['sts:AssumeRole', 'sts:GetCallerIdentity'];
/** AWS asks for it by itself, where a rule is tagged as it is made. */
const neverCalled = ['ec2:CreateTags'];
/** What a function or CloudFormation does for lbbridge stands in no call of ours. */
const onBehalf: readonly PolicyUse[] = ['stack', 'lambda'];

const scope = policyScope({ targetGroups: [], securityGroups: [] });
const allowed = (uses: readonly PolicyUse[]): string[] =>
  uses.flatMap((use) => leastPolicy(use, scope).Statement.flatMap(({ Action }) => Action));
const calls = called().filter((action) => !neverAllowed.includes(action));

test('a call that is new to the sources needs a policy', () => {
  const all = allowed(policyUses);
  expect(calls).toEqual(expect.arrayContaining(['cloudformation:ExecuteChangeSet', 'tag:GetResources']));
  expect(calls.filter((action) => !all.includes(action))).toEqual([]);
});

test('nothing is allowed that the sources do not call', () => {
  const byUs = allowed(policyUses.filter((use) => !onBehalf.includes(use)));
  expect(byUs.filter((action) => ![...calls, ...neverCalled].includes(action))).toEqual([]);
});
