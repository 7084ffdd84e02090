import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { register } from '../../src/sandbox/engine/targets.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { lbbridge } from '../support/cli.js';
import {
  attachedTo,
  deployed,
  groupOf,
  ofWeb,
  scalingGroup,
  targetGroupOf,
  template,
  values,
} from '../support/scaling.js';
import { driverOf } from '../support/stack.js';
import { parametersOf } from '../support/template.js';

describe('an Auto Scaling group behind the ALB', () => {
  test('is shown in the plan, attached once the stack stands, and told', async () => {
    const sandbox = await sandboxOf();
    scalingGroup(sandbox, 'web');
    const driver = driverOf(sandbox);
    const dry = await driver.deploy({ template: template(), parameters: ofWeb, dryRun: true });
    expect(dry.result.autoScalingGroups).toEqual([
      { name: 'web', targetGroup: null, change: 'attach', state: 'absent' },
    ]);
    expect(attachedTo(sandbox, 'web')).toEqual([]);
    const { result } = await driver.deploy({ template: template(), parameters: ofWeb });
    const targetGroup = targetGroupOf(driver);
    expect(result.autoScalingGroups).toEqual([{ name: 'web', targetGroup, change: 'attach', state: 'Adding' }]);
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroup]);
    const order = writes(sandbox);
    expect(order.indexOf('AttachLoadBalancerTargetGroups')).toBeGreaterThan(order.lastIndexOf('ExecuteChangeSet'));
    sandbox.world.clock.advance(300);
    const { result: shown } = await driver.status();
    expect(shown.autoScalingGroups).toEqual([{ name: 'web', targetGroup, change: null, state: 'InService' }]);
  });

  test('that is attached already is left as it is, without a question', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.journal.clear();
    const confirm = async () => Promise.reject(new Error('nothing is to be asked'));
    const outcome = await driver.deploy({ template: template(), parameters: ofWeb, confirm });
    expect(outcome).toMatchObject({ status: 0, result: { changes: [], autoScalingGroups: [{ change: null }] } });
    expect(writes(sandbox)).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });

  test('that somebody has detached is attached again, which is asked, though the stack is as it was', async () => {
    const { sandbox, driver } = await deployed();
    groupOf(sandbox, 'web').attachments.clear();
    expect((await driver.status()).result.autoScalingGroups).toMatchObject([{ change: 'attach', state: 'absent' }]);
    const no = await driver.deploy({ template: template(), parameters: ofWeb, confirm: async () => false });
    expect([no.status, attachedTo(sandbox, 'web')]).toEqual([5, []]);
    const yes = await driver.deploy({ template: template(), parameters: ofWeb });
    expect([yes.status, yes.result.changes]).toEqual([0, []]);
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroupOf(driver)]);
  });

  test('that is not attached because AWS refused is attached by the next run', async () => {
    const sandbox = await sandboxOf();
    scalingGroup(sandbox, 'web');
    const driver = driverOf(sandbox);
    sandbox.faults.add({ kind: 'accessDenied', action: 'AttachLoadBalancerTargetGroups', count: 1 });
    const denied = await driver.deploy({ template: template(), parameters: ofWeb });
    expect([denied.status, denied.error?.code, denied.result.stackStatus]).toEqual([
      4,
      'AccessDenied',
      'CREATE_COMPLETE',
    ]);
    expect(denied.warnings).toMatchObject([{ code: 'NotAttached' }]);
    expect((await driver.deploy({ template: template(), parameters: ofWeb })).status).toBe(0);
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroupOf(driver)]);
  });

  test('is attached by the next run where this one was interrupted', async () => {
    const sandbox = await sandboxOf();
    scalingGroup(sandbox, 'web');
    const controller = new AbortController();
    const first = driverOf(sandbox, { signal: controller.signal });
    const interrupted = await first.deploy({
      template: template(),
      parameters: ofWeb,
      onEvent: () => controller.abort(),
    });
    expect([interrupted.status, interrupted.error?.code]).toEqual([4, 'Interrupted']);
    sandbox.world.clock.advance(3600);
    const driver = driverOf(sandbox);
    expect((await driver.deploy({ template: template(), parameters: ofWeb })).status).toBe(0);
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroupOf(driver)]);
  });
});

describe('another Auto Scaling group', () => {
  test('takes over: the former one goes once an instance of the new one is healthy', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.world.clock.advance(300);
    scalingGroup(sandbox, 'web-2');
    const targetGroup = targetGroupOf(driver);
    const healthy = () =>
      [...(sandbox.stage.builder.region.targetGroups.get(targetGroup)?.targets.values() ?? [])]
        .filter(({ state }) => state === 'healthy')
        .map(({ id }) => id);
    sandbox.journal.clear();
    const parameters = { ...values, AutoScalingGroupName: 'web-2' };
    const outcome = await driver.deploy({ template: template(), parameters });
    expect(outcome.result.changes).toMatchObject([{ action: 'Modify', logicalId: 'AlbTargetGroup' }]);
    expect(outcome.result.autoScalingGroups).toEqual([
      { name: 'web-2', targetGroup, change: 'attach', state: 'InService' },
      { name: 'web', targetGroup, change: 'detach', state: 'absent' },
    ]);
    expect(healthy().sort()).toEqual([...groupOf(sandbox, 'web-2').instanceIds].sort());
    const order = writes(sandbox);
    expect(order.indexOf('DetachLoadBalancerTargetGroups')).toBeGreaterThan(
      order.indexOf('AttachLoadBalancerTargetGroups'),
    );
  });

  test('without a healthy instance leaves the former one where it is, and the next run goes on', async () => {
    const { sandbox, driver } = await deployed();
    scalingGroup(sandbox, 'web-2', 0);
    const parameters = { ...values, AutoScalingGroupName: 'web-2' };
    const outcome = await driver.deploy({ template: template(), parameters });
    expect([outcome.status, outcome.error?.code]).toEqual([4, 'StillAttached']);
    expect(outcome.error?.message).toContain('No instance of web-2 is healthy yet: web stays attached beside it');
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroupOf(driver)]);
    // Its instances come, and Auto Scaling registers them.
    const id = 'i-0123456789abcdef0';
    const { world, region } = sandbox.stage.builder;
    const targetGroup = region.targetGroups.get(targetGroupOf(driver));
    groupOf(sandbox, 'web-2').instanceIds.push(id);
    if (targetGroup) register(world, region, targetGroup, { id, port: 80, zone: undefined });
    const next = await driver.deploy({ template: template(), parameters });
    expect(next.result.changes).toEqual([]);
    expect(next.result.autoScalingGroups.map(({ name, change, state }) => [name, change, state]).sort()).toEqual([
      ['web', 'detach', 'absent'],
      ['web-2', null, 'InService'],
    ]);
  });

  test('a target group that is replaced takes the group along, and the former one keeps none', async () => {
    const { sandbox, driver } = await deployed();
    const before = targetGroupOf(driver);
    const outcome = await driver.deploy({ template: template({ port: 8080 }), parameters: ofWeb });
    expect(outcome.status).toBe(0);
    const after = targetGroupOf(driver);
    expect(after).not.toBe(before);
    expect([...groupOf(sandbox, 'web').attachments.keys()]).toEqual([after]);
  });

  test('a former target group that a run left attached is detached by the next one, a stranger is not', async () => {
    const { sandbox, driver } = await deployed();
    const gone = targetGroupOf(driver).replace(/.{4}$/, '0000');
    const theirs = gone.replace(/targetgroup\/[^/]+/, 'targetgroup/theirs');
    for (const arn of [gone, theirs]) groupOf(sandbox, 'web').attachments.set(arn, 'attached');
    await driver.deploy({ template: template(), parameters: ofWeb });
    expect(attachedTo(sandbox, 'web')).toEqual([targetGroupOf(driver), theirs]);
  });

  test('what the changed stack would no longer tell of is detached before it changes', async () => {
    for (const more of [{ group: false }, { group: false, port: 8080 }]) {
      const { sandbox, driver } = await deployed();
      sandbox.journal.clear();
      const outcome = await driver.deploy({ template: template(more), parameters: values });
      expect([outcome.status, attachedTo(sandbox, 'web')]).toEqual([0, []]);
      expect(outcome.result.autoScalingGroups).toMatchObject([{ name: 'web', change: 'detach', state: 'absent' }]);
      const order = writes(sandbox);
      expect(order.indexOf('DetachLoadBalancerTargetGroups')).toBeGreaterThanOrEqual(0);
      expect(order.indexOf('DetachLoadBalancerTargetGroups')).toBeLessThan(order.indexOf('ExecuteChangeSet'));
    }
  });

  test('none any more: the former one is detached, what others have attached stays', async () => {
    const { sandbox, driver } = await deployed();
    scalingGroup(sandbox, 'theirs');
    groupOf(sandbox, 'theirs').attachments.set(targetGroupOf(driver), 'attached');
    const outcome = await driver.deploy({ template: template({ group: false }), parameters: values });
    expect(outcome.result.autoScalingGroups).toMatchObject([{ name: 'web', change: 'detach', state: 'absent' }]);
    expect(attachedTo(sandbox, 'theirs')).toEqual([targetGroupOf(driver)]);
    const status = await driver.status();
    expect(status.result.autoScalingGroups).toEqual([]);
  });
});

describe('the program itself', () => {
  test('shows what is attached in the plan, at the end and in the status', async () => {
    const sandbox = await sandboxOf();
    scalingGroup(sandbox, 'web');
    sandbox.world.clock.setSpeed(2000);
    const folder = mkdtempSync(join(tmpdir(), 'lbbridge-scaling-'));
    writeFileSync(join(folder, 'template.yaml'), template());
    const parameters = Object.fromEntries([...parametersOf(sandbox), ...Object.entries(ofWeb)]);
    writeFileSync(join(folder, 'parameters.json'), JSON.stringify(parameters));
    const run = (...words: string[]) => lbbridge(['stack', ...words], { env: { ...sandbox.environment } });
    const deployed = await run('deploy', 'edge', '--from', folder, '--yes');
    expect(deployed.stderr).toContain('  + web  Auto Scaling group, attached to the target group behind the ALB');
    expect(deployed.stderr).toContain('0 to remove, 1 to attach or detach.');
    expect(deployed.stdout).toMatch(/^ {2}web {2}-> {2}edge-AlbTargetGroup-\w+: (Adding|Added|InService)$/m);
    expect((await run('deploy', 'edge', '--from', folder, '--yes')).stdout).toContain('No changes.');
    groupOf(sandbox, 'web').attachments.clear();
    expect((await run('status', 'edge')).stdout).toMatch(
      /Behind the ALB\n {2}web {2}-> .*: absent; the next deployment is to attach it/,
    );
    expect((await run('destroy', 'edge', '--confirm', 'edge')).status).toBe(0);
  });
});

describe('inputs', () => {
  const told = async (sandbox: Sandbox) => {
    const run = driverOf(sandbox).deploy({ template: template(), parameters: ofWeb });
    const error = await run.catch((caught: unknown) => caught);
    expect(writes(sandbox)).toEqual([]);
    return error;
  };

  test('a group that is not there, or is being deleted', async () => {
    const sandbox = await sandboxOf();
    expect(await told(sandbox)).toMatchObject({
      code: 'AutoScalingGroupNotFound',
      message: 'The Auto Scaling group web was not found in us-east-1.',
    });
    scalingGroup(sandbox, 'web');
    groupOf(sandbox, 'web').status = 'Delete in progress';
    expect(await told(sandbox)).toMatchObject({ message: 'The Auto Scaling group web is being deleted.' });
  });

  test('a group of another VPC', async () => {
    const sandbox = await sandboxOf();
    const { builder } = sandbox.stage;
    const other = builder.vpc('10.50.0.0/16');
    const [foreign] = builder.subnets(other, 'a');
    builder.scalingGroup('web', other);
    expect(await told(sandbox)).toMatchObject({
      code: 'AutoScalingGroupElsewhere',
      message: expect.stringContaining(`launches into ${foreign?.id}, outside`),
    });
  });
});
