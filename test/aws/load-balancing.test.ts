import { describe, expect, it } from 'vitest';
import { albArn, groupArn, loadBalancers, query, queryError, tags, targetGroups, targets } from './answers.js';
import { type Answers, type Call, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, elb: connectTo(stub).loadBalancing };
};

/** The members of a list of the request. */
const members = ({ params }: Call, list: string): string[] =>
  [...params].filter(([name]) => name.startsWith(`${list}.member.`)).map(([, value]) => value);
const nameIn = (arn: string): string => arn.split('/').at(-2) ?? '';

describe('load balancers', () => {
  it('gives one in the words of the domain', async () => {
    const { elb } = await connected(() => loadBalancers(['web']));
    expect(await elb.loadBalancer(albArn('web'))).toEqual({
      type: 'application',
      name: 'web',
      arn: albArn('web'),
      dnsName: 'web-1.us-east-1.elb.amazonaws.com',
      vpcId: 'vpc-1',
      state: 'active',
      scheme: 'internal',
      ipAddressType: null,
      zones: [{ zoneName: 'us-east-1b', subnetId: 'subnet-1' }],
      securityGroupIds: ['sg-1'],
      enforcesPrivateLinkRules: null,
    });
  });

  it('asks for 20 ARNs in a call, and for the next in another', async () => {
    const { stub, elb } = await connected((call) => loadBalancers(members(call, 'LoadBalancerArns').map(nameIn)));
    const names = Array.from({ length: 21 }, (_, index) => `web-${index}`);
    const found = await Promise.all([...names, 'web-0'].map((name) => elb.loadBalancer(albArn(name))));
    expect(found.map((one) => one?.name)).toEqual([...names, 'web-0']);
    expect(stub.calls.map((call) => members(call, 'LoadBalancerArns').length).sort()).toEqual([1, 20]);
  });

  it.each(['LoadBalancerNotFound', 'ValidationError'])('lets a bad ARN fail alone: %s', async (code) => {
    const { stub, elb } = await connected((call) => {
      const arns = members(call, 'LoadBalancerArns');
      return arns.includes(albArn('bad')) ? queryError(400, code) : loadBalancers(arns.map(nameIn));
    });
    const [good, bad] = await Promise.allSettled(['good', 'bad'].map((name) => elb.loadBalancer(albArn(name))));
    expect(good).toMatchObject({ status: 'fulfilled', value: { name: 'good' } });
    expect(bad).toMatchObject(
      code === 'LoadBalancerNotFound' ? { status: 'fulfilled', value: null } : { status: 'rejected', reason: { code } },
    );
    expect(stub.calls).toHaveLength(3);
  });

  it('gives null or nothing where AWS knows none of that ARN or name', async () => {
    const { elb } = await connected(() => queryError(400, 'LoadBalancerNotFound'));
    expect(await elb.loadBalancer(albArn('web'))).toBeNull();
    expect(await elb.loadBalancersByName('web')).toEqual([]);
  });

  it('asks once for a name that several ask for in one turn', async () => {
    const { stub, elb } = await connected(() => loadBalancers(['web']));
    await Promise.all([elb.loadBalancersByName('web'), elb.loadBalancersByName('web')]);
    expect(stub.calls.map((call) => members(call, 'Names'))).toEqual([['web']]);
  });

  it('reads every page of all of them', async () => {
    const { stub, elb } = await connected((_, earlier) =>
      earlier === 0 ? loadBalancers(['a'], 'next') : loadBalancers(['b']),
    );
    expect((await elb.allLoadBalancers()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(stub.calls.map(({ params }) => [params.get('PageSize'), params.get('Marker')])).toEqual([
      ['400', null],
      ['400', 'next'],
    ]);
  });

  it('takes a page marker that comes twice for no answer', async () => {
    const { elb } = await connected(() => loadBalancers(['a'], 'same'));
    expect(await failure(elb.allLoadBalancers())).toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('target groups', () => {
  it('gives one in the words of the domain', async () => {
    const { elb } = await connected(() => targetGroups(['edge']));
    expect(await elb.targetGroup(groupArn('edge'))).toEqual({
      arn: groupArn('edge'),
      name: 'edge',
      protocol: 'TCP',
      port: 443,
      vpcId: 'vpc-1',
      targetType: 'ip',
      ipAddressType: 'ipv4',
      loadBalancerArns: [],
      healthCheck: {
        protocol: 'TCP',
        port: 'traffic-port',
        path: null,
        matcher: null,
        intervalSeconds: 30,
        healthyThreshold: 3,
        unhealthyThreshold: null,
      },
    });
  });

  it('asks for names together, and for each alone where AWS does not know one of them', async () => {
    const { stub, elb } = await connected((call) => {
      const names = members(call, 'Names');
      return names.includes('gone') ? queryError(400, 'TargetGroupNotFound') : targetGroups(names);
    });
    const found = (names: readonly string[]) => Promise.all(names.map((name) => elb.targetGroupByName(name)));
    expect((await found(['a', 'b'])).map((one) => one?.name)).toEqual(['a', 'b']);
    expect((await found(['a', 'gone', 'b'])).map((one) => one?.name)).toEqual(['a', undefined, 'b']);
    expect(stub.calls.map((call) => members(call, 'Names').length)).toEqual([2, 3, 1, 1, 1]);
  });

  it('gives null where AWS knows none of that ARN or name', async () => {
    const { elb } = await connected(() => queryError(400, 'TargetGroupNotFound'));
    expect(await elb.targetGroup(groupArn('edge'))).toBeNull();
    expect(await elb.targetGroupByName('edge')).toBeNull();
  });

  it('reads every page of all of them', async () => {
    const { elb } = await connected((_, earlier) =>
      earlier === 0 ? targetGroups(['a'], 'next') : targetGroups(['b']),
    );
    expect((await elb.allTargetGroups()).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('targets', () => {
  it('gives state, reason, zone and override as AWS tells them', async () => {
    const { elb } = await connected(() =>
      targets([
        '<Target><AvailabilityZone>all</AvailabilityZone><Port>80</Port><Id>10.0.2.91</Id></Target>' +
          '<TargetHealth><State>draining</State><Reason>Target.DeregistrationInProgress</Reason></TargetHealth>' +
          '<AdministrativeOverride><State>no_override</State></AdministrativeOverride>',
        '<Target><Port>80</Port><Id>10.0.2.92</Id></Target><TargetHealth><State>healthy</State></TargetHealth>',
      ]),
    );
    expect(await elb.targets(groupArn('edge'))).toEqual([
      {
        ip: '10.0.2.91',
        port: 80,
        zone: 'all',
        state: 'draining',
        reason: 'Target.DeregistrationInProgress',
        override: 'no_override',
      },
      { ip: '10.0.2.92', port: 80, zone: null, state: 'healthy', reason: null, override: null },
    ]);
  });

  it('asks once for a group that several ask for in one turn, and fails where there is none', async () => {
    const { stub, elb } = await connected(() => queryError(400, 'TargetGroupNotFound'));
    const both = await Promise.allSettled([elb.targets(groupArn('edge')), elb.targets(groupArn('edge'))]);
    expect(both).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'TargetGroupNotFound' } })));
    expect(stub.calls).toHaveLength(1);
  });

  it('registers and deregisters with the zone only where one is given', async () => {
    const { stub, elb } = await connected(({ action }) => query(action, ''));
    const some = [
      { ip: '10.0.2.91', port: 80, zone: null },
      { ip: '10.0.2.92', port: 81, zone: 'all' },
    ];
    await elb.registerTargets(groupArn('edge'), some);
    await elb.deregisterTargets(groupArn('edge'), some);
    expect(stub.actions()).toEqual(['RegisterTargets', 'DeregisterTargets']);
    for (const { params } of stub.calls) {
      expect(Object.fromEntries([...params].filter(([name]) => name.startsWith('Targets.')))).toEqual({
        'Targets.member.1.Id': '10.0.2.91',
        'Targets.member.1.Port': '80',
        'Targets.member.2.Id': '10.0.2.92',
        'Targets.member.2.Port': '81',
        'Targets.member.2.AvailabilityZone': 'all',
      });
    }
  });
});

describe('tags', () => {
  it('asks for 20 resources in a call, and for the next in another', async () => {
    const { stub, elb } = await connected((call) => tags(members(call, 'ResourceArns')));
    const arns = Array.from({ length: 21 }, (_, index) => groupArn(`edge-${index}`));
    expect(await Promise.all(arns.map((arn) => elb.tags(arn)))).toEqual(arns.map(() => new Map()));
    expect(stub.calls.map((call) => members(call, 'ResourceArns').length).sort()).toEqual([1, 20]);
  });

  it('reads keys and values, empty ones too', async () => {
    const { elb } = await connected(() =>
      query(
        'DescribeTags',
        `<TagDescriptions><member><ResourceArn>${groupArn('edge')}</ResourceArn><Tags><member><Key>a</Key><Value>1</Value>` +
          '</member><member><Key>b</Key><Value/></member></Tags></member></TagDescriptions>',
      ),
    );
    expect([...(await elb.tags(groupArn('edge')))]).toEqual([
      ['a', '1'],
      ['b', ''],
    ]);
  });

  it('adds and removes', async () => {
    const { stub, elb } = await connected(({ action }) => query(action, ''));
    await elb.addTags(groupArn('edge'), new Map([['a', '1']]));
    await elb.removeTags(groupArn('edge'), ['a']);
    const [added, removed] = stub.calls.map(({ params }) => Object.fromEntries(params));
    expect(added).toMatchObject({ 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1' });
    expect(removed).toMatchObject({ 'TagKeys.member.1': 'a', 'ResourceArns.member.1': groupArn('edge') });
  });
});
