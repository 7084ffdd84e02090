import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { scenarioNames } from '../../src/sandbox/scenarios/index.js';
import { onBridge, sandboxOf } from '../support/bridge.js';
import { lbbridgeJson } from '../support/cli.js';
import { denied, made, OTHER_ROLE, printed, underInBothAccounts } from '../support/policies.js';
import { onGroup } from '../support/rules.js';

const doctor = ({ stage, environment }: Sandbox, _: 'sync', flags: readonly string[]) =>
  lbbridgeJson(['doctor', '--alb', stage.alb.arn, '--target-group', stage.group.arn, ...flags], {
    env: { ...environment },
  });

const commands = [
  { policy: await printed('sync', '--target-group', 'nlb-edge'), run: onBridge },
  { policy: await printed('sg'), run: onGroup },
  { policy: await printed('doctor'), run: doctor },
];

/** Doctor asks by a dry run whether the caller may open the group; a no is a finding, no failure. */
const DRY_RUN = 'ec2:AuthorizeSecurityGroupIngress';

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
  expect(denied(sandbox).filter((action) => action !== DRY_RUN)).toEqual([]);
});
