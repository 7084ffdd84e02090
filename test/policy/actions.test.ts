import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { policyScope } from '../../src/config/policy-scope.js';
import { leastPolicy } from '../../src/policy/index.js';
import { policyUses } from '../../src/policy/model.js';

/** Every `'service:Action'` in the sources that call AWS. */
function named(folder: string): string[] {
  const path = fileURLToPath(new URL(`../../src/${folder}/`, import.meta.url));
  const texts = readdirSync(path).map((file) => readFileSync(path + file, 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/'([a-z0-9-]+:[A-Z]\w+)'/g)].map(([, action = '']) => action));
}

/** A role that is assumed is known to no policy of ours; who calls, AWS tells everybody. */
const neverAllowed = ['sts:AssumeRole', 'sts:GetCallerIdentity'];
/** AWS asks for it by itself, where a rule is tagged as it is made. */
const neverCalled = ['ec2:CreateTags'];

test('the policies allow what the sources call, and nothing else: a call that is new needs a policy', () => {
  const called = named('aws').filter((action) => !neverAllowed.includes(action));
  const scope = policyScope({ targetGroups: [], securityGroups: [] });
  const allowed = policyUses.flatMap((use) => leastPolicy(use, scope).Statement.flatMap(({ Action }) => Action));
  expect([...new Set(allowed)].sort()).toEqual([...new Set([...called, ...neverCalled])].sort());
});
