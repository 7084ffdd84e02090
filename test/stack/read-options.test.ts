import { expect, test } from 'vitest';
import type { BridgeStack } from '../../src/stack/options.js';
import { readOptions, type StackFlags } from '../../src/stack/read-options.js';
import { usageError } from '../config/failure.js';
import { albArn, groupArn, nlbArn } from '../support/stack-combinations.js';

const nothing: StackFlags = { fleet: false, without: [], subnet: [], backendTarget: [] };
const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call';

test('nothing said is the whole recipe, closed to the internet', () => {
  expect(readOptions(nothing)).toMatchObject({
    kind: 'bridge',
    front: { kind: 'own', protocol: 'TCP' },
    back: { kind: 'own', protocol: 'HTTP', backend: { type: 'ip', targets: [] } },
    api: { link: 'v1', auth: 'iam', accessLog: true },
    events: true,
    alarms: {},
  });
});

test('an Auto Scaling group brings instances, and nothing else has to be said', () => {
  const { back } = readOptions({ ...nothing, autoScalingGroup: 'web' }) as BridgeStack;
  expect(back).toMatchObject({ backend: { type: 'instance', autoScalingGroup: 'web', targets: [] } });
});

test.each<[Partial<StackFlags>, string, string]>([
  [{ alb: 'web' }, 'ArnNeeded', '--alb "web"'],
  [{ alb: nlbArn }, 'WrongLoadBalancerType', 'network'],
  [{ targetGroup: 'nlb-edge' }, 'ArnNeeded', '--target-group "nlb-edge"'],
  [{ targetGroup: groupArn }, 'MissingFlag', '--target-group alone'],
  [{ targetGroup: groupArn, listener: 'tls', without: ['api'] }, 'FlagNotForThis', 'only an API has to know it'],
  [{ subnet: ['subnet-0a1b2c3d'] }, 'OneSubnet', 'subnet-0a1b2c3d'],
  [{ subnet: ['subnet-0a1b2c3d', 'subnet-0a1b2c3d'] }, 'OneSubnet', 'subnet-0a1b2c3d'],
  [{ subnet: ['net-1'] }, 'InvalidId', '"net-1"'],
  [{ vpc: 'vpc' }, 'InvalidId', '"vpc"'],
  [{ backend: 'instance', backendTarget: ['10.0.0.1'] }, 'InvalidBackendTarget', '"10.0.0.1"'],
  [{ backendTarget: ['10.0.0.0/24'] }, 'InvalidBackendTarget', '"10.0.0.0/24"'],
  [{ backend: 'none', backendTarget: ['10.0.0.1'] }, 'FlagNotForThis', '--backend-target'],
  [{ alb: albArn, backend: 'ip' }, 'FlagNotForThis', '--backend'],
  [{ alb: albArn, autoScalingGroup: 'web' }, 'FlagNotForThis', '--auto-scaling-group'],
  [{ backend: 'ip', autoScalingGroup: 'web' }, 'FlagNotForThis', '--auto-scaling-group'],
  [{ backend: 'none', autoScalingGroup: 'web' }, 'FlagNotForThis', '--auto-scaling-group'],
  [{ autoScalingGroup: 'web;rm' }, 'InvalidAutoScalingGroup', '"web;rm"'],
  [{ autoScalingGroup: 'w'.repeat(256) }, 'InvalidAutoScalingGroup', '"www'],
  [{ fleet: true, autoScalingGroup: 'web' }, 'FlagNotForThis', '--auto-scaling-group'],
  [{ without: ['api'], auth: 'none' }, 'FlagNotForThis', '--auth'],
  [{ without: ['alarms'], alarmTopic: topic }, 'FlagNotForThis', '--alarm-topic'],
  [{ alarmTopic: 'on-call' }, 'InvalidTopic', '"on-call"'],
  [{ fleet: true, alb: albArn }, 'FlagNotForThis', '--alb'],
  [{ nlbSecurityGroup: 'sg-0a1b2c3d' }, 'FlagNotForThis', '--nlb-security-group'],
  [{ nlb: nlbArn, nlbSecurityGroup: 'sg-0a1b2c3d', alb: albArn }, 'FlagNotForThis', '--alb-security-group'],
  [{ rulePriority: '1' }, 'FlagNotForThis', '--rule-priority'],
  [{ alb: albArn, rulePriority: '1' }, 'MissingFlag', 'listener'],
  [
    { alb: albArn, rulePriority: '0', albListener: `${albArn.replace(':loadbalancer', ':listener')}/0` },
    'InvalidPriority',
    '"0"',
  ],
  [{ alb: albArn, rulePriority: '1', albListener: 'web' }, 'ArnNeeded', '"web"'],
  [{ alb: albArn, nlb: nlbArn.replace('1111', '4444') }, 'TwoAccounts', '4444'],
  [{ nlb: nlbArn, targetGroup: groupArn.replace('eu-west-1', 'us-east-1') }, 'RegionMismatch', 'us-east-1'],
])('%j is refused as %s, which names %s', async (flags, code, words) => {
  const error = await usageError(() => readOptions({ ...nothing, ...flags }));
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
});
