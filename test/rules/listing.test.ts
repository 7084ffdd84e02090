import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { ipsOf } from '../../src/sandbox/scenarios/build.js';
import { bridgeOf, sandboxOf, writes } from '../support/bridge.js';
import { interfacesGoFirst, replaceNode } from '../support/changes.js';
import { type Document, lbbridge, lbbridgeJson } from '../support/cli.js';

const SOURCE = 'lbbridge:source';

const list = (sandbox: Sandbox, ...flags: string[]) =>
  lbbridgeJson(['list', ...flags], { env: { ...sandbox.environment } });

/** The one bridge of a sandbox. */
const listed = async (sandbox: Sandbox): Promise<Document> => {
  const { status, document } = await list(sandbox);
  expect(status).toBe(0);
  expect(document.result.bridges).toHaveLength(1);
  return bridgeOf(document);
};

/** Runs a command as it was handed out, without a shell: it holds no word that needs one. */
const paste = (sandbox: Sandbox, command: string, ...more: string[]) =>
  lbbridgeJson([...command.split(' ').slice(1), ...more], { env: { ...sandbox.environment } });

describe('list: what bridges are there?', () => {
  test('twenty are read in few calls, and nothing is written', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const { status, document } = await list(sandbox);
    expect(status).toBe(0);
    const { bridges } = document.result;
    expect(bridges).toHaveLength(20);
    expect(bridges.every(({ inSync, owned }: Document) => inSync && owned)).toBe(true);
    const { stage } = sandbox;
    expect(bridges[0]).toMatchObject({
      targetGroup: { arn: stage.group.arn, name: 'nlb-edge', port: 80 },
      loadBalancer: stage.nlb.arn,
      source: { name: 'web', arn: stage.alb.arn, state: 'active' },
      sourceArn: stage.alb.arn,
      sourceState: 'present',
      paused: false,
      health: { healthy: 2 },
      command: 'lbbridge sync --alb web --target-group nlb-edge',
    });
    const calls = sandbox.journal.actions();
    const other = calls.filter((action) => action !== 'DescribeTargetHealth');
    expect(other.sort()).toEqual([
      'DescribeLoadBalancers',
      'DescribeNetworkInterfaces',
      'DescribeTags',
      'DescribeTargetGroups',
    ]);
    expect(calls).toHaveLength(24);
  });

  test('drifted ones cost no call more, and each command is the one that helps', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const groups = [...sandbox.stage.builder.region.targetGroups.values()];
    for (const group of groups) {
      const [target] = group.targets.values();
      if (target) target.id = '10.0.1.250';
    }
    const { document } = await list(sandbox);
    expect(document.result.bridges.every(({ inSync }: Document) => inSync === false)).toBe(true);
    expect(sandbox.journal.actions()).toHaveLength(24);
  });

  test('in sync or not is what diff says', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    expect((await listed(sandbox)).inSync).toBe(true);
    replaceNode(sandbox, 'a');
    const bridge = await listed(sandbox);
    expect(bridge.inSync).toBe(false);
    const diff = await paste(sandbox, bridge.command.replace(' sync ', ' diff '));
    expect(bridgeOf(diff.document).inSync).toBe(false);
    expect((await paste(sandbox, bridge.command)).status).toBe(0);
  });

  test('an untagged group that holds an ALB’s addresses is found; the pasted line adopts it', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const bridge = await listed(sandbox);
    expect(bridge).toMatchObject({ owned: false, inSync: false, sourceArn: sandbox.stage.alb.arn });
    expect(bridge.command).toBe('lbbridge sync --alb web --target-group nlb-edge --adopt');
    expect((await paste(sandbox, bridge.command)).status).toBe(0);
    expect((await listed(sandbox)).owned).toBe(true);
  });

  test('where nothing foreign is in it, no --adopt is asked for', async () => {
    const sandbox = await sandboxOf();
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, ipsOf(alb));
    expect(await listed(sandbox)).toMatchObject({
      owned: false,
      inSync: true,
      command: 'lbbridge sync --alb web --target-group nlb-edge',
    });
  });

  test('a bridge at a port of its own is taken for what it is', async () => {
    const sandbox = await sandboxOf();
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, ipsOf(alb), 8443);
    builder.tag(group, SOURCE, alb.arn);
    const bridge = await listed(sandbox);
    expect(bridge).toMatchObject({
      inSync: true,
      command: 'lbbridge sync --alb web --target-group nlb-edge --port 8443',
    });
  });

  test('an ALB in another VPC is known by its addresses, and judged with the subnets of the group’s VPC', async () => {
    const sandbox = await sandboxOf({ scenario: 'peered' });
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, ipsOf(alb), 80, 'all');
    expect(await listed(sandbox)).toMatchObject({ owned: false, inSync: true, source: { vpcId: alb.vpcId } });
    expect(sandbox.journal.actions()).toContain('DescribeSubnets');
  });

  test('addresses of the same number in another VPC are nobody’s sign', async () => {
    const sandbox = await sandboxOf({ scenario: 'overlapping' });
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, ipsOf(alb));
    const { document } = await list(sandbox);
    expect(document.result.bridges).toEqual([]);
    expect(document.warnings[0].code).toBe('NoBridges');
  });

  test('groups that no bridge can have are none, whatever they hold', async () => {
    const sandbox = await sandboxOf({ scenario: 'other-types' });
    const { builder, alb } = sandbox.stage;
    for (const group of builder.region.targetGroups.values()) {
      if (group.name === 'tg-http') builder.targets(group, ipsOf(alb));
    }
    expect((await list(sandbox)).document.result.bridges).toEqual([]);
  });
});

describe('list: whose bridge is it?', () => {
  test('one whose load balancer is gone is to be released', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { alb, builder } = sandbox.stage;
    builder.region.loadBalancers.delete(alb.arn);
    const bridge = await listed(sandbox);
    expect(bridge).toMatchObject({
      source: null,
      sourceArn: alb.arn,
      sourceState: 'gone',
      owned: true,
      inSync: null,
      command: 'lbbridge release nlb-edge',
    });
    expect((await paste(sandbox, bridge.command, '--confirm', 'nlb-edge')).status).toBe(0);
  });

  test('where a load balancer of the same name stands, it takes the bridge over', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { alb, builder, group } = sandbox.stage;
    const old = alb.arn.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    builder.tag(group, SOURCE, old);
    const bridge = await listed(sandbox);
    expect(bridge).toMatchObject({ sourceState: 'gone', sourceArn: old });
    expect(bridge.command).toBe(`lbbridge sync --alb web --target-group nlb-edge --adopt-from ${old}`);
    expect((await paste(sandbox, bridge.command)).status).toBe(0);
    expect(await listed(sandbox)).toMatchObject({ sourceState: 'present', inSync: true });
  });

  test.each(['cross-account', 'cross-region'] as const)(
    'an owner elsewhere (%s) was not looked at, and it says so',
    async (scenario) => {
      const sandbox = await sandboxOf({ scenario });
      const { alb, group, builder } = sandbox.stage;
      builder.tag(group, SOURCE, alb.arn);
      const bridge = await listed(sandbox);
      expect(bridge).toMatchObject({ source: null, sourceArn: alb.arn, sourceState: 'elsewhere', inSync: null });
      expect(bridge.command).toBe(`lbbridge sync --alb ${alb.arn} --target-group nlb-edge`);
    },
  );

  test('an ALB of another account in a shared VPC is seen by its interfaces alone', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-vpc' });
    const { alb, group, builder } = sandbox.stage;
    builder.targets(group, ipsOf(alb));
    expect(await listed(sandbox)).toMatchObject({ owned: false, sourceArn: alb.arn, sourceState: 'elsewhere' });
  });

  test.each(['', 'somebody; reboot', 'arn:aws:s3:::bucket'])(
    'a tag that names no ALB (%j) is told, never run',
    async (owner) => {
      const sandbox = await sandboxOf({ scenario: 'synced' });
      sandbox.stage.group.tags.set(SOURCE, owner);
      expect(await listed(sandbox)).toMatchObject({
        sourceArn: owner,
        sourceState: 'unknown',
        inSync: null,
        command: 'lbbridge release nlb-edge',
      });
    },
  );

  test('a paused one tells until when, by whom and why, and how to go on', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const env = { ...sandbox.environment };
    await lbbridge(['pause', 'nlb-edge', '--for', '1h', '--reason', 'load test'], { env });
    const bridge = await listed(sandbox);
    expect(Date.parse(bridge.paused)).toBeGreaterThan(Date.now());
    expect(bridge).toMatchObject({
      inSync: true,
      pausedBy: 'arn:aws:iam::111122223333:user/sandbox',
      pauseReason: 'load test',
      command: 'lbbridge resume nlb-edge',
    });
    const { stdout } = await lbbridge(['list'], { env });
    expect(stdout).toContain(`in sync, paused until ${bridge.paused} by ${bridge.pausedBy} (load test)`);
    sandbox.stage.group.tags.set('lbbridge:paused', '2024-02-29T12:00:00Z');
    expect(await listed(sandbox)).toMatchObject({ paused: false, pausedBy: null, pauseReason: null });
  });
});

describe('list: what could not be read (S1)', () => {
  test('a group whose targets are unreadable is told of, and hides no other', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const params = { TargetGroupArn: sandbox.stage.group.arn };
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeTargetHealth', params });
    const { status, document } = await list(sandbox);
    expect([status, document.error.code]).toEqual([1, 'AccessDenied']);
    expect(document.error.message).toMatch(/^nlb-edge: /);
    const [unread, ...others] = document.result.bridges;
    expect(unread).toMatchObject({ owned: true, health: {}, inSync: null, command: null });
    expect(unread.error.code).toBe('AccessDenied');
    expect(others).toHaveLength(19);
    expect(others.every(({ inSync }: Document) => inSync)).toBe(true);
  });

  test('where no tag can be read, any group may be a bridge: all are told of, and nothing is claimed of them', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeTags' });
    const { status, document } = await list(sandbox);
    expect(status).toBe(1);
    expect(document.result.bridges).toHaveLength(20);
    for (const bridge of document.result.bridges) {
      expect(bridge).toMatchObject({ owned: null, paused: null, health: { healthy: 2 }, inSync: null, command: null });
    }
  });

  test.each(['DescribeTargetGroups', 'DescribeLoadBalancers', 'DescribeNetworkInterfaces'])(
    'without %s nothing can be told',
    async (action) => {
      const sandbox = await sandboxOf({ scenario: 'many' });
      sandbox.faults.add({ kind: 'emptyBody', action });
      const { status, document } = await list(sandbox);
      expect([status, document.result, document.error.code]).toEqual([1, null, 'InvalidResponse']);
    },
  );

  test('a group that was deleted meanwhile is not there', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const params = { TargetGroupArn: sandbox.stage.group.arn };
    sandbox.faults.add({
      kind: 'error',
      status: 400,
      code: 'TargetGroupNotFound',
      action: 'DescribeTargetHealth',
      params,
    });
    const { status, document } = await list(sandbox);
    expect([status, document.result.bridges.length]).toEqual([0, 19]);
  });

  test('subnets that cannot be read make one bridge unknown, not its source', async () => {
    const sandbox = await sandboxOf({ scenario: 'peered' });
    const { builder, group, alb } = sandbox.stage;
    builder.targets(group, ipsOf(alb), 80, 'all');
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeSubnets' });
    const { status, document } = await list(sandbox);
    expect(status).toBe(1);
    expect(bridgeOf(document)).toMatchObject({ source: { name: 'web' }, inSync: null, command: null });
  });
});

describe('list: as people and pipes read it', () => {
  test('a table with a command for each; csv and text', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const { alb, group, nlb } = sandbox.stage;
    const run = async (...flags: string[]) => {
      const { stdout } = await lbbridge(['list', ...flags], { env: { ...sandbox.environment } });
      return stdout;
    };
    expect(await run()).toBe(
      [
        'TARGET GROUP  NLB   SOURCE  TARGETS                 STATE',
        'nlb-edge      edge  web     1 healthy, 1 unhealthy  differs, no tag of ours',
        '',
        'lbbridge sync --alb web --target-group nlb-edge --adopt',
        '',
      ].join('\n'),
    );
    expect((await run('--output', 'csv')).split('\r\n')).toEqual([
      'targetGroup,name,loadBalancer,source,owned,paused,health,inSync,command',
      `${group.arn},nlb-edge,${nlb.arn},${alb.arn},false,false,healthy=1 unhealthy=1,false,lbbridge sync --alb web --target-group nlb-edge --adopt\n`,
    ]);
    expect(await run('--output', 'text')).toBe(`${group.arn}\n`);
    expect(JSON.parse(await run('--output', 'json')).command).toBe('list');
  });

  test('each state has its words', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const [gone, elsewhere, unknown, unread, paused] = [...sandbox.stage.builder.region.targetGroups.values()].slice(1);
    gone?.tags.set(SOURCE, 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/old/0123456789abcdef');
    elsewhere?.tags.set(
      SOURCE,
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/old/0123456789abcdef',
    );
    unknown?.tags.set(SOURCE, 'x');
    paused?.tags.set('lbbridge:paused', 'x');
    sandbox.faults.add({
      kind: 'accessDenied',
      action: 'DescribeTargetHealth',
      params: { TargetGroupArn: unread?.arn ?? '' },
    });
    const { status, stdout, stderr } = await lbbridge(['list'], { env: { ...sandbox.environment } });
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`${unread?.name}: elasticloadbalancing:DescribeTargetHealth`),
    ]);
    const line = (name = '') => stdout.split('\n').find((one) => one.startsWith(`${name} `));
    expect(line(gone?.name)).toMatch(/edge +old \(gone\) +2 healthy +its load balancer is gone$/);
    expect(line(elsewhere?.name)).toMatch(/old \(in 111122223333, eu-west-1\) +2 healthy +not looked at: elsewhere$/);
    expect(line(unknown?.name)).toMatch(/ x +2 healthy +its tag names no ALB$/);
    expect(line(unread?.name)).toMatch(/ - +not read: AccessDenied$/);
    expect(line(paused?.name)).toMatch(/in sync, paused until resumed$/);
  });

  test('the pasted line reaches the same place, whatever its name', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { AWS_ENDPOINT_URL = '', ...env } = sandbox.environment;
    const role = 'arn:aws:iam::111122223333:role/bridge-external';
    const flags = ['--region', 'us-east-1', '--role-arn', role, '--external-id', 'bridge-7f3a'];
    const { document } = await lbbridgeJson(['list', ...flags, '--endpoint-url', AWS_ENDPOINT_URL], { env });
    expect(bridgeOf(document).command).toBe(
      `lbbridge sync --alb web --target-group nlb-edge ${flags.join(' ')} --endpoint-url ${AWS_ENDPOINT_URL}`,
    );
    expect(writes(sandbox)).toEqual(['AssumeRole']);
  });

  test('the pasted line is quoted for the shell where a name needs it', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...env } = sandbox.environment;
    const file = join(mkdtempSync(join(tmpdir(), 'lbbridge-')), 'credentials');
    writeFileSync(
      file,
      `[it's prod]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
    );
    const shell: Record<string, string> = { ...env, AWS_SHARED_CREDENTIALS_FILE: file, PATH: process.env.PATH ?? '' };
    const { document } = await lbbridgeJson(['list', '--profile', "it's prod"], { env: shell });
    const { command } = bridgeOf(document);
    expect(command).toMatch(/ --profile 'it'\\''s prod'$/);
    const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
    const words = command.replace('lbbridge', `'${process.execPath}' '${program}'`);
    const { stdout } = await promisify(execFile)('sh', ['-c', words], { env: shell });
    expect(stdout).toBe('No changes. 2 targets of nlb-edge match web.\n');
  });

  test('no bridge is no failure, and says where it looked', async () => {
    const sandbox = await sandboxOf();
    const { status, stdout, stderr } = await lbbridge(['list'], { env: { ...sandbox.environment } });
    expect([status, stdout]).toEqual([0, 'No bridges.\n']);
    expect(stderr).toContain('No bridge was found in us-east-1');
  });
});
