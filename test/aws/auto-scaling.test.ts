import { describe, expect, it } from 'vitest';
import { query, queryError } from './answers.js';
import { type Answers, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, autoScaling: await connectTo(stub).autoScaling() };
};

const groups = (members: string, next = ''): string =>
  query(
    'DescribeAutoScalingGroups',
    `<AutoScalingGroups>${members}</AutoScalingGroups>${next && `<NextToken>${next}</NextToken>`}`,
  );
const group = (name: string): string =>
  `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><VPCZoneIdentifier>subnet-1,subnet-2</VPCZoneIdentifier>
  <Instances><member><InstanceId>i-1</InstanceId></member></Instances></member>`;
const attachments = (arn: string, state: string): string =>
  query(
    'DescribeLoadBalancerTargetGroups',
    `<LoadBalancerTargetGroups><member><LoadBalancerTargetGroupARN>${arn}</LoadBalancerTargetGroupARN><State>${state}</State></member></LoadBalancerTargetGroups>`,
  );

describe('Auto Scaling groups', () => {
  it('are read to the last page', async () => {
    const pages = [groups(group('one'), 'next'), groups(group('two'))];
    const { autoScaling } = await connected((_, earlier) => pages[earlier] ?? 'drop');
    expect(await autoScaling.groups()).toMatchObject([
      { name: 'one', subnetIds: ['subnet-1', 'subnet-2'], instanceIds: ['i-1'], isBeingDeleted: false },
      { name: 'two', targetGroupArns: [] },
    ]);
  });

  it('of another name are not the one that was asked for', async () => {
    const { autoScaling } = await connected(() => groups(group('another')));
    expect(await autoScaling.group('web')).toBeNull();
  });

  it('are not taken for none where the answer lacks what every such answer has (S1)', async () => {
    const { autoScaling } = await connected(({ action }) => query(action, ''));
    for (const read of [autoScaling.groups(), autoScaling.group('web'), autoScaling.attachment('web', 'arn')]) {
      expect(await failure(read)).toMatchObject({ code: 'InvalidResponse' });
    }
    const nameless = await connected(() => groups('<member/>'));
    expect(await failure(nameless.autoScaling.groups())).toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('an attachment', () => {
  it.each([
    ['Adding', 'Adding'],
    ['Removing', 'Removing'],
    ['Removed', null],
  ])('in the state %s is %s', async (state, expected) => {
    const { autoScaling } = await connected(({ action }) =>
      action === 'DescribeLoadBalancerTargetGroups' ? attachments('arn', state) : groups(group('web')),
    );
    expect(await autoScaling.attachment('web', 'arn')).toBe(expected);
    expect(await autoScaling.attachment('web', 'another')).toBeNull();
  });

  it('as a traffic source, of which AWS tells no state, is one all the same', async () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123456789abcdef';
    const sources = `<TrafficSources><member><Identifier>${arn}</Identifier><Type>elbv2</Type></member></TrafficSources>`;
    const { autoScaling } = await connected(({ action }) =>
      action === 'DescribeLoadBalancerTargetGroups'
        ? attachments('another', 'InService')
        : groups(group('web').replace('<Instances>', `${sources}<Instances>`)),
    );
    expect((await autoScaling.group('web'))?.targetGroupArns).toEqual([arn]);
    expect(await autoScaling.attachment('web', arn)).toBe('TrafficSource');
  });

  it('that AWS does not detach in this way is told with the other', async () => {
    const { autoScaling } = await connected(() => queryError(400, 'ValidationError', 'not part of the group'));
    expect((await failure(autoScaling.detach('web', 'arn'))).suggestions).toEqual([
      expect.stringContaining("--auto-scaling-group-name 'web' --traffic-sources Identifier=arn"),
    ]);
  });

  it('of a group that is gone is none, and any other refusal a failure', async () => {
    const gone = await connected(({ action }) =>
      action === 'DescribeLoadBalancerTargetGroups' ? queryError(400, 'ValidationError', 'not found') : groups(''),
    );
    expect(await gone.autoScaling.attachment('web', 'arn')).toBeNull();
    const { autoScaling } = await connected(() => queryError(403, 'AccessDenied'));
    expect(await failure(autoScaling.attachment('web', 'arn'))).toMatchObject({
      code: 'AccessDenied',
      action: 'autoscaling:DescribeLoadBalancerTargetGroups',
    });
  });
});
