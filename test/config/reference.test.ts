import { describe, expect, test } from 'vitest';
import { parseLoadBalancerReference, parseTargetGroupReference } from '../../src/config/reference.js';
import { usageError } from './failure.js';

const arn = (resource: string, partition = 'aws', region = 'eu-west-1') =>
  `arn:${partition}:elasticloadbalancing:${region}:111122223333:${resource}`;
const albArn = arn('loadbalancer/app/web/50dc6c495c0c9188');
const groupArn = arn('targetgroup/nlb-edge/73e2d6bc24d8a067');

describe('a load balancer', () => {
  test.each([
    ['app', 'application'],
    ['net', 'network'],
    ['gwy', 'gateway'],
  ])('is taken by its %s/ ARN as of type %s', (short, type) => {
    const text = arn(`loadbalancer/${short}/web/50dc6c495c0c9188`);
    expect(parseLoadBalancerReference(text)).toEqual({
      kind: 'arn',
      arn: text,
      partition: 'aws',
      region: 'eu-west-1',
      accountId: '111122223333',
      type,
      name: 'web',
      path: `${short}/web/50dc6c495c0c9188`,
    });
  });

  test.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
  ])('is taken by an ARN of the partition %s', (partition, region) => {
    const text = arn('loadbalancer/app/web/50dc6c495c0c9188', partition, region);
    expect(parseLoadBalancerReference(text)).toMatchObject({ kind: 'arn', partition, region });
  });

  test.each([
    ['web-1234567890.eu-west-1.elb.amazonaws.com', 'eu-west-1', 'web'],
    ['internal-web-1234567890.eu-west-1.elb.amazonaws.com', 'eu-west-1', 'web'],
    ['my-web-2-1234567890.us-gov-west-1.elb.amazonaws.com', 'us-gov-west-1', 'my-web-2'],
    ['web-1234567890.cn-north-1.elb.amazonaws.com.cn', 'cn-north-1', 'web'],
    ['edge-0123456789abcdef.elb.us-east-1.amazonaws.com', 'us-east-1', 'edge'],
    ['edge-0123456789abcdef.elb.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'edge'],
    ['something.eu-west-1.elb.amazonaws.com', 'eu-west-1', null],
  ])('is taken by its DNS name %s', (dnsName, region, candidateName) => {
    const expected = { kind: 'dns', dnsName, region, candidateName };
    expect(parseLoadBalancerReference(dnsName)).toEqual(expected);
    expect(parseLoadBalancerReference(`${dnsName}.`)).toEqual(expected);
    expect(parseLoadBalancerReference(`dualstack.${dnsName}`)).toEqual(expected);
    expect(parseLoadBalancerReference(`us-east-1a.${dnsName}`)).toEqual(expected);
  });

  test('keeps the letters of its name, while its DNS name becomes lower case', () => {
    expect(parseLoadBalancerReference('My-Web-12.EU-WEST-1.elb.amazonaws.com')).toEqual({
      kind: 'dns',
      dnsName: 'my-web-12.eu-west-1.elb.amazonaws.com',
      region: 'eu-west-1',
      candidateName: 'My-Web',
    });
  });

  test.each(['a', 'web', 'Alb-internal-1', 'x'.repeat(32)])('is taken by the name %s', (name) => {
    expect(parseLoadBalancerReference(name)).toEqual({ kind: 'name', name });
  });

  test.each([
    ['', 'names no load balancer'],
    ['  ', 'names no load balancer'],
    ['web*', 'pattern'],
    ['we?', 'pattern'],
    ['web\n', 'control characters'],
    ['\u001b[2J', 'control characters'],
    ['-web', 'is not the name'],
    ['web-', 'is not the name'],
    ['web_1', 'is not the name'],
    ['x'.repeat(33), 'is not the name'],
    ['www.example.com', 'is not the name'],
    ['https://web-1.eu-west-1.elb.amazonaws.com/path', 'is a URL'],
    [groupArn, 'is the ARN of a target group'],
    [arn('listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2'), 'is the ARN of a listener'],
    [arn('loadbalancer/web'), 'classic load balancer'],
    [arn('loadbalancer/abc/web/50dc6c495c0c9188'), 'is not the ARN'],
    [arn('loadbalancer/toString/web/50dc6c495c0c9188'), 'is not the ARN'],
    [arn('loadbalancer/app/web'), 'is not the ARN'],
    [arn('loadbalancer/app/web/50dc6c495c0c9188/more'), 'is not the ARN'],
    [arn('loadbalancer/app/web/50dc6c495c0c9188', 'azure'), 'is not the ARN'],
    [albArn.replace('111122223333', '1111'), 'is not the ARN'],
    ['arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b', 'is an ARN of "ec2"'],
    ['arn:', 'is not the ARN'],
  ])('is not taken by %j', async (text, why) => {
    const error = await usageError(() => parseLoadBalancerReference(text));
    expect(error.code).toBe('InvalidLoadBalancer');
    expect(error.message).toContain(why);
    expect(error.message).toContain(JSON.stringify(text));
    expect(error.suggestions).not.toEqual([]);
  });

  test('is offered by its DNS name where a URL is given', async () => {
    const error = await usageError(() => parseLoadBalancerReference('http://web-1.eu-west-1.elb.amazonaws.com:80/x'));
    expect(error.suggestions).toEqual(['Give the DNS name alone: web-1.eu-west-1.elb.amazonaws.com']);
  });
});

describe('a target group', () => {
  test('is taken by its ARN', () => {
    expect(parseTargetGroupReference(groupArn)).toEqual({
      kind: 'arn',
      arn: groupArn,
      partition: 'aws',
      region: 'eu-west-1',
      accountId: '111122223333',
      name: 'nlb-edge',
    });
  });

  test('is taken by its name', () => {
    expect(parseTargetGroupReference('nlb-edge')).toEqual({ kind: 'name', name: 'nlb-edge' });
  });

  test.each([
    ['', 'names no target group'],
    ['nlb-*', 'pattern'],
    ['nlb\u0007', 'control characters'],
    ['web-1234567890.eu-west-1.elb.amazonaws.com', 'is not the name or ARN'],
    ['x'.repeat(33), 'is not the name or ARN'],
    [albArn, 'is the ARN of a load balancer'],
    [arn('listener-rule/net/web/1/2/3'), 'is the ARN of a listener rule'],
    [arn('targetgroup/nlb-edge'), 'is not the ARN'],
    [arn('targetgroup/nlb_edge/73e2d6bc24d8a067'), 'is not the ARN'],
    [arn('constructor/nlb-edge/73e2d6bc24d8a067'), 'is not the ARN'],
  ])('is not taken by %j', async (text, why) => {
    const error = await usageError(() => parseTargetGroupReference(text));
    expect(error.code).toBe('InvalidTargetGroup');
    expect(error.message).toContain(why);
    expect(error.suggestions).not.toEqual([]);
  });
});
