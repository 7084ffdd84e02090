import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { regionOf } from '../../src/sandbox/regions.js';
import { sandboxOf } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import { driverOf, NAME, templateWith } from '../support/stack.js';
import { parametersOf } from '../support/template.js';

const BUCKET = 'my-templates';

async function withBucket(region = 'us-east-1', ownerId = '111122223333') {
  const sandbox = await sandboxOf();
  const bucket = { name: BUCKET, ownerId, objects: new Map<string, string>() };
  regionOf(sandbox.world, region).buckets.set(BUCKET, bucket);
  return { sandbox, driver: driverOf(sandbox), objects: bucket.objects };
}

/** Larger than what fits in a call. */
const large = templateWith({
  more: { Log: { Type: 'AWS::Logs::LogGroup', Metadata: { note: 'x'.repeat(60_000) }, Properties: {} } },
});

const s3Calls = ({ journal }: Sandbox) => journal.entries.filter(({ service }) => service === 's3');

describe('a deployment by way of a bucket', () => {
  test('takes a template that is too large for a call, and leaves nothing in the bucket', async () => {
    const { sandbox, driver, objects } = await withBucket();
    expect(() => driver.deploy({ template: large })).toThrow('AWS takes 51200 in the call');
    const seen: string[] = [];
    const confirm = async () => {
      seen.push(...objects.keys());
      return true;
    };
    const outcome = await driver.deploy({ template: large, bucket: BUCKET, confirm });
    expect([outcome.status, outcome.result.stackStatus, outcome.warnings]).toEqual([0, 'CREATE_COMPLETE', []]);
    expect(seen).toEqual([expect.stringMatching(new RegExp(`^lbbridge/${NAME}/[0-9a-f]{64}\\.template$`))]);
    expect([...objects]).toEqual([]);
    const [made] = sandbox.journal.entries.filter(({ action }) => action === 'CreateChangeSet');
    expect(made?.params.TemplateURL).toBe(`${sandbox.endpoint}/${BUCKET}/${seen[0]}`);
    expect(made?.params.TemplateBody).toBeUndefined();
  });

  test('is what is done wherever a bucket is named, and always at the same place', async () => {
    const { sandbox, driver } = await withBucket();
    await driver.deploy({ bucket: BUCKET, dryRun: true });
    await driver.deploy({ bucket: BUCKET });
    const keys = s3Calls(sandbox).map(({ action, params }) => `${action} ${params.Key}`);
    expect(keys.map((one) => one.split(' ')[0])).toEqual(['PutObject', 'DeleteObject', 'PutObject', 'DeleteObject']);
    expect(new Set(keys.map((one) => one.split(' ')[1])).size).toBe(1);
  });

  test('leaves nothing after a dry run, a no, or a template that AWS refuses', async () => {
    const { driver, objects } = await withBucket();
    expect((await driver.deploy({ bucket: BUCKET, dryRun: true })).status).toBe(0);
    expect((await driver.deploy({ bucket: BUCKET, confirm: async () => false })).status).toBe(5);
    const template = templateWith({ more: { Odd: { Type: 'Nonsense' } } });
    const refused = driver.deploy({ bucket: BUCKET, template });
    await expect(refused).rejects.toMatchObject({
      code: 'ValidationError',
      suggestions: [expect.stringContaining('s3:GetObject')],
    });
    expect([...objects]).toEqual([]);
  });

  test('a template that cannot be taken away again is told, and the deployment counts', async () => {
    const { sandbox, driver, objects } = await withBucket();
    sandbox.faults.add({ kind: 'accessDenied', action: 'DeleteObject' });
    const outcome = await driver.deploy({ bucket: BUCKET });
    expect(outcome.status).toBe(0);
    expect(outcome.warnings).toMatchObject([
      { code: 'TemplateLeft', message: expect.stringContaining(`s3://${BUCKET}/lbbridge/${NAME}/`) },
    ]);
    expect(objects.size).toBe(1);
    sandbox.faults.clear();
    await driver.deploy({ bucket: BUCKET });
    expect(objects.size).toBe(0);
  });

  test('nothing is put before the inputs are right, nor under the lock of S7', async () => {
    const { sandbox, driver } = await withBucket();
    const wrong = driver.deploy({ bucket: BUCKET, parameters: { VpcId: 'vpc-0123456789abcdef0' } });
    await expect(wrong).rejects.toMatchObject({ code: 'SubnetOfAnotherVpc' });
    expect((await driver.deploy({ bucket: BUCKET, readOnly: true })).status).toBe(3);
    expect(s3Calls(sandbox)).toEqual([]);
  });
});

describe('a bucket that does not do', () => {
  test.each([
    ['is not there', {}, 'NoSuchBucket', 'There is no bucket nowhere. Name one of us-east-1'],
    [
      'is in another region',
      { region: 'eu-west-1' },
      'PermanentRedirect',
      'The bucket my-templates is in another region',
    ],
    ['is somebody else’s', { owner: '444455556666' }, 'AccessDenied', 'You may not write to the bucket my-templates'],
  ])('one that %s: %o', async (_, { region, owner }: { region?: string; owner?: string }, code, remedy) => {
    const { sandbox, driver } = await withBucket(region, owner);
    const bucket = code === 'NoSuchBucket' ? 'nowhere' : BUCKET;
    await expect(driver.deploy({ bucket })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`s3:PutObject failed: AWS said ${code}`),
      suggestions: expect.arrayContaining([expect.stringContaining(remedy)]),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(sandbox.journal.actions()).not.toContain('CreateChangeSet');
  });
});

describe('the program itself', () => {
  test('deploys what is too large for a call, and says what to do without a bucket', async () => {
    const { sandbox, objects } = await withBucket();
    sandbox.world.clock.setSpeed(2000);
    const folder = mkdtempSync(join(tmpdir(), 'lbbridge-bucket-'));
    writeFileSync(join(folder, 'template.yaml'), large);
    writeFileSync(join(folder, 'parameters.json'), JSON.stringify(Object.fromEntries(parametersOf(sandbox))));
    const deploy = (...flags: string[]) =>
      lbbridgeJson(['stack', 'deploy', 'edge', '--from', folder, '--yes', ...flags], {
        env: { ...sandbox.environment },
      });
    const none = await deploy();
    expect([none.status, none.document.error.code]).toEqual([64, 'TemplateTooLarge']);
    expect(none.document.error.suggestions[0]).toContain('--bucket NAME');
    const wrong = await deploy('--bucket', `s3://${BUCKET}`);
    expect([wrong.status, wrong.document.error.code]).toEqual([64, 'InvalidBucket']);
    const debugged = await lbbridge(
      ['stack', 'deploy', 'edge', '--from', folder, '--yes', '--bucket', BUCKET, '--debug'],
      { env: { ...sandbox.environment } },
    );
    expect([debugged.status, objects.size]).toEqual([0, 0]);
    expect(debugged.stderr).toMatch(/127\.0\.0\.1 PUT \/my-templates\/\S+ 200 request id [0-9a-f-]{36}/);
    expect(debugged.stdout).toContain('CREATE_COMPLETE');
  });
});
