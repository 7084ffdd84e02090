import { describe, expect, test } from 'vitest';
import { albAddresses, registered, sandboxOf, writes } from '../support/bridge.js';
import { advance, event, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { aroundABridge, functionOf, openingTheGroup } from '../support/function.js';
import { inbound, nlbRules } from '../support/rules.js';

describe('the function on its schedule', () => {
  test('a run registers what is there, says so, and counts it', async () => {
    const sandbox = await sandboxOf();
    const invoke = await functionOf(sandbox);
    const { result, lines, metrics } = await invoke();
    const targets = albAddresses(sandbox).map((ip) => `${ip}:80`);
    expect(result).toEqual({ status: 0 });
    expect(registered(sandbox)).toEqual(targets);
    expect(lines).toEqual([{ level: 'INFO', bridge: 'edge', registered: targets, deregistered: [], held: [] }]);
    expect(metrics).toMatchObject([
      { stack: 'edge', discovered: 2, registered: 2, deregistered: 0, held: 0, refused: 0 },
    ]);
    const [{ Dimensions, Metrics, Namespace }] = metrics[0]._aws.CloudWatchMetrics;
    expect(Namespace).toBe('lbbridge');
    expect(Dimensions).toEqual([['stack']]);
    expect(Metrics.map(({ Name }: { Name: string }) => Name)).toEqual([
      'discovered',
      'registered',
      'deregistered',
      'held',
      'refused',
      'duration',
    ]);
  });

  test('where nothing is to do it writes nothing, and logs nothing but its metrics', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const invoke = await functionOf(sandbox);
    const { lines, metrics } = await invoke();
    expect(lines).toEqual([]);
    expect(metrics).toHaveLength(1);
    expect(writes(sandbox)).toEqual([]);
  });

  test('the metrics of each bridge are there where they were asked for', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_METRICS: 'bridge' });
    const { metrics } = await invoke();
    expect(metrics.map(({ stack, bridge }) => [stack, bridge])).toEqual([
      ['edge', undefined],
      ['edge', 'edge'],
    ]);
  });

  test('it follows an ALB that scales out', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const invoke = await functionOf(sandbox);
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 60);
    await invoke();
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
    expect(registered(sandbox)).toHaveLength(3);
  });

  test('a replaced node is let go minutes later, when its successor is healthy, and nobody is without one', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const invoke = await functionOf(sandbox);
    const { old } = replaceNode(sandbox, 'a');
    sandbox.meter.watch(sandbox.stage.group.arn);
    const first = await invoke();
    expect(first.lines[0].held[0]).toContain(`${old}:80`);
    expect(registered(sandbox)).toContain(`${old}:80`);
    for (let minute = 0; minute < 5; minute += 1) {
      advance(sandbox, 60);
      await invoke();
    }
    expect(registered(sandbox)).not.toContain(`${old}:80`);
    advance(sandbox, 600);
    expect(sandbox.meter.read(sandbox.stage.group.arn)).toMatchObject({ downSeconds: 0, deadSeconds: 0 });
  });

  test('a moment’s throttling is waited out', async () => {
    const sandbox = await sandboxOf();
    sandbox.faults.add({ kind: 'throttle', action: 'DescribeTargetHealth', count: 1 });
    const invoke = await functionOf(sandbox);
    const { result } = await invoke();
    expect(result).toEqual({ status: 0 });
    expect(registered(sandbox)).toHaveLength(2);
  });

  test.each([
    ['throttle', 'Throttling'],
    ['emptyBody', 'InvalidResponse'],
    ['truncate', 'InvalidResponse'],
    ['accessDenied', 'AccessDenied'],
  ] as const)('%s for good ends the invocation as the error %s, and nothing was written', async (kind, name) => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 60);
    sandbox.faults.add({ kind, action: 'DescribeTargetHealth' });
    const invoke = await functionOf(sandbox);
    const { error, lines } = await invoke();
    expect(error).toMatchObject({ name, message: expect.stringContaining('DescribeTargetHealth') });
    expect(lines).toMatchObject([{ level: 'ERROR', error: { code: name } }]);
    expect(writes(sandbox)).toEqual([]);
  });

  test.each(['emptyBody', 'truncate'] as const)('%s of the interfaces is not no interface (S1)', async (kind) => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind, action: 'DescribeNetworkInterfaces' });
    const invoke = await functionOf(sandbox);
    expect((await invoke()).error?.name).toBe('InvalidResponse');
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('an ALB that shows no address is refused by S2: told and counted, no error, nothing removed', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    const invoke = await functionOf(sandbox);
    const { result, error, lines, metrics } = await invoke();
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ status: 3, error: { rule: 'S2' } });
    expect(lines).toMatchObject([{ level: 'WARN', rule: 'S2' }]);
    expect(metrics).toMatchObject([{ refused: 1, held: 2 }]);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('a paused group is left alone until it is resumed', async () => {
    const sandbox = await sandboxOf();
    sandbox.stage.group.tags.set('lbbridge:paused', 'until resumed');
    const invoke = await functionOf(sandbox);
    expect((await invoke()).result).toMatchObject({ status: 3, error: { rule: 'S7' } });
    expect(writes(sandbox)).toEqual([]);
    sandbox.stage.group.tags.delete('lbbridge:paused');
    expect((await invoke()).result).toEqual({ status: 0 });
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('the lock forbids every write', async () => {
    const sandbox = await sandboxOf();
    const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_READ_ONLY: '1' });
    expect((await invoke()).result).toMatchObject({ status: 3, error: { rule: 'S7' } });
    expect(writes(sandbox)).toEqual([]);
  });

  test('a run that is out of time stops reading, and says so', async () => {
    const sandbox = await sandboxOf();
    sandbox.faults.add({ kind: 'slow', seconds: 3, action: 'DescribeTargetHealth' });
    const invoke = await functionOf(sandbox);
    const started = Date.now();
    const { error } = await invoke({}, 6000);
    expect(error?.name).toBe('Interrupted');
    expect(Date.now() - started).toBeLessThan(2900);
  });
});

describe('a change of interfaces', () => {
  test('starts a run, unless one has looked since', async () => {
    const sandbox = await sandboxOf();
    const invoke = await functionOf(sandbox);
    const changedAt = new Date(Date.now() - 1000).toISOString();
    expect((await invoke({ changedAt })).result).toEqual({ status: 0 });
    const calls = sandbox.journal.actions().length;
    expect((await invoke({ changedAt })).result).toEqual({ skipped: 'looked at since' });
    expect(sandbox.journal.actions()).toHaveLength(calls);
    const later = new Date(Date.now() + 1000).toISOString();
    expect((await invoke({ changedAt: later })).result).toEqual({ status: 0 });
  });
});

describe('many bridges', () => {
  const list = (sandbox: { stage: { alb: { arn: string }; group: { arn: string } } }, ...more: object[]) =>
    JSON.stringify([{ name: 'edge', alb: sandbox.stage.alb.arn, targetGroup: sandbox.stage.group.arn }, ...more]);

  test('one that fails stops no other, and ends the invocation as its error', async () => {
    const sandbox = await sandboxOf();
    const gone = {
      name: 'gone',
      alb: sandbox.stage.alb.arn.replace('web', 'old'),
      targetGroup: `${sandbox.stage.group.arn}0`,
    };
    const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_BRIDGES: list(sandbox, gone) });
    const { error, lines } = await invoke();
    expect(error?.name).toBe('LoadBalancerNotFound');
    expect(error?.message).toContain('gone: ');
    expect(lines.find(({ bridge }) => bridge === 'edge')).toMatchObject({ level: 'INFO' });
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('an ALB in another account is reached by its role', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-account' });
    const { alb, group } = sandbox.stage;
    const albRoleArn = 'arn:aws:iam::444455556666:role/bridge';
    const bridges = JSON.stringify([{ alb: alb.arn, targetGroup: group.arn, albRoleArn }]);
    const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_BRIDGES: bridges });
    expect((await invoke()).result).toEqual({ status: 0 });
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
  });

  test('one whose ARN is none stops no other', async () => {
    const sandbox = await sandboxOf();
    const wrong = { alb: 'web', targetGroup: sandbox.stage.group.arn };
    const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_BRIDGES: list(sandbox, wrong) });
    expect((await invoke()).error).toMatchObject({ name: 'InvalidArn', message: expect.stringContaining('"web"') });
    expect(registered(sandbox)).toHaveLength(2);
  });

  test.each(['', '[', '[]', '{}', '[{"alb":"x"}]'])(
    'the list %j is no list of bridges, and never taken as none',
    async (text) => {
      const sandbox = await sandboxOf();
      const invoke = await functionOf(sandbox, aroundABridge, { LBBRIDGE_BRIDGES: text });
      expect((await invoke()).error?.name).toBe('NoBridges');
      expect(sandbox.journal.actions()).toEqual([]);
    },
  );
});

describe('a stack whose function opens the ALB’s group', () => {
  test('lets the NLB in, address by address, once', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const invoke = await functionOf(sandbox, openingTheGroup);
    const { result, lines } = await invoke();
    expect(result).toEqual({ status: 0 });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    expect(lines).toMatchObject([{ level: 'INFO', bridge: 'edge', authorized: { length: 2 }, revoked: [] }]);
    expect((await invoke()).lines).toEqual([]);
  });

  test('a group that it may not open is an error, and the targets are registered all the same', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    sandbox.faults.add({ kind: 'accessDenied', action: 'AuthorizeSecurityGroupIngress' });
    const invoke = await functionOf(sandbox, openingTheGroup);
    expect((await invoke()).error?.name).toBe('UnauthorizedOperation');
    expect(registered(sandbox)).toHaveLength(2);
  });
});
