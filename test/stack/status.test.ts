import { describe, expect, test } from 'vitest';
import { sandboxOf } from '../support/bridge.js';
import { driverOf, NAME } from '../support/stack.js';

describe('the status of a stack', () => {
  test('shows resources, outputs and what was changed by hand', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    driver.stack()?.drifted.add('Nlb');
    const { status, result, warnings } = await driver.status();
    expect([status, warnings]).toEqual([0, []]);
    expect(result).toMatchObject({
      stackName: NAME,
      stackStatus: 'CREATE_COMPLETE',
      changes: [{ action: 'Modify', logicalId: 'Nlb' }],
    });
    expect(result.left).toHaveLength(9);
    expect(result.outputs.NlbDnsName).toBeDefined();
  });

  test('shows the health of its target groups, and whether a sync would find something to do', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    const { targetGroups, loadBalancers } = sandbox.stage.builder.region;
    const arn = driver.stack()?.resources.get('Targets')?.physicalId ?? '';
    const empty = { source: null, health: {}, inSync: null };
    expect((await driver.status()).result.bridges).toMatchObject([empty]);
    const alb = loadBalancers.get(driver.stack()?.resources.get('Alb')?.physicalId ?? '');
    targetGroups.get(arn)?.tags.set('lbbridge:source', alb?.arn ?? '');
    expect((await driver.status()).result.bridges).toMatchObject([{ source: alb?.arn, inSync: false }]);
    sandbox.stage.builder.targets(
      targetGroups.get(arn) ?? sandbox.stage.group,
      (alb?.nodes ?? []).map(({ ip }) => ip),
    );
    const [bridge] = (await driver.status()).result.bridges;
    expect(bridge).toMatchObject({ inSync: true });
    expect(Object.values(bridge?.health ?? {})).toEqual([2]);
  });

  test('where AWS does not look for changes by hand, or may not, it says so', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    sandbox.faults.add({ kind: 'accessDenied', action: 'DetectStackDrift' });
    expect((await driver.status()).warnings).toMatchObject([{ code: 'DriftUnknown' }]);
    sandbox.faults.clear();
    Object.assign(driver.stack() ?? {}, { status: 'UPDATE_IN_PROGRESS' });
    expect((await driver.status()).warnings).toEqual([]);
  });

  test('a stack that is not there is an error', async () => {
    const sandbox = await sandboxOf();
    await expect(driverOf(sandbox).status()).rejects.toMatchObject({ code: 'StackNotFound' });
  });
});
