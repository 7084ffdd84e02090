import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { policyScope } from '../../src/config/policy-scope.js';
import { leastPolicy } from '../../src/policy/index.js';
import { type PolicyUse, policyUses } from '../../src/policy/model.js';

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
/** What a function or CloudFormation does for lbbridge stands in no call of ours. */
const onBehalf: readonly PolicyUse[] = ['stack', 'lambda'];

const scope = policyScope({ targetGroups: [], securityGroups: [] });
const allowed = (uses: readonly PolicyUse[]): string[] =>
  uses.flatMap((use) => leastPolicy(use, scope).Statement.flatMap(({ Action }) => Action));
const called = named('aws').filter((action) => !neverAllowed.includes(action));

test('a call that is new to the sources needs a policy', () => {
  const all = allowed(policyUses);
  expect(called.filter((action) => !all.includes(action))).toEqual([]);
});

test('nothing is allowed that the sources do not call', () => {
  const byUs = allowed(policyUses.filter((use) => !onBehalf.includes(use)));
  expect(byUs.filter((action) => ![...called, ...neverCalled].includes(action))).toEqual([]);
});
