import { describe, expect, test } from 'vitest';
import {
  deploymentOf,
  existing,
  firstCause,
  isBusy,
  isFailed,
  isOurs,
  outageOf,
  type Stack,
  type StackEvent,
} from '../../src/plan/stack.js';

const stack = (status: string, tags: [string, string][] = []): Stack => ({
  id: 'arn:aws:cloudformation:us-east-1:111122223333:stack/edge/1',
  name: 'edge',
  status,
  tags: new Map(tags),
  outputs: new Map(),
  isProtected: false,
});

const event = (logicalId: string, status: string, physicalId: string | null = null): StackEvent => ({
  id: `${logicalId}-${status}`,
  token: 't',
  logicalId,
  physicalId,
  type: 'AWS::SQS::Queue',
  status,
  reason: null,
});

describe('what a deployment finds', () => {
  test.each([
    [null, 'CREATE'],
    ['REVIEW_IN_PROGRESS', 'CREATE'],
    ['CREATE_COMPLETE', 'UPDATE'],
    ['UPDATE_ROLLBACK_COMPLETE', 'UPDATE'],
    ['ROLLBACK_COMPLETE', 'blocked'],
    ['DELETE_FAILED', 'blocked'],
    ['UPDATE_IN_PROGRESS', 'blocked'],
  ])('%s: %s', (status, found) => {
    expect(deploymentOf(status === null ? null : stack(status))).toBe(found);
  });

  test('a stack that only has a change set is not busy; one that AWS works on is', () => {
    expect([isBusy('REVIEW_IN_PROGRESS'), isBusy('DELETE_IN_PROGRESS'), isBusy('CREATE_COMPLETE')]).toEqual([
      false,
      true,
      false,
    ]);
    expect([isFailed('DELETE_FAILED'), isFailed('DELETE_COMPLETE')]).toEqual([true, false]);
  });

  test('the tag makes it ours', () => {
    expect([isOurs(stack('CREATE_COMPLETE', [['lbbridge:stack', 'edge']])), isOurs(stack('CREATE_COMPLETE'))]).toEqual([
      true,
      false,
    ]);
  });
});

describe('an outage', () => {
  const type = 'AWS::ElasticLoadBalancingV2::TargetGroup';
  test.each([
    ['Modify', 'True', true],
    ['Modify', 'Conditional', true],
    ['Modify', 'False', false],
    ['Remove', null, true],
    ['Add', null, false],
  ])('%s of a target group with replacement %s: %s', (action, replacement, is) => {
    expect(outageOf([{ action, logicalId: 'Targets', type, replacement, properties: ['Port'] }])).toHaveLength(
      is ? 1 : 0,
    );
  });

  test('the replacement of what no traffic passes is none', () => {
    expect(
      outageOf([
        { action: 'Modify', logicalId: 'F', type: 'AWS::Lambda::Function', replacement: 'True', properties: ['Port'] },
      ]),
    ).toEqual([]);
  });

  test.each([
    [['Port'], true],
    [['DefaultActions', 'Protocol'], true],
    [['DefaultActions', 'Certificates', 'SslPolicy', 'Tags'], false],
    [[], false],
  ])('a listener whose %j is changed in place: %s', (properties, is) => {
    const listener = { logicalId: 'Listener', type: 'AWS::ElasticLoadBalancingV2::Listener', properties };
    expect(outageOf([{ action: 'Modify', replacement: 'False', ...listener }])).toHaveLength(is ? 1 : 0);
  });
});

describe('the first cause', () => {
  const { id } = stack('');
  test('is the first resource that failed, not what was cancelled after it, nor the stack', () => {
    const events = [event('A', 'CREATE_COMPLETE'), event('edge', 'ROLLBACK_FAILED', id), event('B', 'CREATE_FAILED')];
    expect(firstCause([...events, event('C', 'CREATE_FAILED')], { id })?.logicalId).toBe('B');
  });

  test('is the stack itself where no resource has failed, and nothing where nothing has', () => {
    expect(firstCause([event('edge', 'CREATE_FAILED', id)], { id })?.logicalId).toBe('edge');
    expect(firstCause([event('A', 'CREATE_COMPLETE')], { id })).toBeNull();
  });
});

test('what exists is neither deleted nor never begun', () => {
  const resource = (status: string, physicalId: string | null) => ({
    logicalId: status,
    physicalId,
    type: 'AWS::SQS::Queue',
    status,
    reason: null,
    drift: 'NOT_CHECKED',
  });
  const all = [resource('CREATE_COMPLETE', 'q'), resource('DELETE_COMPLETE', 'q'), resource('CREATE_FAILED', null)];
  expect(existing(all).map(({ status }) => status)).toEqual(['CREATE_COMPLETE']);
});
