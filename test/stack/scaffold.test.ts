import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import { albArn, groupArn, nlbArn } from '../support/stack-combinations.js';

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'lbbridge-scaffold-')), 'edge');
const read = (directory: string, file: string): string => readFileSync(join(directory, file), 'utf8');
const resources = (directory: string): object =>
  parse(read(directory, 'template.yaml'), { logLevel: 'silent' }).Resources;

describe('stack scaffold', () => {
  test('writes a template, its parameters and a README, and says what to do next', async () => {
    const directory = folder();
    const { status, document } = await lbbridgeJson(['stack', 'scaffold', directory]);
    expect(status).toBe(0);
    expect(document.result).toEqual({
      directory,
      files: ['template.yaml', 'parameters.json', 'README.md'],
      native: expect.stringContaining('VPC link V2'),
      missing: ['VpcId', 'SubnetIds'],
      command: `lbbridge stack deploy edge --from ${directory}`,
    });
    expect(readdirSync(directory).sort()).toEqual(['README.md', 'parameters.json', 'template.yaml']);
    expect(Object.keys(resources(directory))).toEqual(
      expect.arrayContaining(['Nlb', 'Alb', 'NlbTargetGroup', 'SyncFunction', 'Bridge', 'Schedule', 'Api', 'VpcLink']),
    );
    expect(JSON.parse(read(directory, 'parameters.json'))).toEqual([
      { ParameterKey: 'VpcId', ParameterValue: '' },
      { ParameterKey: 'SubnetIds', ParameterValue: '' },
    ]);
  });

  test('an Auto Scaling group is a parameter, an output and a tag, and the README says who attaches it', async () => {
    const directory = folder();
    await lbbridge(['stack', 'scaffold', directory, '--auto-scaling-group', 'web']);
    expect(JSON.parse(read(directory, 'parameters.json'))).toContainEqual({
      ParameterKey: 'AutoScalingGroupName',
      ParameterValue: 'web',
    });
    const { Outputs, Resources } = parse(read(directory, 'template.yaml'), { logLevel: 'silent' });
    expect(Outputs.AutoScalingGroupName.Value).toBe('AutoScalingGroupName');
    expect(Resources.AlbTargetGroup.Properties).toMatchObject({
      TargetType: 'instance',
      Tags: expect.arrayContaining([{ Key: 'lbbridge:auto-scaling-group', Value: 'AutoScalingGroupName' }]),
    });
    expect(read(directory, 'README.md')).toContain('aws autoscaling attach-load-balancer-target-groups');
  });

  test('the inline function is the one of the build, byte for byte', async () => {
    const directory = folder();
    await lbbridge(['stack', 'scaffold', directory]);
    const { Code } = parse(read(directory, 'template.yaml'), { logLevel: 'silent' }).Resources.SyncFunction.Properties;
    expect(Code.ZipFile).toBe(readFileSync(new URL('../../dist/function.js', import.meta.url), 'utf8'));
    // What was unpacked is looked at instead of run.
    let unpacked = '';
    function look(...[, , , text = '']: string[]): () => void {
      unpacked = text;
      return () => undefined;
    }
    new Function('require', 'module', 'exports', 'Function', Code.ZipFile)(
      createRequire(import.meta.url),
      {},
      {},
      look,
    );
    expect(unpacked).toBe(readFileSync(new URL('../../dist/function.cjs', import.meta.url), 'utf8'));
  });

  test('the native way comes first for people, and only where there is one', async () => {
    const { stdout } = await lbbridge(['stack', 'scaffold', folder(), '--without', 'api']);
    expect(stdout.split('\n')[0]).toContain('an NLB can target an ALB itself');
    const around = ['--without', 'api', '--alb', albArn, '--target-group', groupArn];
    const { stdout: other } = await lbbridge(['stack', 'scaffold', folder(), ...around]);
    expect(other).not.toContain('Without a bridge');
  });

  test('what was told stands in the parameters', async () => {
    const directory = folder();
    const around = ['--without', 'api', '--alb', albArn, '--target-group', groupArn, '--nlb', nlbArn];
    const { document } = await lbbridgeJson(['stack', 'scaffold', directory, ...around]);
    expect(document.result.missing).toEqual([]);
    expect(JSON.parse(read(directory, 'parameters.json'))).toEqual(
      expect.arrayContaining([
        { ParameterKey: 'AlbArn', ParameterValue: albArn },
        { ParameterKey: 'TargetGroupArn', ParameterValue: groupArn },
      ]),
    );
    expect(Object.keys(resources(directory))).not.toContain('Nlb');
  });

  test('never writes over what is there, but for --force', async () => {
    const directory = folder();
    await lbbridge(['stack', 'scaffold', directory]);
    writeFileSync(join(directory, 'template.yaml'), 'mine');
    const refused = await lbbridgeJson(['stack', 'scaffold', directory]);
    expect(refused.status).toBe(1);
    expect(refused.document.error).toMatchObject({
      code: 'FilesExist',
      message: expect.stringContaining('template.yaml'),
    });
    expect(read(directory, 'template.yaml')).toBe('mine');
    expect((await lbbridge(['stack', 'scaffold', directory, '--force'])).status).toBe(0);
    expect(read(directory, 'template.yaml')).not.toBe('mine');
  });

  test('neither --force nor an open API comes from the environment', async () => {
    const directory = folder();
    const forced = await lbbridgeJson(['stack', 'scaffold', directory], { env: { LBBRIDGE_FORCE: '1' } });
    expect(forced.document.error.code).toBe('RuleLiftingVariable');
    await lbbridge(['stack', 'scaffold', directory], { env: { LBBRIDGE_AUTH: 'none' } });
    expect(read(directory, 'template.yaml')).not.toContain('AuthorizationType: NONE');
  });

  test('a folder that cannot be made is an error', async () => {
    const directory = folder();
    await lbbridge(['stack', 'scaffold', directory]);
    const { status, document } = await lbbridgeJson(['stack', 'scaffold', join(directory, 'README.md', 'x')]);
    expect(status).toBe(1);
    expect(document.error.code).toBe('NotWritable');
  });

  test.each([
    [['--alb', 'web'], 'ArnNeeded'],
    [['--link', 'v3'], 'Usage'],
    [['--without', 'nlb'], 'Usage'],
  ])('%j is a usage error %s, and nothing is written', async (flags, code) => {
    const directory = folder();
    const { status, document } = await lbbridgeJson(['stack', 'scaffold', directory, ...flags]);
    expect(status).toBe(64);
    expect(document.error.code).toBe(code);
    expect(() => readdirSync(directory)).toThrow('ENOENT');
  });
});
