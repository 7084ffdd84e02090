import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { cases } from '../doctor/cases.js';
import { examine, prepared } from '../doctor/support.js';
import { sandboxOf } from '../support/bridge.js';
import { lbbridgeJson } from '../support/cli.js';
import {
  allowed,
  denied,
  made,
  OTHER_ROLE,
  type Policy,
  printed,
  under,
  underInBothAccounts,
  without,
} from '../support/policies.js';
import { plantRule } from '../support/rules.js';

/** Doctor asks by a dry run whether the caller may open the group; a no is a finding, no failure. */
const DRY_RUN = 'ec2:AuthorizeSecurityGroupIngress';

const policy = await printed('doctor');
const refused = (...sandboxes: Sandbox[]): string[] => denied(...sandboxes).filter((action) => action !== DRY_RUN);

/** A look at a bridge with all that there is to read, and one at a bridge between two accounts. */
async function looks(held: Policy) {
  const near = await sandboxOf({ scenario: 'synced' });
  const { builder, group } = near.stage;
  const { region } = builder;
  // Only checks by HTTP meet the ALB's rules.
  Object.assign(group.healthCheck, { protocol: 'HTTP', path: '/' });
  const list = { id: near.world.random.id('pl'), name: 'others', ownerId: 'AWS', version: 1, maxEntries: 5 };
  region.prefixLists.set(list.id, { ...list, addressFamily: 'IPv4', entries: [], tags: new Map() });
  plantRule(near, '', 80, { source: { kind: 'prefix-list', prefixListId: list.id } });
  under(near, held);
  const far = await sandboxOf({ scenario: 'cross-account' });
  underInBothAccounts(far, held);
  const documents = [];
  for (const [{ stage, environment }, role] of [
    [near, []],
    [far, ['--alb-role-arn', OTHER_ROLE]],
  ] as const) {
    const ends = ['--alb', stage.alb.arn, '--target-group', stage.group.arn, ...role];
    documents.push((await lbbridgeJson(['doctor', ...ends], { env: { ...environment } })).document);
  }
  return { sandboxes: [near, far], documents };
}

describe('the policy for doctor', () => {
  test('is enough to look at everything, and no action of it is idle', async () => {
    const { sandboxes, documents } = await looks(policy);
    expect(refused(...sandboxes)).toEqual([]);
    expect(documents.map(({ error, warnings }) => [error, warnings])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
    expect(made(...sandboxes).filter((action) => action !== DRY_RUN)).toEqual(allowed(policy));
  });

  test('is enough for every finding that there is', async () => {
    for (const one of cases) {
      const { sandbox, asked } = await prepared(one);
      under(sandbox, policy);
      await examine(sandbox, asked);
      expect([one.id, refused(sandbox)]).toEqual([one.id, []]);
    }
  });

  test.each(policy.Statement.map(({ Sid }) => Sid))(
    'without %s something stays unseen, and that is told',
    async (sid) => {
      const { sandboxes, documents } = await looks(without(policy, sid));
      expect(refused(...sandboxes)).not.toEqual([]);
      expect(JSON.stringify(documents.map(({ error, warnings }) => [error, warnings]))).toMatch(
        /AWS said (AccessDenied|UnauthorizedOperation)/,
      );
    },
  );
});
