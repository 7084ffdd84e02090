import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/ports.js';
import { albArn, ec2, eni, groupArn, interfaces, loadBalancer, query, tags, targetGroups, targets } from './answers.js';
import { type Answer, connectTo, failure, startStub } from './stub.js';

const whole = interfaces([eni('eni-1')]);
const description = 'ELB app/web/1';

describe('an answer that is none (S1)', () => {
  it.each<[string, Answer]>([
    ['an empty body', ''],
    ['an empty body with status 204', { status: 204, body: '' }],
    ['blanks', '\n  \n'],
    ['half a document', whole.slice(0, whole.length / 2)],
    ['a document that lacks its end', whole.trimEnd().slice(0, -1)],
    ['the answer to another question', query('DescribeTargetHealth', '<TargetHealthDescriptions/>')],
    [
      'an error that comes as a success',
      '<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>',
    ],
    ['a page of a proxy', '<!doctype html><html><body>Sign in</body></html>'],
    ['a list that is missing', ec2('DescribeNetworkInterfaces', '')],
    ['an interface without its id', interfaces([eni('')])],
    ['an interface without its VPC', interfaces([eni('eni-1').replace('<vpcId>vpc-1</vpcId>', '')])],
    ['an interface without its subnet', interfaces([eni('eni-1').replace('<subnetId>subnet-1</subnetId>', '')])],
    ['an address without its text', interfaces([eni('eni-1', description, '')])],
    [
      'an IPv6 address without its text',
      interfaces([eni('eni-1').replace('<ipv6AddressesSet/>', '<ipv6AddressesSet><item/></ipv6AddressesSet>')]),
    ],
    [
      'an interface without any list of addresses',
      interfaces([
        eni('eni-1')
          .replace('<ipv6AddressesSet/>', '')
          .replace(/<privateIpAddressesSet>.*<\/privateIpAddressesSet>/s, ''),
      ]),
    ],
  ])('%s is not taken for no interfaces', async (_, answer) => {
    const stub = await startStub(() => answer);
    const error = await failure(connectTo(stub).network.interfacesByDescription(description));
    expect(error).toMatchObject({ code: 'InvalidResponse', action: 'ec2:DescribeNetworkInterfaces' });
    expect(error.message).toContain('S1');
  });

  it('is asked for again, and may come whole then', async () => {
    const stub = await startStub((_, earlier) => (earlier === 0 ? '' : whole));
    expect(await connectTo(stub).network.interfacesByDescription(description)).toHaveLength(1);
    expect(stub.calls).toHaveLength(2);
  });

  it('on a second page spoils the first', async () => {
    const stub = await startStub((_, earlier) => (earlier === 0 ? interfaces([eni('eni-1')], 'next') : ''));
    expect(await failure(connectTo(stub).network.interfacesByDescription(description))).toMatchObject({
      code: 'InvalidResponse',
    });
  });

  it.each<Answer>(['drop', 'cut short'])('is none either where the connection ends: %s', async (answer) => {
    const stub = await startStub(() => answer);
    expect(await failure(connectTo(stub).network.interfacesByDescription(description))).toMatchObject({
      code: 'NetworkError',
    });
    expect(stub.calls).toHaveLength(3);
  });

  const target = (inner: string): string => targets([inner]);
  it.each<[string, (aws: Aws) => Promise<unknown>, string]>([
    ['targets', ({ loadBalancing }) => loadBalancing.targets(groupArn('g')), query('DescribeTargetHealth', '')],
    [
      'a target without its port',
      ({ loadBalancing }) => loadBalancing.targets(groupArn('g')),
      target('<Target><Id>10.0.0.1</Id></Target><TargetHealth><State>healthy</State></TargetHealth>'),
    ],
    [
      'a target whose port is no number',
      ({ loadBalancing }) => loadBalancing.targets(groupArn('g')),
      target('<Target><Id>10.0.0.1</Id><Port>none</Port></Target><TargetHealth><State>healthy</State></TargetHealth>'),
    ],
    [
      'a target without its address',
      ({ loadBalancing }) => loadBalancing.targets(groupArn('g')),
      target('<Target><Port>80</Port></Target><TargetHealth><State>healthy</State></TargetHealth>'),
    ],
    [
      'a target without its state',
      ({ loadBalancing }) => loadBalancing.targets(groupArn('g')),
      target('<Target><Id>10.0.0.1</Id><Port>80</Port></Target>'),
    ],
    ['load balancers', ({ loadBalancing }) => loadBalancing.allLoadBalancers(), query('DescribeLoadBalancers', '')],
    [
      'a load balancer without its type',
      ({ loadBalancing }) => loadBalancing.loadBalancer(albArn('web')),
      query(
        'DescribeLoadBalancers',
        `<LoadBalancers>${loadBalancer('web').replace('<Type>application</Type>', '')}</LoadBalancers>`,
      ),
    ],
    [
      'target groups',
      ({ loadBalancing }) => loadBalancing.targetGroup(groupArn('g')),
      query('DescribeTargetGroups', ''),
    ],
    [
      'a target group without its name',
      ({ loadBalancing }) => loadBalancing.targetGroupByName('g'),
      targetGroups(['g']).replace('<TargetGroupName>g</TargetGroupName>', ''),
    ],
    ['tags', ({ loadBalancing }) => loadBalancing.tags(groupArn('g')), query('DescribeTags', '')],
    ["another group's tags", ({ loadBalancing }) => loadBalancing.tags(groupArn('g')), tags([groupArn('other')])],
    ['subnets', ({ network }) => network.subnets('vpc-1'), ec2('DescribeSubnets', '')],
    ['zones', ({ network }) => network.zoneIds(), ec2('DescribeAvailabilityZones', '')],
    ['a write', ({ loadBalancing }) => loadBalancing.registerTargets(groupArn('g'), []), ''],
  ])('%s', async (_, ask, answer) => {
    const stub = await startStub(() => answer);
    expect(await failure(ask(connectTo(stub)))).toMatchObject({ code: 'InvalidResponse' });
  });
});
