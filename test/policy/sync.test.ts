import { describe, expect, test } from 'vitest';
import { onBridge, registered, sandboxOf } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { lbbridgeJson } from '../support/cli.js';
import {
  allowed,
  connectTo,
  denied,
  inTurn,
  made,
  OTHER_ROLE,
  type Policy,
  printed,
  under,
  underInBothAccounts,
  without,
} from '../support/policies.js';
import { plantRule } from '../support/rules.js';

/** All that a bridge is through, from its first sync to its release. */
async function life(policy: Policy) {
  const near = await sandboxOf({ knobs: interfacesGoFirst });
  const far = await sandboxOf({ scenario: 'cross-account' });
  under(near, policy);
  underInBothAccounts(far, policy);
  const run = (...words: string[]) => lbbridgeJson(words, { env: { ...near.environment } });
  const codes = await inTurn([
    () => onBridge(far, 'sync', ['--alb-role-arn', OTHER_ROLE]),
    () => run('ips', 'web'),
    () => run('diff', '--alb', 'web', '--target-group', 'nlb-edge'),
    () => onBridge(near, 'sync'),
    () => run('pause', 'nlb-edge', '--reason', 'load test'),
    () => run('pause', 'nlb-edge', '--for', '1h'),
    () => run('resume', 'nlb-edge'),
    async () => {
      advance(near, 600);
      replaceNode(near, 'a');
      await onBridge(near, 'sync');
      advance(near, 600);
      return onBridge(near, 'sync');
    },
    () => run('list'),
    () => run('release', 'nlb-edge', '--confirm', 'nlb-edge'),
  ]);
  return { codes, sandboxes: [near, far] };
}

const named = await printed('sync', '--target-group', 'nlb-edge');
const wide = await printed('sync');

describe('the policy for sync', () => {
  test.each([
    ['by a named target group', named],
    ['by our tag, where no group is named', wide],
  ])(
    'is enough for a bridge from its first sync to its release, and no action of it is idle: %s',
    async (_, policy) => {
      const { codes, sandboxes } = await life(policy);
      expect(codes).toEqual(Array(10).fill(0));
      expect(denied(...sandboxes)).toEqual([]);
      expect(made(...sandboxes)).toEqual(allowed(policy));
    },
  );

  test.each([
    ...named.Statement.map(({ Sid }) => [Sid, 'by a named target group', named] as const),
    ['RegisterTargets', 'where no group is named', wide] as const,
    ['DeregisterFromOurGroups', 'where no group is named', wide] as const,
  ])('without %s something fails, %s', async (sid, _, policy) => {
    const { codes, sandboxes } = await life(without(policy, sid));
    expect(codes.at(-1)).not.toBe(0);
    const { Action = [] } = policy.Statement.find(({ Sid }) => Sid === sid) ?? {};
    expect(denied(...sandboxes)).not.toEqual([]);
    expect(Action).toEqual(expect.arrayContaining(denied(...sandboxes)));
  });
});

describe('release', () => {
  test('needs the policy for sg besides, where rules are to be taken away, and says so', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { nlb, alb, group } = sandbox.stage;
    plantRule(sandbox, '10.0.1.9/32', 80, { tags: new Map([['lbbridge:source', nlb.arn]]) });
    const release = () =>
      lbbridgeJson(['release', group.name, '--confirm', group.name], { env: { ...sandbox.environment } });
    under(sandbox, named);
    const { status, document } = await release();
    expect([status, denied(sandbox)]).toEqual([4, ['ec2:RevokeSecurityGroupIngress']]);
    expect(document.error.suggestions.join()).toContain('lbbridge policy --for sg');
    under(sandbox, await printed('sg', '--security-group', alb.securityGroupIds[0] ?? ''));
    expect((await release()).status).toBe(0);
    expect(group.tags.size).toBe(0);
  });
});

describe('what the policy for sync keeps out', () => {
  test('another target group', async () => {
    const sandbox = await sandboxOf();
    under(sandbox, await printed('sync', '--target-group', 'another'));
    const { status, document } = await onBridge(sandbox, 'sync');
    expect(status).toBe(1);
    expect(document.error.message).toContain(`on resource: ${sandbox.stage.group.arn}`);
    expect(registered(sandbox)).toEqual([]);
  });

  test('without a named group: the targets of a group that is not tagged as ours', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    under(sandbox, wide);
    const before = registered(sandbox);
    const { status } = await onBridge(sandbox, 'sync', ['--prune', 'all', '--min-healthy', '1']);
    expect(status).not.toBe(0);
    expect(denied(sandbox)).toEqual(['elasticloadbalancing:DeregisterTargets']);
    expect(registered(sandbox)).toEqual(expect.arrayContaining(before));
  });

  test('tags that are not ours', async () => {
    const sandbox = await sandboxOf();
    under(sandbox, named);
    const { group } = sandbox.stage;
    const { loadBalancing } = connectTo(sandbox);
    const others = new Map([
      ['lbbridge:source', 'x'],
      ['Name', 'x'],
    ]);
    await expect(loadBalancing.addTags(group.arn, others)).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(loadBalancing.removeTags(group.arn, ['Name'])).rejects.toMatchObject({ code: 'AccessDenied' });
    await loadBalancing.addTags(group.arn, new Map([['lbbridge:paused', 'x']]));
    expect([...group.tags.keys()]).toEqual(['lbbridge:paused']);
  });
});
