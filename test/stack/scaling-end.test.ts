import { describe, expect, test } from 'vitest';
import { sandboxOf, writes } from '../support/bridge.js';
import { deployed, groupOf, scalingGroup, targetGroupOf } from '../support/scaling.js';
import { driverOf } from '../support/stack.js';

describe('taking down a stack with an Auto Scaling group behind its ALB', () => {
  test('every group is detached first, and has drained before anything is deleted', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.world.clock.advance(300);
    scalingGroup(sandbox, 'theirs');
    groupOf(sandbox, 'theirs').attachments.set(targetGroupOf(driver), 'attached');
    sandbox.journal.clear();
    const asked: string[] = [];
    const outcome = await driver.destroy({
      confirm: async ({ autoScalingGroups, stackName }) => {
        asked.push(...autoScalingGroups.map(({ name, change }) => `${change} ${name}`));
        return stackName;
      },
    });
    expect(asked.sort()).toEqual(['detach theirs', 'detach web']);
    expect(outcome.result).toMatchObject({ stackStatus: 'DELETE_COMPLETE', left: [] });
    expect(outcome.result.autoScalingGroups.map(({ state }) => state)).toEqual(['absent', 'absent']);
    for (const name of ['web', 'theirs']) expect([...groupOf(sandbox, name).attachments]).toEqual([]);
    const actions = sandbox.journal.actions();
    const deletion = actions.indexOf('DeleteStack');
    expect(actions.lastIndexOf('DetachLoadBalancerTargetGroups')).toBeLessThan(deletion);
    expect(
      actions.slice(0, deletion).filter((one) => one === 'DescribeLoadBalancerTargetGroups').length,
    ).toBeGreaterThan(4);
  });

  test('instances that do not drain within --wait keep the stack, and the next run goes on', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.world.clock.advance(300);
    const outcome = await driver.destroy({ wait: 20_000 });
    expect([outcome.status, outcome.error?.code]).toEqual([4, 'StillAttached']);
    expect(driver.stack()?.status).toBe('CREATE_COMPLETE');
    sandbox.journal.clear();
    expect((await driver.destroy()).result).toMatchObject({ stackStatus: 'DELETE_COMPLETE', left: [] });
    expect(writes(sandbox)).not.toContain('DetachLoadBalancerTargetGroups');
  });

  test('an interruption while they drain does not say that AWS goes on with the stack', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.world.clock.advance(300);
    const controller = new AbortController();
    const first = driverOf(sandbox, { signal: controller.signal });
    sandbox.world.clock.after(30, () => controller.abort());
    const outcome = await first.destroy();
    expect([outcome.status, outcome.error?.code, outcome.warnings]).toEqual([4, 'Interrupted', []]);
    expect((await driver.destroy()).status).toBe(0);
  });

  test('a group that is gone meanwhile holds nothing up', async () => {
    const { sandbox, driver } = await deployed();
    const { autoScalingGroups } = sandbox.stage.builder.region;
    const confirm = async () => {
      autoScalingGroups.clear();
      return 'edge-stack';
    };
    expect((await driver.destroy({ confirm })).status).toBe(0);
  });

  test('a stack without instances behind its ALB asks nothing of Auto Scaling', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    await driver.status();
    await driver.destroy();
    expect(sandbox.journal.entries.filter(({ service }) => service === 'autoscaling')).toEqual([]);
  });
});
