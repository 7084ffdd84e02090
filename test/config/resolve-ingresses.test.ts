import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type IngressFlags, resolveIngresses } from '../../src/config/resolve-ingresses.js';
import { usageError } from './failure.js';

const arn = (path: string, region = 'eu-west-1') =>
  `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/${path}/50dc6c495c0c9188`;
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

const directory = mkdtempSync(join(tmpdir(), 'lbbridge-ingress-'));
const path = join(directory, 'lbbridge.yaml');
beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const resolve = (flags: IngressFlags, names: readonly string[] = []) =>
  resolveIngresses({ names, flags, cwd: directory, env: {}, home: directory });

describe('of flags', () => {
  test('a bridge is named as its target group, and leaves the rest to be found', async () => {
    expect(await resolve({ alb: 'web', targetGroup: 'nlb-edge' })).toEqual([
      { name: 'nlb-edge', alb: 'web', targetGroup: 'nlb-edge', access: {}, albAccess: {}, securityGroup: {} },
    ]);
  });

  test('a security group, an NLB and ports are named as the NLB, in the region of its ARN', async () => {
    const flags = { securityGroup: 'sg-0a1b', nlb: arn('net/edge'), ports: ['80', '443'], maxRules: '100' };
    expect(await resolve({ ...flags, source: 'ips', albRoleArn: role('alb') })).toMatchObject([
      {
        name: arn('net/edge'),
        access: { region: 'eu-west-1' },
        albAccess: { region: 'eu-west-1', roleArn: role('alb') },
        securityGroup: { id: 'sg-0a1b', nlb: arn('net/edge'), ports: [80, 443], source: 'ips', maxRules: 100 },
      },
    ]);
  });

  test.each([
    [{ alb: 'web' }, 'MissingFlag'],
    [{ targetGroup: 'nlb-edge' }, 'MissingFlag'],
    [{ alb: 'web', nlb: 'edge' }, 'MissingFlag'],
    [{ securityGroup: 'sg-1', ports: ['80'] }, 'MissingFlag'],
    [{ securityGroup: 'web', nlb: 'edge', ports: ['80'] }, 'InvalidSecurityGroup'],
    [{ alb: 'web', nlb: 'edge', ports: ['http'] }, 'InvalidPort'],
    [{ alb: 'web', nlb: 'e*', ports: ['80'] }, 'InvalidLoadBalancer'],
    [{ alb: 'web', targetGroup: 'nlb-edge', maxRules: '1001' }, 'InvalidMaxRules'],
    [{ alb: 'web', nlb: arn('net/edge'), ports: ['80'], region: 'us-east-1' }, 'RegionMismatch'],
    [{}, 'NoBridge'],
    [{ nlb: 'edge' }, 'NoBridge'],
  ])('%j is refused: %s', async (flags, code) => {
    expect((await usageError(() => resolve(flags as IngressFlags))).code).toBe(code);
  });

  test('names and ends exclude each other', async () => {
    const error = await usageError(() => resolve({ alb: 'web', targetGroup: 'nlb-edge' }, ['edge']));
    expect(error.code).toBe('NamesAndFlags');
  });
});

describe('of the file', () => {
  const text = `bridges:
  edge:
    alb: web
    targetGroup: nlb-edge
    port: 443
    securityGroup: {nlb: edge, id: sg-0a1b, ports: [443, 8080], source: ips, maxRules: 100}
  core: {alb: web, targetGroup: nlb-core, albRegion: eu-west-1}
`;

  test('every bridge, with the keys that the file gives', async () => {
    writeFileSync(path, text, { mode: 0o600 });
    expect(await resolve({})).toMatchObject([
      {
        name: 'edge',
        port: 443,
        securityGroup: { nlb: 'edge', id: 'sg-0a1b', ports: [443, 8080], source: 'ips', maxRules: 100 },
      },
      { name: 'core', albAccess: { region: 'eu-west-1' }, securityGroup: {} },
    ]);
  });

  test('flags beat keys, and names choose', async () => {
    writeFileSync(path, text, { mode: 0o600 });
    const [one, ...others] = await resolve({ ports: ['9000'], source: 'auto', nlb: 'second', maxRules: '60' }, [
      'edge',
    ]);
    expect(others).toEqual([]);
    expect(one?.securityGroup).toEqual({ nlb: 'second', id: 'sg-0a1b', ports: [9000], source: 'auto', maxRules: 60 });
  });

  test('a wrong value is told with its line', async () => {
    writeFileSync(path, text.replace('sg-0a1b', 'web'), { mode: 0o600 });
    const error = await usageError(() => resolve({}));
    expect(error.message).toMatch(/lbbridge\.yaml:6: id: "web" is not the id of a security group/);
  });
});
