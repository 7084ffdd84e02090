import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type BridgeFlags, resolveBridges } from '../../src/config/resolve-bridges.js';
import { usageError } from './failure.js';

const albArn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
const groupArn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/nlb-edge/73e2d6bc24d8a067';
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

const directory = mkdtempSync(join(tmpdir(), 'lbbridge-resolve-'));
const path = join(directory, 'lbbridge.yaml');
beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(path, text, { mode: 0o600 });
const resolve = (flags: BridgeFlags, names: readonly string[] = [], config?: string) =>
  resolveBridges({ names, flags, config, cwd: directory, env: {}, home: directory });

/** The one bridge of --alb and --target-group, both names unless told otherwise. */
async function fromFlags(flags: BridgeFlags) {
  const [bridge] = await resolve({ alb: 'web', targetGroup: 'nlb-edge', ...flags });
  if (!bridge) throw new Error('There is no bridge.');
  return bridge;
}

const three = `bridges:
  edge: {alb: web, targetGroup: nlb-edge, port: 443, minHealthy: 3, prune: none, keep: 10.0.0.1, owned: true}
  core: {alb: web, targetGroup: nlb-core, region: eu-west-1, profile: prod}
  mail: {alb: mail, targetGroup: nlb-mail, securityGroup: {ports: [25]}}
`;

describe('a bridge of flags', () => {
  test('has the defaults, and is named as its target group was typed', async () => {
    expect(await fromFlags({})).toEqual({
      name: 'nlb-edge',
      alb: 'web',
      targetGroup: 'nlb-edge',
      minHealthy: { percent: 50 },
      prune: 'owned',
      keep: [],
      adopt: false,
      allowEmpty: false,
      owned: false,
      access: {},
      albAccess: {},
    });
  });

  test('has what the flags say', async () => {
    const flags = { port: '443', minHealthy: '3', prune: 'all', keep: [' 10.0.0.1 ', '10.0.0.1'] } as const;
    expect(await fromFlags({ ...flags, adopt: true, adoptFrom: albArn, allowEmpty: true })).toMatchObject({
      port: 443,
      minHealthy: { targets: 3 },
      prune: 'all',
      keep: ['10.0.0.1'],
      adopt: true,
      adoptFrom: albArn,
      allowEmpty: true,
    });
  });

  test('needs no file, not even one that could be read', async () => {
    write('nonsense');
    expect(await fromFlags({})).toMatchObject({ name: 'nlb-edge' });
  });

  test.each<[string, BridgeFlags, string, string]>([
    ['no target group', { alb: 'web' }, 'MissingFlag', '--target-group is missing'],
    ['no alb', { targetGroup: 'nlb-edge' }, 'MissingFlag', '--alb is missing'],
    ['a wrong alb', { alb: 'web*', targetGroup: 'x' }, 'InvalidLoadBalancer', '"web*"'],
    ['an empty target group', { alb: 'web', targetGroup: '' }, 'InvalidTargetGroup', '""'],
    ['a wrong port', { alb: 'web', targetGroup: 'x', port: '0' }, 'InvalidPort', '"0"'],
    ['a wrong share', { alb: 'web', targetGroup: 'x', minHealthy: '0%' }, 'InvalidMinHealthy', '"0%"'],
    ['a wrong address', { alb: 'web', targetGroup: 'x', keep: ['host'] }, 'InvalidKeep', '"host"'],
    ['a wrong region', { alb: 'web', targetGroup: 'x', region: 'EU' }, 'InvalidRegion', '"EU"'],
    ['a name to adopt from', { alb: 'web', targetGroup: 'x', adoptFrom: 'old' }, 'InvalidAdoptFrom', '"old"'],
    ['a group to adopt from', { alb: 'web', targetGroup: 'x', adoptFrom: groupArn }, 'InvalidLoadBalancer', 'group'],
  ])('is refused with %s', async (_, flags, code, why) => {
    const error = await usageError(() => resolve(flags));
    expect(error.code).toBe(code);
    expect(error.message).toContain(why);
    expect(error.suggestions).not.toEqual([]);
  });

  test('is refused beside names', async () => {
    const error = await usageError(() => resolve({ alb: 'web', targetGroup: 'x' }, ['edge']));
    expect(error.code).toBe('NamesAndFlags');
    expect(error.message).toContain('"edge"');
  });
});

describe('the bridges of the file', () => {
  test('are all taken, in its order', async () => {
    write(three);
    expect(await resolve({})).toMatchObject([
      {
        name: 'edge',
        port: 443,
        minHealthy: { targets: 3 },
        prune: 'none',
        keep: ['10.0.0.1'],
        owned: true,
      },
      { name: 'core', access: { region: 'eu-west-1', profile: 'prod' }, owned: false },
      { name: 'mail', securityGroup: { ports: [25] } },
    ]);
  });

  test('are taken as named, each once', async () => {
    write(three);
    expect((await resolve({}, ['mail', 'edge', 'mail'])).map(({ name }) => name)).toEqual(['mail', 'edge']);
  });

  test('yield to flags, but for --keep, which adds', async () => {
    write(three);
    const flags = { port: '8443', minHealthy: '100%', prune: 'all', keep: ['10.0.0.2'], profile: 'test' } as const;
    expect(await resolve(flags, ['edge', 'core'])).toMatchObject([
      {
        port: 8443,
        minHealthy: { percent: 100 },
        prune: 'all',
        keep: ['10.0.0.1', '10.0.0.2'],
        access: { profile: 'test' },
      },
      { port: 8443, keep: ['10.0.0.2'], access: { region: 'eu-west-1', profile: 'test' } },
    ]);
  });

  test('come from --config', async () => {
    writeFileSync(join(directory, 'other.yaml'), 'bridges: {a: {alb: x, targetGroup: y}}', { mode: 0o600 });
    write(three);
    expect(await resolve({}, [], 'other.yaml')).toMatchObject([{ name: 'a' }]);
    expect((await usageError(() => resolve({}, [], 'none.yaml'))).message).toContain(join(directory, 'none.yaml'));
  });

  test('are listed where a name is unknown', async () => {
    write(three);
    const error = await usageError(() => resolve({}, ['egde']));
    expect(error.code).toBe('UnknownBridge');
    expect(error.message).toBe(`"egde" is not a bridge of ${path}.`);
    expect(error.suggestions).toEqual(['Did you mean edge?', 'Its bridges are edge, core, mail.']);
  });

  test('are asked for both ways where there is no file', async () => {
    const error = await usageError(() => resolve({}));
    expect(error.code).toBe('NoBridge');
    expect(error.suggestions.join(' ')).toMatch(/--alb.*--target-group.*lbbridge\.yaml/);
  });

  test('are named with their line where they contradict themselves', async () => {
    write(`bridges:\n  edge:\n    alb: web\n    targetGroup: ${groupArn}\n    region: us-east-1\n`);
    const error = await usageError(() => resolve({}));
    expect(error.code).toBe('RegionMismatch');
    expect(error.message).toMatch(new RegExp(`^${path}:2: .*eu-west-1.*us-east-1`));
  });
});

describe('two bridges on one target group', () => {
  test.each([
    ['by name', 'targetGroup: nlb', 'targetGroup: nlb'],
    ['by ARN, whatever the profile', `targetGroup: ${groupArn}`, `targetGroup: ${groupArn}, profile: other`],
    ['by name and ARN in one region', 'targetGroup: nlb-edge, region: eu-west-1', `targetGroup: ${groupArn}`],
    ['by name, for other ports', 'targetGroup: nlb, port: 80', 'targetGroup: nlb, port: 443'],
  ])('are refused %s, also where only one is asked for', async (_, one, other) => {
    write(`bridges:\n  a: {alb: x, ${one}}\n  b: {alb: y, ${other}}\n  c: {alb: z, targetGroup: other}\n`);
    for (const names of [[], ['a'], ['c']]) {
      const error = await usageError(() => resolve({}, names));
      expect(error.code).toBe('SharedTargetGroup');
      expect(error.message).toMatch(/"a" and "b"/);
    }
  });

  test.each(['region: us-east-1', 'profile: other', `roleArn: ${role('other')}`])(
    'are two groups where one has %s, until a flag makes them one',
    async (key) => {
      write(`bridges:\n  a: {alb: x, targetGroup: nlb}\n  b: {alb: y, targetGroup: nlb, ${key}}\n`);
      expect(await resolve({})).toHaveLength(2);
      const flags = { region: 'eu-west-1', profile: 'prod', roleArn: role('one') };
      expect((await usageError(() => resolve(flags))).code).toBe('SharedTargetGroup');
    },
  );
});

describe('account and region', () => {
  test.each<[string, BridgeFlags, object, object]>([
    [
      'are the flags',
      { region: 'us-west-1', profile: 'p' },
      { region: 'us-west-1', profile: 'p' },
      { region: 'us-west-1', profile: 'p' },
    ],
    ['follow the ARN of the target group', { targetGroup: groupArn }, { region: 'eu-west-1' }, { region: 'eu-west-1' }],
    ['may repeat an ARN', { targetGroup: groupArn, region: 'eu-west-1' }, { region: 'eu-west-1' }, {}],
    ["leave the group's to the environment", { alb: albArn }, { region: undefined }, { region: 'eu-west-1' }],
    [
      'differ for an ALB elsewhere',
      { alb: albArn, region: 'us-west-2' },
      { region: 'us-west-2' },
      { region: 'eu-west-1' },
    ],
    [
      'follow the DNS name of the ALB',
      { alb: 'web-1.eu-west-2.elb.amazonaws.com', targetGroup: groupArn },
      { region: 'eu-west-1' },
      { region: 'eu-west-2' },
    ],
    [
      'are another region for the ALB',
      { albRegion: 'us-west-2', region: 'us-west-1' },
      { region: 'us-west-1' },
      { region: 'us-west-2' },
    ],
    [
      'are another profile for the ALB, without the role of the group',
      { profile: 'p', roleArn: role('g'), externalId: 'x', albProfile: 'q' },
      { profile: 'p', roleArn: role('g'), externalId: 'x' },
      { profile: 'q', roleArn: undefined, externalId: undefined },
    ],
    [
      'are another role for the ALB, from the same profile',
      { profile: 'p', roleArn: role('g'), externalId: 'x', albRoleArn: role('a') },
      { profile: 'p', roleArn: role('g'), externalId: 'x' },
      { profile: 'p', roleArn: role('a'), externalId: undefined },
    ],
    [
      'are another role and external id for the ALB',
      { albRoleArn: role('a'), albProfile: 'q', albExternalId: 'y' },
      { roleArn: undefined },
      { profile: 'q', roleArn: role('a'), externalId: 'y' },
    ],
    [
      'are one role for both sides',
      { roleArn: role('g'), externalId: 'x', albRegion: 'us-west-2' },
      { roleArn: role('g'), externalId: 'x' },
      { region: 'us-west-2', roleArn: role('g'), externalId: 'x' },
    ],
  ])('%s', async (_, flags, access, albAccess) => {
    expect(await fromFlags(flags)).toMatchObject({ access, albAccess });
  });

  test.each<[string, BridgeFlags, string, RegExp]>([
    [
      'the ARN of the group',
      { targetGroup: groupArn, region: 'us-west-2' },
      'RegionMismatch',
      /eu-west-1.*--region.*us-west-2/,
    ],
    [
      'the ARN of the ALB',
      { alb: albArn, albRegion: 'us-west-2' },
      'RegionMismatch',
      /eu-west-1.*--alb-region.*us-west-2/,
    ],
    [
      'the DNS name of the ALB',
      { alb: 'web-1.eu-west-2.elb.amazonaws.com', albRegion: 'us-west-2' },
      'RegionMismatch',
      /eu-west-2.*--alb-region.*us-west-2/,
    ],
    ['the lack of a role', { externalId: 'x' }, 'ExternalIdWithoutRole', /external id/],
    ['the lack of a role for the ALB', { roleArn: role('g'), albExternalId: 'x' }, 'ExternalIdWithoutRole', /balancer/],
    ['the form of a role', { roleArn: 'me' }, 'InvalidRoleArn', /"me"/],
    ['the form of a role for the ALB', { albRoleArn: 'me' }, 'InvalidRoleArn', /"me"/],
  ])('may not contradict %s', async (_, flags, code, why) => {
    const error = await usageError(() => fromFlags(flags));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(why);
    expect(error.suggestions).not.toEqual([]);
  });
});
