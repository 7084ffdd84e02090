import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectAws } from '../../src/aws/connect.js';
import { groupArn, interfaces, query, queryError, targets } from './answers.js';
import { type Answers, closedPort, connectTo, env, failure, KEY_ID, startStub } from './stub.js';

const role = 'arn:aws:iam::111122223333:role/bridge';
const folders: string[] = [];

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The SDK's chain reads the environment of the process, ours what it is given: here they are one. */
function files(config: string, credentials = ''): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'lbbridge-aws-'));
  folders.push(folder);
  writeFileSync(join(folder, 'config'), config);
  writeFileSync(join(folder, 'credentials'), credentials);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  return process.env;
}

const assumed = (keyId: string, expires: Date): string =>
  query(
    'AssumeRole',
    `<Credentials><AccessKeyId>${keyId}</AccessKeyId><SecretAccessKey>assumed-secret</SecretAccessKey>` +
      `<SessionToken>assumed-token</SessionToken><Expiration>${expires.toISOString()}</Expiration></Credentials>`,
  );
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

const answers: Answers = ({ action }, earlier) =>
  action === 'AssumeRole'
    ? assumed(`ASIAROLE${earlier}`, inAnHour())
    : action === 'DescribeTargetHealth'
      ? targets([])
      : interfaces([]);

describe('keys of the environment', () => {
  it('sign as they stand', async () => {
    const stub = await startStub(answers);
    await connectTo(stub).network.interfacesByDescription('ELB app/web/1');
    expect(stub.calls).toMatchObject([{ action: 'DescribeNetworkInterfaces', keyId: KEY_ID }]);
  });

  it('come before a profile that the environment names, as in the AWS CLI', async () => {
    const stub = await startStub(answers);
    const aws = connectTo(stub, { env: { ...env, AWS_PROFILE: 'other' } });
    await aws.network.interfacesByDescription('ELB app/web/1');
    expect(stub.calls).toMatchObject([{ keyId: KEY_ID }]);
  });

  it('come after a profile that was asked for', async () => {
    const stub = await startStub(answers);
    const given = files('', '[prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = prod-secret\n');
    const aws = connectTo(stub, { env: { ...given, ...env } }, { profile: 'prod' });
    await aws.network.interfacesByDescription('ELB app/web/1');
    expect(stub.calls).toMatchObject([{ keyId: 'AKIAPROD' }]);
  });
});

describe('no credentials', () => {
  it('is said once, with what to do', async () => {
    files('');
    const stub = await startStub(answers);
    const aws = connectTo(stub, { env: { AWS_REGION: 'us-east-1' } });
    const error = await failure(aws.network.interfacesByDescription('ELB app/web/1'));
    expect(error).toMatchObject({ code: 'NoCredentials', action: 'ec2:DescribeNetworkInterfaces' });
    expect((error.suggestions as string[]).join(' ')).toMatch(/AWS_ACCESS_KEY_ID.*--profile.*aws sso login/);
    expect(stub.calls).toEqual([]);
  });

  it('is said of a profile that there is none of', async () => {
    files('');
    const stub = await startStub(answers);
    const aws = connectTo(stub, { env }, { profile: 'nobody' });
    expect(await failure(aws.network.zoneIds())).toMatchObject({ code: 'NoCredentials' });
  });
});

describe('a role', () => {
  it('is assumed once for all services, and signs the calls', async () => {
    const stub = await startStub(answers);
    const aws = connectTo(stub, {}, { roleArn: role, externalId: 'shared-word' });
    const read = () =>
      Promise.all([
        aws.network.interfacesByDescription('ELB app/web/1'),
        aws.loadBalancing.targets(groupArn('edge')),
        aws.loadBalancing.targets(groupArn('other')),
      ]);
    await read();
    await read();
    const [assume, ...others] = stub.calls;
    expect(assume).toMatchObject({ action: 'AssumeRole', keyId: KEY_ID });
    expect(Object.fromEntries(assume?.params ?? [])).toMatchObject({
      RoleArn: role,
      RoleSessionName: 'lbbridge',
      ExternalId: 'shared-word',
    });
    expect(others.map(({ keyId }) => keyId)).toEqual(others.map(() => 'ASIAROLE0'));
    expect(others).toHaveLength(6);
  });

  it('is assumed once for several regions', async () => {
    const stub = await startStub(answers);
    const connect = connectAws({ env, endpointUrl: stub.url });
    await Promise.all(
      ['us-east-1', 'eu-west-1'].map((region) =>
        connect({ region, roleArn: role }).network.interfacesByDescription('ELB app/web/1'),
      ),
    );
    expect(stub.actions().filter((action) => action === 'AssumeRole')).toHaveLength(1);
  });

  it('is assumed again when its session is about to end, a minute ahead', async () => {
    const start = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    const stub = await startStub((call, earlier) =>
      call.action === 'AssumeRole' ? assumed(`ASIAROLE${earlier}`, new Date(start + 120_000)) : answers(call, earlier),
    );
    const aws = connectTo(stub, {}, { roleArn: role });
    for (const later of [0, 59_000, 61_000]) {
      vi.setSystemTime(start + later);
      await aws.network.interfacesByDescription('ELB app/web/1');
    }
    const reads = stub.calls.filter(({ action }) => action !== 'AssumeRole');
    expect(reads.slice(0, 2).map(({ keyId }) => keyId)).toEqual(['ASIAROLE0', 'ASIAROLE0']);
    expect(reads[2]?.keyId).not.toBe('ASIAROLE0');
  });

  it('that may not be assumed is said to be the fault of sts:AssumeRole', async () => {
    const stub = await startStub(() =>
      queryError(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole'),
    );
    const error = await failure(connectTo(stub, {}, { roleArn: role }).network.zoneIds());
    expect(error).toMatchObject({ code: 'AccessDenied', action: 'sts:AssumeRole' });
    expect((error.suggestions as string[]).join(' ')).toContain('trust policy');
    expect(stub.actions()).toEqual(['AssumeRole']);
  });

  it('is no role where the answer is unreadable', async () => {
    const stub = await startStub(() => '');
    const error = await failure(connectTo(stub, {}, { roleArn: role }).network.zoneIds());
    expect(error).toMatchObject({ code: 'InvalidResponse', action: 'sts:AssumeRole' });
  });

  it('is assumed at the endpoint that the environment names for STS', async () => {
    const [sts, services] = [await startStub(answers), await startStub(answers)];
    const given = { ...env, AWS_ENDPOINT_URL: services.url, AWS_ENDPOINT_URL_STS: sts.url };
    await connectAws({ env: given })({ roleArn: role }).network.interfacesByDescription('ELB app/web/1');
    expect(sts.actions()).toEqual(['AssumeRole']);
    expect(services.actions()).toEqual(['DescribeNetworkInterfaces']);
  });

  it('keeps its secrets out of what people see', async () => {
    const stub = await startStub((call, earlier) =>
      call.action === 'AssumeRole'
        ? answers(call, earlier)
        : queryError(403, 'SignatureDoesNotMatch', 'assumed-secret, assumed-token'),
    );
    const { message } = await failure(connectTo(stub, {}, { roleArn: role }).loadBalancing.targets(groupArn('edge')));
    expect(message).toContain('[redacted], [redacted]');
  });
});

describe('a code of an MFA device', () => {
  const withDevice = (endpoint: string): NodeJS.ProcessEnv =>
    files(
      `[profile prod]\nregion = us-east-1\nrole_arn = ${role}\nsource_profile = base\nservices = local\n` +
        `mfa_serial = arn:aws:iam::111122223333:mfa/me\n[services local]\nsts =\n  endpoint_url = ${endpoint}\n`,
      '[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n',
    );

  it('is asked for where a person is there, once', async () => {
    const stub = await startStub(answers);
    vi.stubEnv('AWS_ENDPOINT_URL_STS', stub.url);
    const promptMfa = vi.fn(async () => '123456');
    const aws = connectTo(stub, { env: withDevice(stub.url), promptMfa }, { profile: 'prod' });
    await Promise.all([
      aws.network.interfacesByDescription('ELB app/web/1'),
      aws.loadBalancing.targets(groupArn('edge')),
    ]);
    expect(promptMfa.mock.calls).toEqual([['arn:aws:iam::111122223333:mfa/me']]);
    expect(stub.calls[0]?.params.get('TokenCode')).toBe('123456');
    expect(stub.calls.map(({ keyId }) => keyId)).toEqual(['AKIABASE', 'ASIAROLE0', 'ASIAROLE0']);
  });

  it('that nobody can type ends the run with a remedy', async () => {
    const aws = connectTo(
      { url: `http://127.0.0.1:${await closedPort()}` },
      { env: withDevice('') },
      { profile: 'prod' },
    );
    const error = await failure(aws.network.zoneIds());
    expect(error).toMatchObject({ code: 'MfaRequired' });
    expect(error.message).toContain('mfa/me');
  });
});
