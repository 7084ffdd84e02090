import { describe, expect, test } from 'vitest';
import { allows, parsePolicy } from '../../src/sandbox/iam/policy.js';
import { onBridge, sandboxOf } from '../support/bridge.js';
import { connectTo, HOME_USER } from '../support/policies.js';

const statement = (more: object = {}) => ({ Effect: 'Allow', Action: 'ec2:CreateTags', Resource: '*', ...more });
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

/** Whether the statement allows CreateTags on a rule, with these values of condition keys. */
const isAllowed = (more: object, context: Record<string, string[]> = {}, resource = rule): boolean =>
  allows([parsePolicy(policy(statement(more)))], {
    action: 'ec2:CreateTags',
    resource,
    context: new Map(Object.entries(context)),
  });

const rule = 'arn:aws:ec2:us-east-1:111122223333:security-group-rule/*';

describe('what a policy allows', () => {
  test.each([
    ['ec2:CreateTags', true],
    ['ec2:*', true],
    ['EC2:createtags', true],
    ['ec2:Create?ags', true],
    ['ec2:CreateTag', false],
    ['elasticloadbalancing:*', false],
  ])('action %s: %s', (Action, answer) => {
    expect(isAllowed({ Action })).toBe(answer);
  });

  test.each([
    ['*', true],
    [rule, true],
    ['arn:aws:ec2:*:*:security-group-rule/*', true],
    ['arn:aws:ec2:us-east-1:*', false],
    ['arn:aws:ec2:*:security-group-rule/*', false],
    ['arn:aws:ec2:eu-west-1:*:security-group-rule/*', false],
    ['arn:aws:ec2:*:*:security-group/*', false],
  ])('resource %s: %s', (Resource, answer) => {
    expect(isAllowed({ Resource })).toBe(answer);
  });

  test('an action that is authorised on no resource needs the resource *', () => {
    expect(isAllowed({ Resource: 'arn:aws:ec2:*:*:*/*' }, {}, '*')).toBe(false);
    expect(isAllowed({ Resource: '*' }, {}, '*')).toBe(true);
  });

  test.each([
    [{ StringEquals: { 'ec2:CreateAction': 'Authorize' } }, { 'ec2:createaction': ['Authorize'] }, true],
    [{ StringEquals: { 'ec2:CreateAction': ['Run', 'Authorize'] } }, { 'ec2:createaction': ['Authorize'] }, true],
    [{ StringEquals: { 'ec2:CreateAction': 'Author*' } }, { 'ec2:createaction': ['Authorize'] }, false],
    [{ StringLike: { 'ec2:CreateAction': 'Author*' } }, { 'ec2:createaction': ['Authorize'] }, true],
    [{ StringEquals: { 'ec2:CreateAction': 'Authorize' } }, {}, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:tagkeys': ['a'] }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:tagkeys': ['a', 'c'] }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, { 'aws:tagkeys': ['a', 'c'] }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, {}, false],
    [{ Null: { 'aws:TagKeys': 'false' } }, {}, false],
    [{ Null: { 'aws:TagKeys': 'false' } }, { 'aws:tagkeys': ['a'] }, true],
    [{ Null: { 'aws:TagKeys': 'true' } }, {}, true],
  ])('condition %j on %j: %s', (Condition, context, answer) => {
    expect(isAllowed({ Condition }, context)).toBe(answer);
  });

  test.each([
    policy(statement({ Effect: 'Deny' })),
    policy(statement({ NotAction: 'x' })),
    policy(statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })),
    policy(statement({ Action: [] })),
    { Version: '2008-10-17', Statement: [] },
    { ...policy(), Principal: '*' },
    'text',
  ])('what is not modelled is refused: %j', (document) => {
    expect(() => parsePolicy(document)).toThrow();
  });
});

describe('a sandbox with policies', () => {
  test('denies what no policy of the caller allows, and names it as AWS does', async () => {
    const { endpoint, ...sandbox } = await sandboxOf();
    const url = `${endpoint}/_sandbox/policies`;
    const reads = policy(statement({ Action: ['elasticloadbalancing:Describe*', 'ec2:Describe*'] }));
    const posted = await fetch(url, { method: 'POST', body: JSON.stringify({ policy: reads }) });
    expect(await posted.json()).toEqual({ policies: [{ principal: HOME_USER, policy: reads }] });
    const { status, document } = await onBridge({ endpoint, ...sandbox }, 'sync');
    expect(status).toBe(1);
    expect(document.error).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining(
        `AddTags on resource: ${sandbox.stage.group.arn} because no identity-based policy`,
      ),
    });
    await fetch(url, { method: 'DELETE' });
    expect((await onBridge({ endpoint, ...sandbox }, 'sync')).status).toBe(0);
  });

  test('two policies of one caller add up; who holds none may do everything', async () => {
    const sandbox = await sandboxOf();
    const post = (principal: string, document: object) =>
      fetch(`${sandbox.endpoint}/_sandbox/policies`, {
        method: 'POST',
        body: JSON.stringify({ principal, policy: document }),
      });
    await post('arn:aws:iam::444455556666:role/bridge', policy(statement()));
    expect((await onBridge(sandbox, 'diff')).status).toBe(0);
    await post(HOME_USER, policy(statement({ Action: 'ec2:*' })));
    expect((await onBridge(sandbox, 'diff')).status).toBe(1);
    await post(HOME_USER, policy(statement({ Action: 'elasticloadbalancing:*' })));
    expect((await onBridge(sandbox, 'diff')).status).toBe(0);
    expect((await post(HOME_USER, { Version: '2012-10-17' })).status).toBe(400);
  });

  test('a rule that is tagged as it is made needs three permissions', async () => {
    const sandbox = await sandboxOf();
    const { alb } = sandbox.stage;
    const groupId = alb.securityGroupIds[0] ?? '';
    const tags = new Map([['lbbridge:source', 'x']]);
    const added = { protocol: 'tcp', fromPort: 1, toPort: 1, peer: { kind: 'cidr', cidr: '192.0.2.1/32' } } as const;
    const { securityGroups } = connectTo(sandbox);
    const authorize = () => securityGroups.authorizeIngress(groupId, [{ ...added, description: 'x' }], tags);
    const post = (more: object) =>
      fetch(`${sandbox.endpoint}/_sandbox/policies`, {
        method: 'POST',
        body: JSON.stringify({ policy: policy(statement(more)) }),
      });
    await post({ Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: 'arn:aws:ec2:*:*:security-group/*' });
    await expect(authorize()).rejects.toThrow(/AuthorizeSecurityGroupIngress on resource: \S+:security-group-rule\/\*/);
    await post({ Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: 'arn:aws:ec2:*:*:security-group-rule/*' });
    await expect(authorize()).rejects.toThrow(/ec2:CreateTags on resource: \S+:security-group-rule\/\*/);
    await post({ Condition: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } } });
    await authorize();
  });
});
