import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import { lbbridgeJson } from '../support/cli.js';
import { type Policy, printed, under, without } from '../support/policies.js';

/** A sound bridge whose ALB admits a prefix list too, so that every read has something to read. */
async function looked(policy: Policy) {
  const sandbox = await sandboxOf({ scenario: 'sound' });
  admitPrefixList(sandbox);
  under(sandbox, policy);
  const words = ['doctor', '--alb', 'web', '--target-group', 'nlb-edge'];
  const { status, document } = await lbbridgeJson(words, { env: { ...sandbox.environment } });
  return { status, warnings: document.warnings.length, findings: document.result.bridges[0].findings };
}

function admitPrefixList({ stage, world }: Sandbox): void {
  const { prefixLists, securityGroups } = stage.builder.region;
  const id = world.random.id('pl');
  const entries = [{ cidr: '192.0.2.0/24' }];
  prefixLists.set(id, {
    id,
    name: 'partners',
    ownerId: stage.alb.ownerId,
    addressFamily: 'IPv4',
    maxEntries: 5,
    version: 1,
    entries,
    tags: new Map(),
  });
  const group = securityGroups.get(stage.alb.securityGroupIds[0] ?? '');
  const [known] = group?.rules.values() ?? [];
  if (!known) throw new Error('the security group has no rule');
  const rule = { ...known, id: world.random.id('sgr'), isEgress: false };
  group?.rules.set(rule.id, { ...rule, source: { kind: 'prefix-list', prefixListId: id } });
}

const policy = await printed('doctor');

describe('the policy for doctor', () => {
  test('is enough: nothing is left unread, and the dry run may be denied', async () => {
    expect(await looked(policy)).toEqual({ status: 0, warnings: 0, findings: [] });
  });

  test.each(policy.Statement.map(({ Sid }) => Sid))(
    'is no wider than needed: without %s something stays unread',
    async (sid) => {
      const { status, warnings } = await looked(without(policy, sid));
      expect([status, warnings]).not.toEqual([0, 0]);
    },
  );
});
