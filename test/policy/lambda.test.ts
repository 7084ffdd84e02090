import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { onBridge, registered, sandboxOf } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { lbbridgeJson } from '../support/cli.js';
import { allowed, denied, inTurn, made, type Policy, printed, under, without } from '../support/policies.js';
import { albGroup, onGroup, plantPrefixList } from '../support/rules.js';

/** Written and read by Lambda itself, for the function. */
const RUNTIME = ['WriteTheLog', 'TellOfFailures'];
/** Asked only by what is not in these worlds: another account, and the end of the stack. */
const ELSEWHERE = ['ec2:DescribeAvailabilityZones'];

const closed = (): Promise<Sandbox> => sandboxOf({ scenario: 'closed', knobs: interfacesGoFirst });
// The same seed gives the same ids, in every sandbox of these tests.
const guard = albGroup(await closed()).id;
const named = await printed('lambda', '--target-group', 'nlb-edge', '--security-group', guard);
const fleet = await printed('lambda');

/** What the function does from the first deployment to the last: its targets, its rules, and both taken away. */
async function work(policy: Policy) {
  const sandbox = await closed();
  plantPrefixList(sandbox);
  const far = await sandboxOf({ scenario: 'peered' });
  for (const one of [sandbox, far]) under(one, policy);
  const env = { env: { ...sandbox.environment } };
  const codes = await inTurn([
    () => onBridge(far, 'sync'),
    () => onBridge(sandbox, 'sync'),
    () => onGroup(sandbox, 'sync', ['--port', '80', '--port', '9000']),
    () => onGroup(sandbox, 'sync'),
    async () => {
      advance(sandbox, 600);
      replaceNode(sandbox, 'a');
      await onBridge(sandbox, 'sync');
      advance(sandbox, 600);
      return onBridge(sandbox, 'sync');
    },
    () => lbbridgeJson(['release', 'nlb-edge', '--confirm', 'nlb-edge'], env),
  ]);
  return { codes, sandboxes: [sandbox, far] };
}

describe('the policy for lambda', () => {
  test('is enough for what the function does, and no action of it is idle', async () => {
    const { codes, sandboxes } = await work(named);
    expect(codes).toEqual(Array(6).fill(0));
    expect(denied(...sandboxes)).toEqual([]);
    const decided = RUNTIME.reduce(without, named);
    expect([...made(...sandboxes), 'ec2:CreateTags', ...ELSEWHERE].sort()).toEqual(allowed(decided));
  });

  test.each(named.Statement.map(({ Sid }) => Sid).filter((sid) => !RUNTIME.includes(sid)))(
    'without %s something fails',
    async (sid) => {
      const { codes, sandboxes } = await work(without(named, sid));
      expect(codes.at(-1)).not.toBe(0);
      expect(denied(...sandboxes)).not.toEqual([]);
    },
  );
});

describe('the policy for lambda without a named group', () => {
  test('serves what carries our tag, and nothing else', async () => {
    const ours = await sandboxOf();
    ours.stage.group.tags.set('lbbridge:source', ours.stage.alb.arn);
    const others = await sandboxOf();
    others.stage.group.tags.set('lbbridge:sources', others.stage.alb.arn);
    for (const one of [ours, others]) under(one, fleet);
    expect((await onBridge(ours, 'sync')).status).toBe(0);
    expect(registered(ours)).toHaveLength(2);
    expect((await onBridge(others, 'sync', ['--prune', 'all'])).status).toBe(1);
    expect(denied(others)).toEqual(['elasticloadbalancing:RegisterTargets']);
  });
});
