import { describe, expect, test } from 'vitest';
import type { StackInputs } from '../../src/actions/stack-inputs.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { driverOf } from '../support/stack.js';
import { parametersOf } from '../support/template.js';

/** What is told of a deployment with these parameters; nothing may have been written. */
async function told(sandbox: Sandbox, parameters: Record<string, string>, more: Partial<StackInputs> = {}) {
  const given = new Map([...parametersOf(sandbox), ...Object.entries(parameters)]);
  const types = new Map([
    ['VpcId', 'AWS::EC2::VPC::Id'],
    ['SubnetIds', 'List<AWS::EC2::Subnet::Id>'],
  ]);
  const inputs = {
    types,
    parameters: given,
    loadBalancers: { application: 1, network: 1 },
    writesAccessLog: false,
    ...more,
  };
  const error = await driverOf(sandbox)
    .deploy({ inputs })
    .catch((caught: unknown) => caught);
  expect(writes(sandbox)).toEqual([]);
  return error as { code: string; message: string; suggestions: string[] };
}

const subnetsOf = (sandbox: Sandbox): string[] => (parametersOf(sandbox).get('SubnetIds') ?? '').split(',');

describe('inputs are held against the account before anything is made', () => {
  test('subnets of two VPCs', async () => {
    const sandbox = await sandboxOf();
    const { builder } = sandbox.stage;
    const [foreign] = builder.subnets(builder.vpc('10.50.0.0/16'), 'a');
    const [own = ''] = subnetsOf(sandbox);
    const error = await told(sandbox, { SubnetIds: `${own},${foreign?.id}` });
    expect(error.code).toBe('SubnetOfAnotherVpc');
    expect(error.message).toContain(foreign?.id);
    expect(error.suggestions[0]).toContain(own);
  });

  test('a VPC that has no subnets, or is not there', async () => {
    const sandbox = await sandboxOf();
    const error = await told(sandbox, { VpcId: 'vpc-0123456789abcdef0' });
    expect(error).toMatchObject({ code: 'SubnetOfAnotherVpc' });
    expect(error.suggestions[0]).toContain('--region');
  });

  test('one zone, two subnets of one zone, and a subnet without room, all told at once', async () => {
    const sandbox = await sandboxOf();
    const { builder, group } = sandbox.stage;
    const vpc = builder.region.vpcs.get(group.vpcId);
    if (!vpc) throw new Error('no VPC');
    const [first = '', second = ''] = subnetsOf(sandbox);
    expect((await told(sandbox, { SubnetIds: first })).code).toBe('OneZone');
    const zone = builder.region.subnets.get(first)?.zoneId ?? '';
    const small = builder.subnet(vpc, 'a', '10.0.200.0/29');
    small.zoneId = zone;
    const error = await told(sandbox, { SubnetIds: [first, second, small.id].join() });
    expect(error.code).toBe('TwoSubnetsOfAZone');
    expect(error.message).toContain(`${small.id} has 3 free addresses`);
    expect(error.suggestions).toHaveLength(2);
  });

  test('a quota that is reached', async () => {
    const sandbox = await sandboxOf({ knobs: { 'quota.loadBalancers': 1 } });
    const error = await told(sandbox, {});
    expect(error.code).toBe('QuotaReached');
    expect(error.message).toContain('1 of 1 network load balancers of us-east-1 are used');
  });

  test('a certificate of another region', async () => {
    const sandbox = await sandboxOf();
    const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-4333-8444-555555555555';
    expect((await told(sandbox, { NlbCertificateArn: arn })).code).toBe('CertificateElsewhere');
  });

  test('load balancers and a target group that are not there, or of another type', async () => {
    const sandbox = await sandboxOf();
    const { alb, nlb, group } = sandbox.stage;
    const gone = alb.arn.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const error = await told(sandbox, {
      AlbArn: gone,
      NlbArn: alb.arn,
      TargetGroupArn: group.arn.replace('nlb-edge', 'nlb-egde'),
    });
    expect(error.message.split('\n')).toEqual([
      `AlbArn ${gone} was not found.`,
      `NlbArn ${alb.arn} is of type application.`,
      expect.stringContaining('was not found.'),
    ]);
    group.targetType = 'instance';
    expect((await told(sandbox, { AlbArn: alb.arn, NlbArn: nlb.arn, TargetGroupArn: group.arn })).message).toContain(
      'is of type instance',
    );
  });
});
