import { expect, test } from 'vitest';
import { scenarioNames } from '../../src/sandbox/scenarios/index.js';
import { onBridge, sandboxOf } from '../support/bridge.js';
import { denied, made, OTHER_ROLE, printed, underInBothAccounts } from '../support/policies.js';
import { onGroup } from '../support/rules.js';

const commands = [
  { policy: await printed('sync', '--target-group', 'nlb-edge'), run: onBridge },
  { policy: await printed('sg'), run: onGroup },
];

test.each(scenarioNames)('in the scenario %s each command makes its calls under its policy', async (scenario) => {
  const sandbox = await sandboxOf({ scenario });
  const { alb, group } = sandbox.stage;
  const role = alb.ownerId === group.ownerId ? [] : ['--alb-role-arn', OTHER_ROLE];
  for (const { policy, run } of commands) {
    sandbox.world.policies.clear();
    underInBothAccounts(sandbox, policy);
    await run(sandbox, 'sync', role);
  }
  expect(made(sandbox)).toContain('ec2:DescribeNetworkInterfaces');
  expect(denied(sandbox)).toEqual([]);
});
