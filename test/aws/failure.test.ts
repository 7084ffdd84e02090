import { describe, expect, it } from 'vitest';
import { codeOf } from '../../src/aws/failure.js';
import { AwsFailure } from '../../src/errors.js';
import { albArn, ec2Error, eni, groupArn, interfaces, queryError, targets } from './answers.js';
import { type Answer, closedPort, connectTo, env, failure, SECRET, startStub } from './stub.js';

const ofEc2 = async (answer: Answer) => {
  const stub = await startStub(() => answer);
  const error = await failure(connectTo(stub).network.interfacesByDescription('ELB app/web/1'));
  return { error: error as unknown as AwsFailure, calls: stub.calls.length };
};
const ofElb = async (answer: Answer) => {
  const stub = await startStub(() => answer);
  const error = await failure(connectTo(stub).loadBalancing.targets(groupArn('edge')));
  return { error: error as unknown as AwsFailure, calls: stub.calls.length };
};

describe('a call that AWS refuses', () => {
  it('says what was asked, what AWS said and what to do', async () => {
    const denied =
      'You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/ci is not authorized to ' +
      'perform: ec2:DescribeNetworkInterfaces because no identity-based policy allows the action.\n' +
      'Encoded authorization failure message: AbCdEf-0123456789_xyz';
    const { error, calls } = await ofEc2(ec2Error(403, 'UnauthorizedOperation', denied));
    expect(error).toBeInstanceOf(AwsFailure);
    expect(error).toMatchObject({
      action: 'ec2:DescribeNetworkInterfaces',
      code: 'UnauthorizedOperation',
      requestId: 'req-1',
      suggestions: ['Allow ec2:DescribeNetworkInterfaces: `lbbridge policy --for sync` prints the least policy.'],
    });
    expect(error.message).toMatch(/^ec2:DescribeNetworkInterfaces failed: AWS said UnauthorizedOperation: You are/);
    expect(error.message).not.toMatch(/Encoded|AbCdEf|\n/);
    expect(calls).toBe(1);
  });

  it('names the policy that has the action, whatever the command', async () => {
    const denied = 'User: x is not authorized to perform: ec2:RevokeSecurityGroupIngress because';
    const { error } = await ofEc2(ec2Error(403, 'UnauthorizedOperation', denied));
    expect(error.suggestions).toEqual([
      'Allow ec2:RevokeSecurityGroupIngress: `lbbridge policy --for sg` prints the least policy.',
    ]);
  });

  it('names the action where AWS does not', async () => {
    const { error } = await ofElb(queryError(403, 'AccessDenied', 'No.'));
    expect(error.suggestions[0]).toContain('Allow elasticloadbalancing:DescribeTargetHealth');
  });

  it.each([
    [403, 'ExpiredToken', 'expired'],
    [403, 'InvalidClientTokenId', 'AWS_SESSION_TOKEN'],
    [403, 'SignatureDoesNotMatch', 'AWS_SESSION_TOKEN'],
    [500, 'InternalFailure', 'again in a minute'],
    [500, 'HealthUnavailable', 'again in a minute'],
    [400, 'Throttling', 'too many calls'],
    [400, 'ThrottlingException', 'too many calls'],
  ])('has a remedy for %s %s', async (status, code, remedy) => {
    const { error } = await ofElb(queryError(status, code, 'Sorry'));
    expect(error.code).toBe(code.replace('Exception', ''));
    expect(error.suggestions.join(' ')).toContain(remedy);
  });

  it.each([
    [400, 'RequestExpired', 'expired'],
    [401, 'AuthFailure', 'opt-in region'],
    [503, 'RequestLimitExceeded', 'too many calls'],
    [503, 'Unavailable', 'again in a minute'],
  ])('has a remedy for %s %s of EC2', async (status, code, remedy) => {
    const { error } = await ofEc2(ec2Error(status, code, 'Sorry'));
    expect(error.code).toBe(code);
    expect(error.suggestions.join(' ')).toContain(remedy);
  });

  it('points to region and account where an ARN is not valid', async () => {
    const arn = albArn('web');
    const { error } = await ofElb(queryError(400, 'ValidationError', `'${arn}' is not a valid target group ARN`));
    expect(error.suggestions.join(' ')).toContain('--region');
  });

  it.each([
    [502, '<html>Bad gateway</html>'],
    [503, ''],
  ])('is told apart from our own bugs where a proxy answers %s %j', async (status, body) => {
    const { error } = await ofEc2({ status, body });
    expect(error).toBeInstanceOf(AwsFailure);
    expect(error.suggestions.join(' ')).toContain('again in a minute');
  });

  it('is repeated where AWS throttles or fails, and only there', async () => {
    const stub = await startStub((_, earlier) =>
      earlier === 0 ? ec2Error(503, 'RequestLimitExceeded') : earlier === 1 ? ec2Error(500, 'InternalError') : fine,
    );
    expect(await connectTo(stub).network.interfacesByDescription('ELB app/web/1')).toHaveLength(1);
    expect((await ofElb(queryError(400, 'Throttling', 'Rate exceeded'))).calls).toBe(3);
    expect((await ofElb(queryError(400, 'ValidationError'))).calls).toBe(1);
  });
});

const fine = interfaces([eni('eni-1', 'ELB app/web/1')]);

describe('a call that reaches nobody', () => {
  it('names the host', async () => {
    const port = await closedPort();
    const error = await failure(connectTo({ url: `http://127.0.0.1:${port}` }).network.zoneIds());
    expect(error).toMatchObject({ code: 'NetworkError', action: 'ec2:DescribeAvailabilityZones' });
    expect(error.message).toBe(
      `ec2:DescribeAvailabilityZones got no answer from 127.0.0.1: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it('has a reason even where the system gives only a code', async () => {
    const port = await closedPort();
    const error = await failure(connectTo({ url: `http://localhost:${port}` }).network.zoneIds());
    expect(error.message).toMatch(/^ec2:DescribeAvailabilityZones got no answer from localhost: .*ECONNREFUSED/);
  });
});

describe('secrets', () => {
  it('stand in no message', async () => {
    const token = 'IQoJb3JpZ2luX2VjEXAMPLETOKEN';
    const leak = `key ${env.AWS_ACCESS_KEY_ID} secret ${SECRET} x-amz-security-token:${token}`;
    const stub = await startStub(() => queryError(403, 'SignatureDoesNotMatch', leak));
    const aws = connectTo(stub, { env: { ...env, AWS_SESSION_TOKEN: token } });
    const { message } = await failure(aws.loadBalancing.targets(groupArn('edge')));
    expect(message).toContain('key AKIA… secret [redacted]');
    for (const secret of [SECRET, token, env.AWS_ACCESS_KEY_ID]) expect(message).not.toContain(secret);
  });

  it('stand in no line of --debug, which has one line for each attempt', async () => {
    const lines: string[] = [];
    const stub = await startStub((_, earlier) => (earlier === 0 ? queryError(400, 'Throttling') : targets([])));
    const aws = connectTo(stub, { debug: (line) => lines.push(line) });
    await aws.loadBalancing.targets(groupArn('edge'));
    expect(lines.map((line) => line.replace(/\d+ ms/, 'N ms'))).toEqual([
      '127.0.0.1 DescribeTargetHealth 400 request id req-1 N ms',
      '127.0.0.1 DescribeTargetHealth 200 request id req-1 N ms',
    ]);
  });
});

describe('codeOf', () => {
  it.each([
    [{ name: 'TargetGroupNotFoundException' }, 'TargetGroupNotFound'],
    [{ name: 'TooManyTargetsException', Code: 'TooManyTargets' }, 'TooManyTargets'],
    [{ name: 'Error', code: 'ECONNRESET' }, 'ECONNRESET'],
    [{ name: 'Exception' }, 'Exception'],
    [{}, 'UnknownError'],
  ])('of %j is %s', (error, code) => {
    expect(codeOf(error)).toBe(code);
  });
});
