import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findConfigFile, readConfigFile } from '../../src/config/file.js';
import { usageError } from './failure.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lbbridge-config-'));
  path = join(directory, 'lbbridge.yaml');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function read(text: string | Buffer) {
  writeFileSync(path, text, { mode: 0o600 });
  return readConfigFile(path);
}

/** A file of one bridge with these lines, the first of which is line 5. */
const withKeys = (...lines: string[]) =>
  ['bridges:', '  edge:', '    alb: web', '    targetGroup: nlb-edge', ...lines.map((line) => `    ${line}`), ''].join(
    '\n',
  );

describe('lbbridge.yaml', () => {
  test('gives its bridges with every key, in its order', async () => {
    const text = withKeys(
      'port: 443',
      'minHealthy: 50%',
      'prune: none',
      'keep: [10.0.9.9/32, "fd00::/8"]',
      'owned: true',
      'region: eu-west-1',
      'profile: prod',
      'roleArn: arn:aws:iam::111122223333:role/bridge',
      'externalId: 0123',
      'albRegion: eu-west-2',
      'albProfile: other',
      'albRoleArn: arn:aws:iam::444455556666:role/bridge',
      'albExternalId: "secret"',
      'securityGroup: {nlb: edge-nlb, id: sg-0a1b, ports: [443, 8443], source: ips, maxRules: 100}',
    );
    expect(await read(`${text}  alone: {alb: a, targetGroup: 007, keep: 10.0.0.1, minHealthy: 2}\n`)).toEqual([
      {
        name: 'edge',
        place: `${path}:2`,
        alb: 'web',
        targetGroup: 'nlb-edge',
        port: 443,
        minHealthy: { percent: 50 },
        prune: 'none',
        keep: ['10.0.9.9/32', 'fd00::/8'],
        owned: true,
        region: 'eu-west-1',
        profile: 'prod',
        roleArn: 'arn:aws:iam::111122223333:role/bridge',
        externalId: '0123',
        albRegion: 'eu-west-2',
        albProfile: 'other',
        albRoleArn: 'arn:aws:iam::444455556666:role/bridge',
        albExternalId: 'secret',
        securityGroup: { nlb: 'edge-nlb', id: 'sg-0a1b', ports: [443, 8443], source: 'ips', maxRules: 100 },
      },
      {
        name: 'alone',
        place: `${path}:19`,
        alb: 'a',
        targetGroup: '007',
        keep: ['10.0.0.1'],
        minHealthy: { targets: 2 },
      },
    ]);
  });

  test('may use anchors and aliases', async () => {
    const text =
      'bridges:\n  a: {alb: &web web, targetGroup: a, keep: &keep [10.0.0.1]}\n  b: {alb: *web, targetGroup: b, keep: *keep}\n';
    expect(await read(text)).toMatchObject([{ alb: 'web' }, { alb: 'web', keep: ['10.0.0.1'] }]);
  });

  test('may begin with a byte order mark and end its lines as Windows does', async () => {
    const text = `\ufeff${withKeys('port: 443').replaceAll('\n', '\r\n')}`;
    expect(await read(text)).toMatchObject([{ name: 'edge', port: 443 }]);
  });

  test.each([
    ['an unknown key', ['prot: 443'], 5, '"prot" is not a key of bridge "edge"', 'Did you mean port'],
    ['an unknown key like no other', ['colour: red'], 5, '"colour"', 'Its keys are alb, targetGroup'],
    ['a key that every object has', ['constructor: 1'], 5, '"constructor"', 'Its keys are'],
    ['a key __proto__', ['__proto__: {}'], 5, '"__proto__"', 'Its keys are'],
    ['a key twice', ['port: 1', 'port: 2'], 6, '"port" stands here for the second time (first in line 5)', ''],
    ['allowEmpty', ['port: 1', 'allowEmpty: true'], 6, 'stands on the command line', '--allow-empty'],
    ['adopt', ['adopt: true'], 5, 'stands on the command line', '--adopt'],
    ['adoptFrom', ['adoptFrom: x'], 5, 'stands on the command line', '--adopt-from'],
    ['confirm', ['confirm: x'], 5, 'stands on the command line', '--confirm'],
    ['yes', ['yes: true'], 5, 'stands on the command line', '--yes'],
    ['force', ['force: false'], 5, 'stands on the command line', '--force'],
    ['prune: all', ['prune: all'], 5, 'stands on the command line', '--prune all'],
    ['another prune', ['prune: some'], 5, 'prune: "some" is none of owned, none', ''],
    ['a wrong port', ['port: 70000'], 5, 'port: "70000"', '1 to 65535'],
    ['a wrong share', ['minHealthy: 0'], 5, 'minHealthy: "0"', '50%'],
    ['a wrong address', ['keep:', '  - 10.0.0.1', '  - host'], 7, 'keep: "host"', '10.0.9.9'],
    ['a list in a list', ['keep: [[10.0.0.1]]'], 5, 'keep must be a single value, not a list', ''],
    ['a word for owned', ['owned: "yes"'], 5, 'owned must be true or false, not "yes"', ''],
    ['a key without a value', ['profile:'], 5, 'profile has no value', ''],
    ['an empty text', ['profile: " "'], 5, 'profile: " " is empty', ''],
    ['a boolean for text', ['profile: true'], 5, 'profile must be text, not true', 'quotes'],
    ['a wrong region', ['region: EU'], 5, 'region: "EU"', 'eu-west-1'],
    ['a wrong role', ['roleArn: me'], 5, 'roleArn: "me"', 'arn:aws:iam'],
    ['a mapping for text', ['region: {a: b}'], 5, 'region must be a single value, not a mapping', ''],
    ['a list for a mapping', ['securityGroup: [443]'], 5, 'securityGroup: this must be a mapping', ''],
    ['a wrong key below', ['securityGroup:', '  port: 443'], 6, '"port" is not a key of securityGroup', 'ports'],
    ['a wrong id below', ['securityGroup: {id: web}'], 5, 'id: "web"', 'sg-'],
    ['a wrong number below', ['securityGroup: {maxRules: 0}'], 5, 'maxRules: "0"', ''],
    ['an alias of nothing', ['profile: *none'], 5, 'No anchor "&none"', ''],
    ['an unknown tag', ['profile: !secret x'], 5, 'is not valid YAML', ''],
    ['an unclosed list', ['keep: [10.0.0.1'], 6, 'is not valid YAML', ''],
  ])('is refused with %s, in its line', async (_, lines, line, why, remedy) => {
    const error = await usageError(() => read(withKeys(...lines)));
    expect(error.code).toBe('ConfigInvalid');
    expect(error.message).toMatch(new RegExp(`^${path}:${line}: `));
    expect(error.message).toContain(why);
    expect(error.suggestions.join(' ')).toContain(remedy);
  });

  test.each([
    ['is empty', '', 1, 'the file: this must be a mapping'],
    ['is a list', '- a', 1, 'the file: this must be a mapping'],
    ['has no bridges', '{}', 1, 'names no bridge'],
    ['has an empty mapping of bridges', '# none\nbridges: {}', 2, 'names no bridge'],
    ['has nothing below bridges', 'bridges:', 1, 'bridges: this must be a mapping'],
    ['has a list of bridges', 'bridges:\n  - alb: web', 2, 'bridges: this must be a mapping'],
    ['has another key', 'bridge: {}', 1, '"bridge" is not a key of the file'],
    ['has a bridge without keys', 'bridges:\n  edge:', 2, 'bridge "edge": this must be a mapping'],
    ['has a bridge without alb', 'bridges:\n  edge:\n    targetGroup: x', 2, 'lacks the key alb'],
    ['has a bridge without a target group', 'bridges:\n  edge:\n    alb: x', 2, 'lacks the key targetGroup'],
    ['has a pattern for a load balancer', 'bridges:\n  e:\n    targetGroup: x\n    alb: web-?', 4, 'alb: "web-?"'],
    ['has an alb for a target group', 'bridges:\n  e:\n    alb: x\n    targetGroup: a.b', 4, 'targetGroup: "a.b"'],
    ['names a bridge like a flag', 'bridges:\n  --all: {alb: x, targetGroup: y}', 2, 'cannot be the name'],
    ['names a bridge with a space', 'bridges:\n  a b: {alb: x, targetGroup: y}', 2, 'cannot be the name'],
    ['has a bridge twice', 'bridges:\n  e: {alb: x, targetGroup: y}\n  e: {}', 3, 'for the second time'],
    ['has two documents', 'a: 1\n---\nb: 2', 2, 'is not valid YAML'],
    ['is nested without end', '['.repeat(100_000), 1, ''],
    ['is its own item', 'bridges: &b\n  e: *b', 2, ''],
    ['is very large', `#${'x'.repeat(5_000_000)}`, 1, 'larger than 4096 KiB'],
    ['is not text', Buffer.from([0xff, 0xfe, 0x00]), 1, 'not UTF-8'],
  ])('is refused where it %s', async (_, text, line, why) => {
    const error = await usageError(() => read(text));
    expect(error.code).toBe('ConfigInvalid');
    expect(error.message).toMatch(new RegExp(`^${path}:${line}: `));
    expect(error.message).toContain(why);
  });

  test('is refused where it has no end, after its first few megabytes', async () => {
    const error = await usageError(() => readConfigFile('/dev/zero', true));
    expect(error.message).toBe('/dev/zero:1: The file is larger than 4096 KiB.');
  });

  test('is refused soon where aliases multiply', async () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const error = await usageError(() => read(`a0: &a0 [x]\n${levels.join('\n')}\n`));
    expect(error.code).toBe('ConfigInvalid');
    const many = `bridges:\n  e: {alb: x, targetGroup: y, keep: [&a 10.0.0.1, ${'*a, '.repeat(1_001)}]}`;
    expect((await usageError(() => read(many))).message).toContain('more than 1000 aliases');
  });
});

describe('a file', () => {
  test('that is not there is named', async () => {
    const error = await usageError(() => readConfigFile(path));
    expect(error.code).toBe('ConfigUnreadable');
    expect(error.message).toBe(`${path} cannot be read: there is no such file.`);
  });

  test('that is a directory is named', async () => {
    const error = await usageError(() => readConfigFile(directory));
    expect(error.code).toBe('ConfigUnreadable');
    expect(error.message).toContain('it is a directory');
  });

  test.runIf(process.getuid)('that everybody may write is not trusted', async () => {
    writeFileSync(path, withKeys());
    chmodSync(path, 0o646);
    const error = await usageError(() => readConfigFile(path));
    expect(error.code).toBe('ConfigUnsafe');
    expect(error.suggestions).toEqual([`chmod o-w ${path}`, `Or name it, where it is meant: --config ${path}`]);
    expect(await readConfigFile(path, true)).toHaveLength(1);
    chmodSync(path, 0o664);
    expect(await readConfigFile(path)).toHaveLength(1);
  });

  test.runIf(process.getuid?.() === 0)('that belongs to another user is not trusted', async () => {
    writeFileSync(path, withKeys(), { mode: 0o600 });
    chownSync(path, 12_345, 12_345);
    const error = await usageError(() => readConfigFile(path));
    expect(error.code).toBe('ConfigUnsafe');
    expect(error.message).toContain('uid 12345');
    expect(await readConfigFile(path, true)).toHaveLength(1);
  });
});

describe('the file is looked for', () => {
  const find = (config?: string, env: NodeJS.ProcessEnv = {}) =>
    findConfigFile({ config, cwd: join(directory, 'cwd'), env, home: join(directory, 'home') });
  const put = (...parts: string[]) => {
    const file = join(directory, ...parts);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    return file;
  };

  test('where --config says, whether it is there or not', () => {
    put('cwd', 'lbbridge.yaml');
    expect(find('other.yaml')).toBe(join(directory, 'cwd', 'other.yaml'));
    expect(find(path)).toBe(path);
  });

  test('in the working directory, then in the XDG directory, then nowhere', () => {
    expect(find()).toBeNull();
    const home = put('home', '.config', 'lbbridge', 'lbbridge.yaml');
    expect(find()).toBe(home);
    expect(find(undefined, { XDG_CONFIG_HOME: 'relative' })).toBe(home);
    expect(find(undefined, { XDG_CONFIG_HOME: '' })).toBe(home);
    const xdg = put('xdg', 'lbbridge', 'lbbridge.yaml');
    expect(find(undefined, { XDG_CONFIG_HOME: join(directory, 'xdg') })).toBe(xdg);
    const here = put('cwd', 'lbbridge.yaml');
    expect(find(undefined, { XDG_CONFIG_HOME: join(directory, 'xdg') })).toBe(here);
  });

  test('and a link that leads nowhere is not passed over', () => {
    put('home', '.config', 'lbbridge', 'lbbridge.yaml');
    mkdirSync(join(directory, 'cwd'));
    symlinkSync('nowhere', join(directory, 'cwd', 'lbbridge.yaml'));
    expect(find()).toBe(join(directory, 'cwd', 'lbbridge.yaml'));
  });
});
