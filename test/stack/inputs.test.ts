import { describe, expect, test } from 'vitest';
import type { StackInputs } from '../../src/actions/stack-inputs.js';
import { stackFiles } from '../../src/config/stack-files.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { driverOf, templateWith } from '../support/stack.js';
import { certificateIn, loggingRoleIn, parametersOf } from '../support/template.js';

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
    targetGroups: 1,
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

  test('a quota of target groups that is reached, and one that is just not', async () => {
    const sandbox = await sandboxOf({ knobs: { 'quota.targetGroups': 2 } });
    const error = await told(sandbox, {}, { targetGroups: 2 });
    expect(error.message).toContain('1 of 2 target groups of us-east-1 are used: there is no room for 2 more');
    expect((await driverOf(sandbox).deploy({ dryRun: true })).status).toBe(0);
  });

  test('a certificate of another region, and one that is not there', async () => {
    const sandbox = await sandboxOf();
    const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-4333-8444-555555555555';
    expect((await told(sandbox, { NlbCertificateArn: arn })).code).toBe('CertificateElsewhere');
    const error = await told(sandbox, { NlbCertificateArn: arn.replace('eu-west-1', 'us-east-1') });
    expect(error.code).toBe('CertificateNotFound');
    expect(error.suggestions[0]).toContain('aws acm list-certificates --region us-east-1');
  });

  test('a certificate that waits to be validated, was revoked, or expires this very moment', async () => {
    const sandbox = await sandboxOf();
    const now = sandbox.world.clock.now;
    const waiting = certificateIn(sandbox, { status: 'PENDING_VALIDATION' });
    const error = await told(sandbox, { NlbCertificateArn: waiting });
    expect(error.code).toBe('CertificateNotIssued');
    expect(error.suggestions[0]).toContain(`--certificate-arn ${waiting}`);
    const revoked = certificateIn(sandbox, { status: 'REVOKED' });
    expect((await told(sandbox, { NlbCertificateArn: revoked })).message).toContain('is in REVOKED');
    const over = certificateIn(sandbox, { notAfter: now });
    const expired = await told(sandbox, { AlbCertificateArn: over, NlbCertificateArn: revoked });
    expect(expired.code).toBe('CertificateExpired');
    expect(expired.message.split('\n')).toHaveLength(2);
  });

  test('a certificate that is good for another second, and one of IAM’s, are good', async () => {
    const sandbox = await sandboxOf();
    const good = certificateIn(sandbox, { notAfter: sandbox.world.clock.now + 1000 });
    const iam = 'arn:aws:iam::111122223333:server-certificate/edge';
    // The quota stands in for something that stops before anything is written.
    sandbox.world.knobs['quota.loadBalancers'] = 1;
    const error = await told(sandbox, { NlbCertificateArn: good, AlbCertificateArn: iam });
    expect(error.message).not.toContain('Certificate');
    expect(sandbox.journal.actions()).toContain('DescribeCertificate');
  });

  test('an access log where API Gateway has no role for logs, with the command that gives it one', async () => {
    const sandbox = await sandboxOf();
    const error = await told(sandbox, {}, { writesAccessLog: true });
    expect(error.code).toBe('LoggingRoleMissing');
    expect(error.suggestions[0]).toContain(
      'aws apigateway update-account --region us-east-1 --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE-ARN',
    );
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

describe('what cannot be looked at is told, and stops nothing', () => {
  const looks = [
    ['DescribeCertificate', 'acm:DescribeCertificate', 'accessDenied'],
    ['GetAccount', 'apigateway:GET', 'accessDenied'],
    ['DescribeSubnets', 'ec2:DescribeSubnets', 'accessDenied'],
    ['DescribeAccountLimits', 'elasticloadbalancing:DescribeAccountLimits', 'accessDenied'],
    ['DescribeCertificate', 'acm:DescribeCertificate', 'emptyBody'],
    ['GetAccount', 'apigateway:GET', 'wrongXml'],
    ['GetAccount', 'apigateway:GET', 'truncate'],
  ] as const;
  test.each(looks)('%s (%s): %s', async (action, said, kind) => {
    const sandbox = await sandboxOf();
    loggingRoleIn(sandbox);
    sandbox.faults.add({ kind, action });
    const Stage = { Type: 'AWS::ApiGateway::Stage', Properties: { AccessLogSetting: { Format: '{}' } } };
    const certificate = certificateIn(sandbox);
    const template = templateWith({ more: { Stage }, certificate });
    const parameters = new Map([...parametersOf(sandbox), ['NlbCertificateArn', certificate]]);
    const inputs = stackFiles(template, JSON.parse(template), parameters);
    const { status, warnings } = await driverOf(sandbox).deploy({ template, inputs, dryRun: true });
    expect(status).toBe(0);
    expect(warnings).toMatchObject([{ code: 'NotLookedAt', message: expect.stringContaining(said) }]);
  });
});

test('an update goes on where the role for logs has gone, and tells it', async () => {
  const sandbox = await sandboxOf();
  loggingRoleIn(sandbox);
  const Stage = { Type: 'AWS::ApiGateway::Stage', Properties: { AccessLogSetting: { Format: '{}' } } };
  const driver = driverOf(sandbox);
  expect((await driver.deploy({ template: templateWith({ more: { Stage } }) })).warnings).toEqual([]);
  sandbox.stage.builder.region.loggingRoles.clear();
  const { status, warnings } = await driver.deploy({ template: templateWith({ more: { Stage }, memory: 512 }) });
  expect([status, warnings[0]?.code]).toEqual([0, 'LoggingRoleMissing']);
  expect(warnings[0]?.message).toContain('aws apigateway update-account');
});
