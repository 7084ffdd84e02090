import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { TEMPLATE_BYTES } from '../../src/aws/ports.js';
import type { BridgeStack, StackOptions } from '../../src/stack/options.js';
import { codeFileOf, parametersOf, parametersToFill, templateOf } from '../../src/stack/template/index.js';
import type { Properties, Resource, Template } from '../../src/stack/template/model.js';
import { templateText } from '../../src/stack/template/text.js';
import { albArn, groupArn, nlbArn, pairwise } from '../support/stack-combinations.js';

const combinations = [...pairwise()];
const code = (options: StackOptions): string =>
  readFileSync(new URL(`../../dist/${codeFileOf(options)}`, import.meta.url), 'utf8');

const whole: BridgeStack = {
  kind: 'bridge',
  events: true,
  alarms: {},
  subnetIds: [],
  front: { kind: 'own', protocol: 'TCP' },
  back: { kind: 'own', protocol: 'HTTP', backend: { type: 'ip', targets: [] } },
  api: { link: 'v1', auth: 'iam', accessLog: true },
};

/** Every name that a value refers to, by `Ref`, `Fn::GetAtt` or within `Fn::Sub`. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, entry]): string[] => {
    if (key === 'Ref') return [String(entry)];
    if (key === 'Fn::GetAtt') return [String((entry as unknown[])[0])];
    if (key !== 'Fn::Sub') return references(entry);
    return [...String(entry).matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  });
}

/** The resources that must stand before one is made, and go after it. */
function standsOn({ Resources }: Template, name: string, seen = new Set<string>()): Set<string> {
  const { DependsOn = [], Properties } = Resources[name] as Resource;
  for (const one of [...DependsOn, ...references(Properties)]) {
    if (!Resources[one] || seen.has(one)) continue;
    seen.add(one);
    standsOn({ Resources } as Template, one, seen);
  }
  return seen;
}

const typesOf = ({ Resources }: Template): string[] => Object.values(Resources).map(({ Type }) => Type);

describe('the order of a deployment and of a tear-down', () => {
  test.each(combinations)('%s: what a reference names is there, and nothing waits for itself', (_, options) => {
    const template = templateOf(options, 'code');
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    const used = [...references(template.Resources), ...references(template.Outputs)];
    for (const name of used) if (!name.startsWith('AWS')) expect(known).toContain(name);
    for (const name of Object.keys(template.Resources)) expect(standsOn(template, name)).not.toContain(name);
    const unused = Object.keys(template.Parameters).filter((name) => !used.includes(name));
    expect(unused).toEqual([]);
  });

  test.each(combinations)(
    '%s: the bridge comes after all that traffic takes, and what runs by itself comes last',
    (_, options) => {
      const template = templateOf(options, 'code');
      const names = Object.keys(template.Resources);
      const isRun = (name: string): boolean => ['Schedule', 'InterfaceChanges'].includes(name);
      if (options.kind === 'fleet') {
        expect(names).not.toContain('Bridge');
        return;
      }
      const way = names.filter((name) =>
        /^AWS::(ElasticLoadBalancingV2|EC2::SecurityGroup)/.test(template.Resources[name]?.Type ?? ''),
      );
      const needed = [
        ...way.filter((name) => name !== 'LinkSecurityGroup'),
        'SyncRole',
        'SyncFunction',
        'SyncInvocations',
      ];
      expect([...standsOn(template, 'Bridge')]).toEqual(expect.arrayContaining(needed));
      for (const name of names.filter(isRun)) expect(standsOn(template, name)).toContain('Bridge');
      expect([...standsOn(template, 'Bridge')].filter(isRun)).toEqual([]);
    },
  );

  test('the VPC link names the NLB that it waits for', () => {
    for (const link of ['v1', 'v2'] as const) {
      const { Resources } = templateOf({ ...whole, api: { link, auth: 'iam', accessLog: true } }, 'code');
      expect(Resources.VpcLink?.DependsOn).toEqual(['Nlb']);
    }
  });

  test('the custom resource cannot wait for ever, and its function answers before it is cut off', () => {
    const { Bridge, SyncFunction } = templateOf(whole, 'code').Resources;
    expect(Bridge?.Properties.ServiceTimeout).toBeGreaterThan(SyncFunction?.Properties.Timeout as number);
  });
});

describe('what is in a template', () => {
  test('targets of the bridge stand in none', () => {
    for (const [, options] of combinations) {
      const { NlbTargetGroup } = templateOf(options, 'code').Resources;
      expect(NlbTargetGroup?.Properties.Targets).toBeUndefined();
    }
  });

  test('a part that is left out is not there, rather than switched off', () => {
    const api = typesOf(templateOf({ ...whole, api: null }, 'code')).filter((type) => type.includes('ApiGateway'));
    expect(api).toEqual([]);
    const bare = templateOf({ ...whole, events: false, alarms: null, api: null }, 'code');
    expect(typesOf(bare).filter((type) => /Events::Rule|Alarm|Lambda::Permission/.test(type))).toEqual([]);
    for (const [, options] of combinations) expect(templateOf(options, 'code')).not.toHaveProperty('Conditions');
  });

  test('the smallest stack for a bridge that is there is the function and its schedule', () => {
    const smallest = templateOf(
      {
        ...whole,
        events: false,
        alarms: null,
        api: null,
        front: { kind: 'target-group', targetGroup: groupArn, protocol: 'TCP' },
        back: { kind: 'alb', alb: 'arn', protocol: 'HTTP' },
      },
      'code',
    );
    expect(Object.keys(smallest.Resources).sort()).toEqual([
      'Bridge',
      'Schedule',
      'ScheduleRole',
      'SyncFailures',
      'SyncFunction',
      'SyncInvocations',
      'SyncLogs',
      'SyncRole',
    ]);
  });

  test.each([
    ['TCP', 'HTTP', 'http', 80],
    ['TCP', 'HTTPS', 'https', 443],
    ['TLS', 'HTTP', 'https', 443],
  ] as const)(
    'an API before a listener that is there, %s to an ALB of %s, calls it by %s',
    (protocol, alb, scheme, port) => {
      const { Resources, Parameters } = templateOf(
        {
          ...whole,
          front: { kind: 'target-group', targetGroup: groupArn, protocol, nlb: nlbArn },
          back: { kind: 'alb', alb: albArn, protocol: alb },
        },
        'code',
      );
      const { Integration } = Resources.RootMethod?.Properties ?? {};
      expect((Integration as Properties).Uri).toEqual({ 'Fn::Sub': `${scheme}://\${BackendHost}:\${ListenerPort}/` });
      expect(Parameters.ListenerPort?.Default).toBe(port);
      // The listener and its certificate are not the stack's.
      expect([Resources.NlbListener, Parameters.NlbCertificateArn]).toEqual([undefined, undefined]);
    },
  );

  test('another API is another deployment, the same one is the same', () => {
    const deployment = (options: StackOptions): string =>
      Object.keys(templateOf(options, 'code').Resources).find((name) => name.startsWith('Deployment')) ?? '';
    const open: BridgeStack = { ...whole, api: { link: 'v1', auth: 'none', accessLog: true } };
    expect(deployment(whole)).toMatch(/^Deployment[0-9a-f]{8}$/);
    expect(deployment({ ...whole, events: false })).toBe(deployment(whole));
    expect(deployment(open)).not.toBe(deployment(whole));
  });

  test('nobody reaches the API without credentials unless it was said', () => {
    for (const [, options] of combinations) {
      const methods = Object.values(templateOf(options, 'code').Resources).filter(({ Type }) =>
        Type.endsWith('::Method'),
      );
      const expected = options.kind === 'bridge' && options.api?.auth === 'none' ? 'NONE' : 'AWS_IAM';
      for (const { Properties } of methods) expect(Properties.AuthorizationType).toBe(expected);
    }
  });

  test('the partition is nowhere written out', () => {
    for (const [, options] of combinations) expect(JSON.stringify(templateOf(options, ''))).not.toMatch(/"arn:aws/);
  });

  test('values that the options tell stand in the parameters, the rest has a default or is to be filled in', () => {
    const options: StackOptions = { ...whole, vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-1', 'subnet-2'] };
    expect(parametersOf(options)).toEqual({ VpcId: 'vpc-0a1b2c3d', SubnetIds: 'subnet-1,subnet-2' });
    expect(parametersToFill(options)).toEqual([]);
    expect(parametersToFill(whole)).toEqual(['VpcId', 'SubnetIds']);
  });
});

describe('what the roles may do', () => {
  const statements = (options: StackOptions, role = 'SyncRole'): Properties[] => {
    const { Policies = [] } = templateOf(options, 'code').Resources[role]?.Properties ?? {};
    return (Policies as Properties[]).flatMap(
      ({ PolicyDocument }) => (PolicyDocument as Properties).Statement as Properties[],
    );
  };
  const actions = (options: StackOptions): string[] => statements(options).flatMap(({ Action }) => Action as string[]);

  test.each(combinations)('%s: only what is read is allowed everywhere, and no action is a pattern', (_, options) => {
    for (const role of ['SyncRole', 'ScheduleRole']) {
      for (const { Action, Resource } of statements(options, role)) {
        for (const action of [Action].flat() as string[]) {
          expect(action).not.toContain('*');
          if (Resource === '*') expect(action).toMatch(/^(ec2|elasticloadbalancing):(Describe|Get)|^tag:GetResources$/);
        }
      }
    }
  });

  test('a stack whose rule is in the template has a function that writes nothing to EC2', () => {
    expect(actions(whole).filter((action) => /^ec2:(?!Describe)/.test(action))).toEqual([]);
    expect(codeFileOf(whole)).toBe('function.js');
  });

  test('an NLB without a security group makes the function open the ALB’s group, and that alone', () => {
    const options: StackOptions = { ...whole, front: { kind: 'nlb', nlb: nlbArn, protocol: 'TCP' } };
    expect(codeFileOf(options)).toBe('function-with-groups.js');
    const { Resource } = statements(options).find(({ Sid }) => Sid === 'OpenTheGroup') as Properties;
    const arn = 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:';
    expect(Resource).toEqual([
      { 'Fn::Sub': `${arn}security-group/\${AlbSecurityGroup.GroupId}` },
      { 'Fn::Sub': `${arn}security-group-rule/*` },
    ]);
  });

  test('no role may make a log group: a last run would bring it back', () => {
    for (const [, options] of combinations) expect(actions(options)).not.toContain('logs:CreateLogGroup');
  });

  test('a fleet’s function writes only to target groups that carry our tag', () => {
    const fleet: StackOptions = { kind: 'fleet', events: false, alarms: null };
    const write = statements(fleet).find(({ Sid }) => Sid === 'KeepTheTargets');
    expect(write?.Condition).toEqual({ Null: { 'aws:ResourceTag/lbbridge:source': 'false' } });
    expect(actions(fleet)).not.toContain('elasticloadbalancing:AddTags');
  });
});

describe('the template’s text', () => {
  test.each(combinations)('%s: fits into a call, and says what the data says', async (_, options) => {
    const text = await templateText(options, code(options));
    expect(Buffer.byteLength(text)).toBeLessThan(TEMPLATE_BYTES);
    // CloudFormation shows other characters as question marks, and IAM refuses them.
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    const read = parse(text, { schema: 'yaml-1.1', logLevel: 'silent', customTags: shortForms });
    expect(read).toEqual(JSON.parse(JSON.stringify(templateOf(options, code(options)))));
  });

  test('every section begins with why it is there', async () => {
    const text = await templateText(whole, 'code');
    expect(text).toContain('  # The NLB: fixed addresses, internal');
    expect(text.match(/^ {2}# /gm)?.length).toBeGreaterThan(10);
    expect(text).toContain('!GetAtt SyncFunction.Arn');
    expect(text).toContain("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off'");
  });
});

/** CloudFormation's short forms, read back into long ones. */
const shortForms = ['Ref', 'Sub', 'GetAtt', 'Select', 'Split'].flatMap((name) => {
  const key = name === 'Ref' ? name : `Fn::${name}`;
  const tag = `!${name}`;
  return [
    { tag, resolve: (text: string) => ({ [key]: name === 'GetAtt' ? text.split('.') : text }) },
    {
      tag,
      collection: 'seq' as const,
      resolve: (list: { toJSON(): unknown }) => ({ [key]: list.toJSON() }),
    },
  ];
});
