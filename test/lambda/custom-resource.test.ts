import { afterEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { albAddresses, registered, sandboxOf, writes } from '../support/bridge.js';
import type { Document } from '../support/cli.js';
import { type Answers, answersOf, aroundABridge, functionOf, openingTheGroup } from '../support/function.js';
import { inbound, nlbRules } from '../support/rules.js';

const open: Answers[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((answers) => answers.close()));
});

async function waiting(options?: { refusing?: number }): Promise<Answers> {
  const answers = await answersOf(options);
  open.push(answers);
  return answers;
}

const ids = {
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/edge/5b0f5d40-1a2b-11ef-9c1e-0a1b2c3d4e5f',
  RequestId: '7f9e3a52-6a55-4c3a-9b4b-2f0c8c1e7d11',
  LogicalResourceId: 'Bridge',
};

/** What CloudFormation sends; its values are all texts. */
const request = (
  { stage }: Sandbox,
  { url }: Answers,
  RequestType: 'Create' | 'Update' | 'Delete',
  more: object = {},
): object => ({
  RequestType,
  ResponseURL: url,
  ...ids,
  ResourceType: 'Custom::LbbridgeBridge',
  ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:edge-SyncFunction-1',
  ...(RequestType === 'Create' ? {} : { PhysicalResourceId: stage.group.arn }),
  ResourceProperties: { ServiceTimeout: '630', Alb: stage.alb.arn, TargetGroup: stage.group.arn },
  ...more,
});

const isAnswered = ({ documents }: Answers, status: 'SUCCESS' | 'FAILED'): Document => {
  expect(documents).toHaveLength(1);
  expect(documents[0]).toMatchObject({ ...ids, Status: status });
  return documents[0];
};

/** Time goes on by itself: five virtual minutes a second. */
const quick = { speed: 300 };

describe('Create', () => {
  test('is done when the targets are healthy', async () => {
    const sandbox = await sandboxOf(quick);
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const { result } = await invoke(request(sandbox, answers, 'Create'), 600_000);
    expect(result).toEqual({ status: 0 });
    expect(isAnswered(answers, 'SUCCESS').PhysicalResourceId).toBe(sandbox.stage.group.arn);
    const states = [...sandbox.stage.group.targets.values()].map(({ state }) => state);
    expect(states).toContain('healthy');
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
  });

  test('without a listener registered is enough', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Create'), 600_000);
    isAnswered(answers, 'SUCCESS');
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('waits for the interfaces of an ALB that was made a moment ago', async () => {
    const sandbox = await sandboxOf({ ...quick });
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces', count: 2 });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Create'), 600_000);
    isAnswered(answers, 'SUCCESS');
  });

  test('waits for a role that AWS does not know yet', async () => {
    const sandbox = await sandboxOf(quick);
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeTargetHealth', count: 1 });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Create'), 600_000);
    isAnswered(answers, 'SUCCESS');
  });

  test('that comes to nothing is answered before the function is cut off, and says why', async () => {
    // Time stands still: no target ever becomes healthy.
    const sandbox = await sandboxOf();
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const started = Date.now();
    const { error } = await invoke(request(sandbox, answers, 'Create'), 20_000);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(isAnswered(answers, 'FAILED').Reason).toContain('0 of 2 wanted targets healthy');
    expect(error?.name).toBe('NotConverged');
  });

  test('on somebody else’s group fails at once by the rule, and touches nothing', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.stage.group.tags.set('lbbridge:source', `${sandbox.stage.alb.arn}0`);
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Create'), 600_000);
    const { Reason, PhysicalResourceId } = isAnswered(answers, 'FAILED');
    expect(Reason).toMatch(/^S5: /);
    // CloudFormation rolls back by deleting what it was given.
    const rollback = await waiting();
    await invoke(request(sandbox, rollback, 'Delete', { PhysicalResourceId }), 600_000);
    isAnswered(rollback, 'SUCCESS');
    expect(writes(sandbox)).toEqual([]);
  });

  test('on a group that was in use before marks it, and neither a roll-back nor a deletion empties it', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const invoke = await functionOf(sandbox);
    const answers = await waiting();
    await invoke(request(sandbox, answers, 'Create'), 600_000);
    const { PhysicalResourceId } = isAnswered(answers, 'SUCCESS');
    expect(PhysicalResourceId).toBe(`${sandbox.stage.group.arn}#kept`);
    for (const kind of ['Update', 'Delete'] as const) {
      const next = await waiting();
      await invoke(request(sandbox, next, kind, { PhysicalResourceId }), 600_000);
      expect(isAnswered(next, 'SUCCESS').PhysicalResourceId).toBe(PhysicalResourceId);
    }
    expect(registered(sandbox)).toHaveLength(2);
    expect(writes(sandbox)).toEqual([]);
  });

  test('with an ARN that is none fails, and is answered', async () => {
    const sandbox = await sandboxOf();
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const properties = { Alb: 'web', TargetGroup: sandbox.stage.group.arn };
    await invoke(request(sandbox, answers, 'Create', { ResourceProperties: properties }), 600_000);
    expect(isAnswered(answers, 'FAILED').Reason).toContain('"web" is not the ARN of a load balancer');
  });

  test('a reason of any length fits into the answer', async () => {
    const sandbox = await sandboxOf();
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const properties = { Alb: '‱'.repeat(3000), TargetGroup: sandbox.stage.group.arn };
    await invoke(request(sandbox, answers, 'Create', { ResourceProperties: properties }), 600_000);
    isAnswered(answers, 'FAILED');
  });

  test('an answer that is not taken is given again', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const answers = await waiting({ refusing: 2 });
    const invoke = await functionOf(sandbox);
    const { lines } = await invoke(request(sandbox, answers, 'Create'), 600_000);
    isAnswered(answers, 'SUCCESS');
    expect(lines).toMatchObject([{ level: 'ERROR' }, { level: 'ERROR' }]);
  });

  test('an answer that is never taken ends the invocation as an error', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const answers = await waiting({ refusing: 3 });
    const invoke = await functionOf(sandbox);
    const { error } = await invoke(request(sandbox, answers, 'Create'), 600_000);
    expect(error?.message).toContain('status 503');
    expect(answers.documents).toEqual([]);
  });
});

describe('Update', () => {
  test('keeps its physical id while the target group stays', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Update'), 600_000);
    expect(isAnswered(answers, 'SUCCESS').PhysicalResourceId).toBe(sandbox.stage.group.arn);
  });

  test('to another target group gets another one, so that CloudFormation deletes the old bridge', async () => {
    const sandbox = await sandboxOf(quick);
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Update', { PhysicalResourceId: `${sandbox.stage.group.arn}0` }), 600_000);
    expect(isAnswered(answers, 'SUCCESS').PhysicalResourceId).toBe(sandbox.stage.group.arn);
  });

  test('to another ALB takes the group over from the one that the stack had before', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { alb, group } = sandbox.stage;
    const old = alb.arn.replace(/.$/, '0');
    group.tags.set('lbbridge:source', old);
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const OldResourceProperties = { Alb: old, TargetGroup: group.arn };
    await invoke(request(sandbox, answers, 'Update', { OldResourceProperties }), 600_000);
    isAnswered(answers, 'SUCCESS');
    expect(group.tags.get('lbbridge:source')).toBe(alb.arn);
  });
});

describe('Delete', () => {
  test('takes out what was put in, and our tag', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Delete'), 600_000);
    isAnswered(answers, 'SUCCESS');
    expect(registered(sandbox)).toEqual([]);
    expect(sandbox.stage.group.tags.has('lbbridge:source')).toBe(false);
  });

  test('of what was never made succeeds and touches nothing', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const never = 'edge-Bridge-1A2B3C4D5E6F';
    await invoke(request(sandbox, answers, 'Delete', { PhysicalResourceId: never }), 600_000);
    expect(isAnswered(answers, 'SUCCESS').PhysicalResourceId).toBe(never);
    expect(writes(sandbox)).toEqual([]);
  });

  test('of a group that is gone, or no longer ours, succeeds', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const invoke = await functionOf(sandbox);
    sandbox.stage.group.tags.clear();
    const first = await waiting();
    await invoke(request(sandbox, first, 'Delete'), 600_000);
    isAnswered(first, 'SUCCESS');
    const gone = sandbox.stage.group.arn.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    const second = await waiting();
    const more = {
      PhysicalResourceId: gone,
      ResourceProperties: { Alb: sandbox.stage.alb.arn, TargetGroup: gone },
    };
    await invoke(request(sandbox, second, 'Delete', more), 600_000);
    isAnswered(second, 'SUCCESS');
    expect(writes(sandbox)).toEqual([]);
  });

  test('of a group that has become another’s bridge touches nothing', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.stage.group.tags.set('lbbridge:source', `${sandbox.stage.alb.arn}0`);
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Delete'), 600_000);
    isAnswered(answers, 'SUCCESS');
    expect(writes(sandbox)).toEqual([]);
  });

  test('of a paused group fails and says how to end the pause', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.stage.group.tags.set('lbbridge:paused', 'until resumed');
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    await invoke(request(sandbox, answers, 'Delete'), 600_000);
    expect(isAnswered(answers, 'FAILED').Reason).toMatch(/^S7: nlb-edge is paused/);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('that AWS refuses fails with AWS’s words', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind: 'accessDenied', action: 'DeregisterTargets' });
    const answers = await waiting();
    const invoke = await functionOf(sandbox);
    const { error } = await invoke(request(sandbox, answers, 'Delete'), 600_000);
    expect(isAnswered(answers, 'FAILED').Reason).toContain(
      'elasticloadbalancing:DeregisterTargets failed: AccessDenied',
    );
    expect(error?.name).toBe('AccessDenied');
  });
});

describe('a bridge whose security group the function opens', () => {
  test('Create opens it, and Delete closes it again', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed', ...quick });
    const { alb, group } = sandbox.stage;
    group.targets.clear();
    const ResourceProperties = { Alb: alb.arn, TargetGroup: group.arn, SecurityGroup: alb.securityGroupIds[0] };
    const invoke = await functionOf(sandbox, openingTheGroup);
    const first = await waiting();
    await invoke(request(sandbox, first, 'Create', { ResourceProperties }), 600_000);
    isAnswered(first, 'SUCCESS');
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    const second = await waiting();
    await invoke(request(sandbox, second, 'Delete', { ResourceProperties }), 600_000);
    isAnswered(second, 'SUCCESS');
    expect(inbound(sandbox)).toEqual([]);
    expect(registered(sandbox)).toEqual([]);
  });
});

test('the stack’s own properties are what the function reads', async () => {
  const { templateOf } = await import('../../src/stack/template/index.js');
  const { Bridge } = templateOf(openingTheGroup, 'code').Resources;
  expect(Object.keys(Bridge?.Properties ?? {})).toEqual([
    'ServiceToken',
    'ServiceTimeout',
    'Alb',
    'TargetGroup',
    'SecurityGroup',
  ]);
  expect(templateOf(aroundABridge, 'code').Resources.Bridge?.Properties).not.toHaveProperty('SecurityGroup');
});
