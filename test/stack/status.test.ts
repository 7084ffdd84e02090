import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import { functionOf } from '../support/function.js';
import { driverOf, NAME, templateWith } from '../support/stack.js';

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
    expect(result.lastSync).toBeNull();
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

const SyncLogs = { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } };

/** A stack whose function has a log; `put` writes lines of it, so many seconds ago. Looking for drift takes time: none. */
async function withLog(sandbox: Sandbox) {
  const driver = driverOf(sandbox);
  sandbox.faults.add({ kind: 'error', action: 'DetectStackDrift', code: 'ValidationError' });
  await driver.deploy({ template: templateWith({ more: { SyncLogs } }) });
  const name = driver.stack()?.resources.get('SyncLogs')?.physicalId ?? '';
  const group = sandbox.stage.builder.region.logGroups.get(name);
  const put = (secondsAgo: number, ...lines: object[]): void => {
    const at = sandbox.world.clock.now - secondsAgo * 1000;
    for (const line of lines)
      group?.events.push({ at, stream: '2026/01/02/[$LATEST]0', message: JSON.stringify(line) });
  };
  return { driver, name, put };
}

describe('the last sync', () => {
  test('is what the code in the template has logged: what it did, then that nothing was left to do', async () => {
    const sandbox = await sandboxOf();
    const { driver, put } = await withLog(sandbox);
    const invoke = await functionOf(sandbox);
    const first = await invoke();
    put(200, ...first.lines, ...first.metrics);
    expect((await driver.status()).result.lastSync).toMatchObject({
      minutes: 15,
      run: { secondsAgo: 200, status: 0, registered: 2, deregistered: 0, held: 0, refused: 0, error: null },
    });
    const second = await invoke();
    put(140, ...second.lines, ...second.metrics);
    expect((await driver.status()).result.lastSync?.run).toMatchObject({ secondsAgo: 140, registered: 0 });
  });

  test('names the rule that refused it', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { driver, put } = await withLog(sandbox);
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    const { lines, metrics } = await (await functionOf(sandbox))();
    put(30, ...lines, ...metrics);
    const { warnings, result } = await driver.status();
    expect(warnings).toMatchObject([{ code: 'DriftUnknown' }]);
    expect(result.lastSync?.run).toMatchObject({ status: 3, refused: 1, held: 2, error: { rule: 'S2' } });
  });

  test('tells the error of a run that failed, one that never got as far as a bridge included', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { driver, put } = await withLog(sandbox);
    const invoke = await functionOf(sandbox);
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeTargetHealth' });
    const failed = await invoke();
    expect(failed.error).toBeDefined();
    sandbox.faults.clear();
    put(90, ...failed.lines, ...failed.metrics);
    expect((await driver.status()).result.lastSync?.run).toMatchObject({ status: 1, error: { code: 'AccessDenied' } });
    const lost = await (await functionOf(sandbox, undefined, { LBBRIDGE_BRIDGES: 'none' }))();
    put(30, ...lost.lines, ...lost.metrics);
    expect((await driver.status()).result.lastSync?.run).toMatchObject({
      status: 1,
      registered: 0,
      error: { code: 'NoBridges' },
    });
  });

  test('is seen to the last second of a quarter of an hour; after that, the next command is named', async () => {
    const sandbox = await sandboxOf();
    const { driver, name, put } = await withLog(sandbox);
    put(901, { stack: NAME, status: 0 });
    const { result, warnings } = await driver.status();
    expect(result.lastSync).toEqual({ minutes: 15, run: null });
    expect(warnings[1]).toMatchObject({ code: 'NoSyncSeen', message: expect.stringContaining('the last 15 minutes') });
    expect(warnings[1]?.message).toContain(`aws logs tail ${name} --since 1d --region us-east-1`);
    put(900, { stack: NAME, status: 0 });
    expect((await driver.status()).result.lastSync?.run).toMatchObject({ secondsAgo: 900, status: 0 });
  });

  test('is not missed while AWS works on the stack', async () => {
    const sandbox = await sandboxOf();
    const { driver } = await withLog(sandbox);
    Object.assign(driver.stack() ?? {}, { status: 'UPDATE_IN_PROGRESS' });
    const { result, warnings } = await driver.status();
    expect([result.lastSync?.run, warnings]).toEqual([null, []]);
  });

  test.each(['accessDenied', 'emptyBody', 'truncate'] as const)('is not known where its log gives %s', async (kind) => {
    const sandbox = await sandboxOf();
    const { driver, put } = await withLog(sandbox);
    put(30, { status: 0 });
    sandbox.faults.add({ kind, action: 'FilterLogEvents' });
    const { status, result, warnings } = await driver.status();
    expect([status, result.lastSync]).toEqual([0, null]);
    expect(warnings[1]).toMatchObject({
      code: 'LastSyncUnknown',
      message: expect.stringContaining('logs:FilterLogEvents'),
    });
  });

  test('is not known where somebody has deleted its log', async () => {
    const sandbox = await sandboxOf();
    const { driver } = await withLog(sandbox);
    sandbox.stage.builder.region.logGroups.clear();
    expect((await driver.status()).warnings[1]).toMatchObject({ code: 'LastSyncUnknown' });
  });
});
