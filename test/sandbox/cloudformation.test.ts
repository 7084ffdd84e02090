import { describe, expect, test } from 'vitest';
import { connectAws } from '../../src/aws/connect.js';
import { parseTemplate, resolve, parametersOf as valuesOf } from '../../src/sandbox/cloudformation/template.js';
import { sandboxOf } from '../support/bridge.js';
import { driverOf, NAME } from '../support/stack.js';
import { parametersOf, smallTemplate } from '../support/template.js';

const scope = {
  pseudo: new Map([['AWS::Region', 'us-east-1']]),
  ref: (name: string) => (name === 'Nlb' ? 'arn:nlb' : undefined),
  attribute: (name: string, attribute: string) => `${name}.${attribute}`,
};

describe('templates', () => {
  test('long and short forms of YAML mean the same', () => {
    const template = parseTemplate(`
Parameters: {Ids: {Type: CommaDelimitedList}}
Conditions: {Yes: !Equals [a, a]}
Resources:
  Nlb: {Type: 'AWS::SQS::Queue'}
  One:
    Type: AWS::SQS::Queue
    Properties:
      Name: !Ref Nlb
      Attribute: !GetAtt Nlb.DNSName
      Sub: !Sub '\${AWS::Region}/\${Nlb}/\${Nlb.DNSName}/\${!literal}'
      Join: !Join ['-', !Ref Ids]
      Select: !Select [1, !Split [',', 'a,b']]
      If: !If [Yes, 1, !Ref 'AWS::NoValue']
      Gone: !If [No, 1, !Ref 'AWS::NoValue']
`);
    const desired = { template, parameters: new Map([['Ids', 'x, y']]) };
    expect(resolve(template.Resources.One?.Properties ?? {}, desired, scope)).toEqual({
      Name: 'arn:nlb',
      Attribute: 'Nlb.DNSName',
      Sub: `us-east-1/arn:nlb/Nlb.DNSName/\${literal}`,
      Join: 'x-y',
      Select: 'b',
      If: 1,
    });
  });

  test.each([
    ['{a: [', 'YAML not well-formed'],
    ['{}', 'At least one Resources member'],
    ['Resources: {A: {Type: T, Properties: {x: {Ref: B}}}}', 'Unresolved resource dependencies [B]'],
    [
      'Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, DependsOn: A}}',
      'Circular dependency between resources: [A, B]',
    ],
  ])('%s is refused in AWS’s words', (text, words) => {
    expect(() => parseTemplate(text)).toThrow(words);
  });

  test('parameters that are missing, unknown or not allowed are refused', () => {
    const template = parseTemplate('{Parameters: {P: {Type: String, AllowedValues: [a]}}, Resources: {A: {Type: T}}}');
    expect(() => valuesOf(template, new Map(), new Map())).toThrow('[P] must have values');
    expect(() => valuesOf(template, new Map([['Q', 'a']]), new Map())).toThrow('[Q] do not exist in the template');
    expect(() => valuesOf(template, new Map([['P', 'b']]), new Map())).toThrow('AllowedValues');
  });
});

describe('what AWS refuses', () => {
  test('change sets for stacks in the wrong state, and of templates without the capability', async () => {
    const sandbox = await sandboxOf();
    const cloudFormation = await connectAws({ env: { ...sandbox.environment } })({}).cloudFormation();
    const request = {
      stackName: NAME,
      name: 'one',
      template: { body: JSON.stringify(smallTemplate()) },
      parameters: parametersOf(sandbox),
      tags: new Map(),
    };
    await expect(cloudFormation.createChangeSet({ ...request, kind: 'UPDATE' })).rejects.toMatchObject({
      code: 'ValidationError',
    });
    const { id } = await cloudFormation.createChangeSet({ ...request, kind: 'CREATE' });
    await expect(cloudFormation.executeChangeSet(id, 'early')).rejects.toMatchObject({
      code: 'InvalidChangeSetStatus',
    });
    sandbox.world.clock.advance(10);
    await cloudFormation.executeChangeSet(id, 'now');
    await expect(cloudFormation.createChangeSet({ ...request, kind: 'UPDATE' })).rejects.toThrow('can not be updated');
    await expect(cloudFormation.deleteStack(NAME, 'early')).rejects.toThrow('cannot be deleted while in status');
    await expect(cloudFormation.changeSet(id)).rejects.toMatchObject({ code: 'ChangeSetNotFound' });
  });

  test('replacing a resource whose name the template gives', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const template = (Port: number) => {
      const named = smallTemplate({ groupPort: Port });
      Object.assign(named.Resources.Targets.Properties, { Name: 'edge-targets' });
      return JSON.stringify(named);
    };
    expect((await driver.deploy({ template: template(80) })).status).toBe(0);
    const outcome = await driver.deploy({ template: template(81) });
    expect(outcome.error?.message).toContain('cannot update a stack when a custom-named resource requires replacing');
    expect(outcome.result.stackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});
