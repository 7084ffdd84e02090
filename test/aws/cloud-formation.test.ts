import { describe, expect, it } from 'vitest';
import { query, queryError } from './answers.js';
import { type Answers, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, cloudFormation: await connectTo(stub).cloudFormation() };
};

const event = (id: string, token: string): string =>
  `<member><StackId>s</StackId><StackName>edge</StackName><EventId>${id}</EventId><ClientRequestToken>${token}</ClientRequestToken>
  <Timestamp>2026-01-02T03:04:05.000Z</Timestamp><LogicalResourceId>Nlb</LogicalResourceId>
  <ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;
const events = (members: readonly string[], next = ''): string =>
  query(
    'DescribeStackEvents',
    `<StackEvents>${members.join('')}</StackEvents>${next && `<NextToken>${next}</NextToken>`}`,
  );

describe('stacks', () => {
  it('takes a name that AWS does not know for no stack, and any other refusal for a failure', async () => {
    const answers = [
      queryError(400, 'ValidationError', 'Stack with id edge does not exist'),
      queryError(403, 'AccessDenied'),
    ];
    const { cloudFormation } = await connected((_, earlier) => answers[earlier] ?? 'drop');
    expect(await cloudFormation.stack('edge')).toBeNull();
    expect(await failure(cloudFormation.stack('edge'))).toMatchObject({
      code: 'AccessDenied',
      action: 'cloudformation:DescribeStacks',
    });
  });

  it('takes answers without what every such answer has for none', async () => {
    const { cloudFormation } = await connected(({ action }) => query(action, ''));
    const reads = [
      cloudFormation.stack('edge'),
      cloudFormation.resources('edge'),
      cloudFormation.events('edge'),
      cloudFormation.changeSet('one'),
      cloudFormation.detectDrift('edge'),
      cloudFormation.driftDetected('one'),
    ];
    for (const read of reads) expect(await failure(read)).toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('events', () => {
  it('gives those of one operation, oldest first, and reads no page beyond it', async () => {
    const pages = [
      events([event('3', 'b'), event('2', 'b')], 'two'),
      events([event('1', 'b'), event('0', 'a')], 'three'),
    ];
    const { stub, cloudFormation } = await connected((_, earlier) => pages[earlier % 2] ?? 'drop');
    expect((await cloudFormation.events('s', 'b')).map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect((await cloudFormation.events('s')).map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(stub.calls).toHaveLength(4);
  });

  it('gives none while the newest are still those of another operation', async () => {
    const { cloudFormation } = await connected(() => events([event('0', 'a')]));
    expect(await cloudFormation.events('s', 'b')).toEqual([]);
  });
});

describe('change sets', () => {
  it('asks with everything that AWS wants to be told', async () => {
    const { stub, cloudFormation } = await connected(({ action }) =>
      query(action, '<Id>change</Id><StackId>stack</StackId>'),
    );
    const made = await cloudFormation.createChangeSet({
      stackName: 'edge',
      kind: 'CREATE',
      name: 'one',
      template: { body: '{}' },
      parameters: new Map([['VpcId', 'vpc-1']]),
      tags: new Map([['lbbridge:stack', 'edge']]),
    });
    expect(made).toEqual({ id: 'change', stackId: 'stack' });
    expect(Object.fromEntries(stub.calls[0]?.params ?? [])).toMatchObject({
      StackName: 'edge',
      ChangeSetType: 'CREATE',
      'Capabilities.member.1': 'CAPABILITY_IAM',
      'Parameters.member.1.ParameterValue': 'vpc-1',
      'Tags.member.1.Key': 'lbbridge:stack',
    });
  });

  it('gives the changes of all pages', async () => {
    const page = (id: string, next: string): string =>
      query(
        'DescribeChangeSet',
        `<ChangeSetId>c</ChangeSetId><StackId>s</StackId><Status>CREATE_COMPLETE</Status><Changes><member><ResourceChange>
        <Action>Modify</Action><LogicalResourceId>${id}</LogicalResourceId><Replacement>True</Replacement>
        </ResourceChange></member></Changes>${next && `<NextToken>${next}</NextToken>`}`,
      );
    const { cloudFormation } = await connected((_, earlier) => page(`r${earlier}`, ['two', ''][earlier] ?? ''));
    const { status, changes } = await cloudFormation.changeSet('c');
    expect([status, changes.map(({ logicalId }) => logicalId)]).toEqual(['CREATE_COMPLETE', ['r0', 'r1']]);
  });
});
