import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStackFiles } from '../../src/config/stack-files.js';
import { usageError } from './failure.js';

const template = `
Parameters:
  VpcId: {Type: 'AWS::EC2::VPC::Id'}
  Port: {Type: Number, Default: 80}
Resources:
  Nlb:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Subnets: !Ref Subnets}
`;

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'lbbridge-stack-files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const read = (parameters: unknown, overrides: readonly string[] = []) =>
  readStackFiles(folder({ 'template.yaml': template, 'parameters.json': JSON.stringify(parameters) }), overrides);

describe('the files of a stack', () => {
  it('gives the template as it stands, short forms and all, with what it asks for', async () => {
    const files = await read([{ ParameterKey: 'VpcId', ParameterValue: 'vpc-1' }]);
    expect(files).toEqual({
      template,
      types: new Map([
        ['VpcId', 'AWS::EC2::VPC::Id'],
        ['Port', 'Number'],
      ]),
      parameters: new Map([['VpcId', 'vpc-1']]),
      loadBalancers: { application: 0, network: 1 },
      targetGroups: 0,
      writesAccessLog: false,
    });
  });

  it.each([
    ['a list of words', ['VpcId=vpc-1', 'Port=81']],
    ['an object', { VpcId: 'vpc-1', Port: 81 }],
    ['an object below Parameters', { Parameters: { VpcId: 'vpc-1', Port: '81' } }],
  ])('takes parameters as %s, as the AWS CLI does', async (_, parameters) => {
    expect(Object.fromEntries((await read(parameters)).parameters)).toEqual({ VpcId: 'vpc-1', Port: '81' });
  });

  it('lets the command line beat the file, and takes an empty value for none', async () => {
    const { parameters } = await read({ VpcId: 'vpc-1', Port: '' }, ['VpcId=vpc-2=b']);
    expect(Object.fromEntries(parameters)).toEqual({ VpcId: 'vpc-2=b' });
  });

  it('needs no parameters file where the template asks for nothing', async () => {
    const path = folder({ 'template.yaml': 'Resources: {Queue: {Type: "AWS::SQS::Queue"}}' });
    expect((await readStackFiles(path, [])).parameters.size).toBe(0);
  });

  it('is larger where it comes from a bucket, up to 1,000,000 bytes', async () => {
    const filled = (size: number): string => `${template}# ${'x'.repeat(size - template.length - 2)}`;
    const ofSize = (size: number) =>
      readStackFiles(folder({ 'template.yaml': filled(size) }), ['VpcId=v'], 'from a bucket');
    expect((await ofSize(1_000_000)).template).toHaveLength(1_000_000);
    expect(await usageError(() => ofSize(1_000_001))).toMatchObject({
      code: 'TemplateTooLarge',
      message: 'The template has 1000001 bytes; AWS takes 1000000 from a bucket.',
    });
  });

  it('names what is wrong and the remedy', async () => {
    const missing = await usageError(() => read({}));
    expect(missing).toMatchObject({ code: 'ParameterMissing', message: 'These parameters have no value: VpcId.' });
    expect(await usageError(() => read({ VpcID: 'vpc-1' }))).toMatchObject({ code: 'UnknownParameter' });
    expect(await usageError(() => read([1]))).toMatchObject({ code: 'StackFileInvalid' });
    expect(await usageError(() => read('text'))).toMatchObject({ code: 'StackFileInvalid' });
    const texts = ['{a: [', 'just text', 'Parameters: {}'];
    for (const text of texts) {
      expect(await usageError(() => readStackFiles(folder({ 'template.yaml': text }), []))).toMatchObject({
        code: 'StackFileInvalid',
      });
    }
    const broken = folder({ 'template.yaml': template, 'parameters.json': '{' });
    expect(await usageError(() => readStackFiles(broken, []))).toMatchObject({ code: 'StackFileInvalid' });
    const large = `${template}  # ${'x'.repeat(51_200)}\n`;
    expect(await usageError(() => readStackFiles(folder({ 'template.yaml': large }), ['VpcId=v']))).toMatchObject({
      code: 'TemplateTooLarge',
      message: expect.stringContaining('AWS takes 51200 in the call.'),
      suggestions: [expect.stringContaining('--bucket NAME')],
    });
    expect(await usageError(() => readStackFiles(folder({}), []))).toMatchObject({ code: 'StackFileUnreadable' });
  });
});
