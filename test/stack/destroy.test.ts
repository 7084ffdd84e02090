import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { type Driver, driverOf, NAME, templateWith } from '../support/stack.js';

async function deployed(): Promise<{ sandbox: Sandbox; driver: Driver; deletions: () => number }> {
  const sandbox = await sandboxOf();
  const driver = driverOf(sandbox);
  expect((await driver.deploy()).status).toBe(0);
  sandbox.journal.clear();
  return { sandbox, driver, deletions: () => writes(sandbox).filter((action) => action === 'DeleteStack').length };
}

const physicalId = (driver: Driver, logicalId: string): string =>
  driver.stack()?.resources.get(logicalId)?.physicalId ?? '';

describe('taking a stack down', () => {
  test('what AWS releases late is tried again, and nothing is left', async () => {
    const { sandbox, driver, deletions } = await deployed();
    const outcome = await driver.destroy();
    expect(outcome).toMatchObject({
      status: 0,
      warnings: [],
      result: { stackName: NAME, stackStatus: 'DELETE_COMPLETE', outputs: {}, left: [] },
    });
    // The NLB that its link still held made the first deletion fail.
    expect(driver.events).toContain('Nlb DELETE_FAILED');
    expect(driver.holds[0]).toContain('currently associated with another service');
    expect(deletions()).toBeGreaterThan(1);
    const { loadBalancers, securityGroups, interfaces, targetGroups } = sandbox.stage.builder.region;
    const ours = (name: string): boolean => name.startsWith(NAME);
    expect([...loadBalancers.values()].filter(({ name }) => ours(name))).toEqual([]);
    expect([...targetGroups.values()].filter(({ name }) => ours(name))).toEqual([]);
    expect([...securityGroups.values()].filter(({ name }) => ours(name))).toEqual([]);
    expect([...interfaces.values()].filter(({ description }) => description.includes(NAME))).toEqual([]);
  });

  test('interfaces that outlive their load balancer are waited for', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.world.knobs['lb.eniLingerSeconds'] = 1200;
    const outcome = await driver.destroy();
    expect(outcome.result.left).toEqual([]);
    expect(driver.events.filter((event) => event.endsWith('SecurityGroup DELETE_FAILED')).length).toBeGreaterThan(0);
    expect(driver.holds.some((hold) => /The interface eni-\w+ of (net|app)\//.test(hold))).toBe(true);
  });

  test('a rule of ours for its NLB goes from a security group of somebody else', async () => {
    const { sandbox, driver } = await deployed();
    const { builder } = sandbox.stage;
    const vpc = [...builder.region.vpcs.values()].find(({ id }) => id === sandbox.stage.group.vpcId);
    if (!vpc) throw new Error('no VPC');
    const group = builder.securityGroup(vpc, 'theirs', 80, '10.9.9.9/32');
    // An outbound rule lets nobody in: whoever tagged it, it is none of ours.
    for (const rule of group.rules.values()) rule.tags.set('lbbridge:source', physicalId(driver, 'Nlb'));
    const outbound = [...group.rules.values()].filter(({ isEgress }) => isEgress);
    expect((await driver.destroy()).status).toBe(0);
    expect([...group.rules.values()]).toEqual(outbound);
  });

  test('an NLB that the template keeps keeps its rules, and is not waited for', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const template = JSON.parse(templateWith({}));
    for (const id of ['Nlb', 'NlbSecurityGroup']) template.Resources[id].DeletionPolicy = 'Retain';
    await driver.deploy({ template: JSON.stringify(template) });
    const nlbArn = physicalId(driver, 'Nlb');
    const group = sandbox.stage.builder.securityGroup(sandbox.stage.vpc, 'theirs', 80, '10.9.9.9/32');
    for (const rule of group.rules.values()) {
      if (!rule.isEgress) rule.tags.set('lbbridge:source', nlbArn);
    }
    const outcome = await driver.destroy();
    expect(outcome.result.left).toContainEqual(
      expect.objectContaining({ logicalId: 'Nlb', physicalId: nlbArn, status: 'DELETE_SKIPPED' }),
    );
    expect([...group.rules.values()].filter(({ isEgress }) => !isEgress)).toHaveLength(1);
  });

  test('what the template keeps is told', async () => {
    const { driver } = await deployed();
    const Kept = { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain', Properties: {} };
    await driver.deploy({ template: templateWith({ more: { Kept } }) });
    const outcome = await driver.destroy();
    expect(outcome.result.left).toMatchObject([{ logicalId: 'Kept', status: 'DELETE_SKIPPED' }]);
    expect(outcome.warnings[0]?.code).toBe('LeftBehind');
  });
});

describe('what holds a stack up', () => {
  test('deletion protection is found before anything is deleted', async () => {
    const { sandbox, driver, deletions } = await deployed();
    const nlb = sandbox.stage.builder.region.loadBalancers.get(physicalId(driver, 'Nlb'));
    nlb?.attributes.set('deletion_protection.enabled', 'true');
    const outcome = await driver.destroy();
    expect([outcome.status, outcome.error?.code, deletions()]).toEqual([1, 'HeldUp', 0]);
    expect(outcome.error?.suggestions[0]).toContain('Key=deletion_protection.enabled,Value=false');
    nlb?.attributes.set('deletion_protection.enabled', 'false');
    expect((await driver.destroy()).status).toBe(0);
  });

  test('so are an interface and a rule of somebody else that use one of its security groups', async () => {
    const { sandbox, driver, deletions } = await deployed();
    const { builder, group } = sandbox.stage;
    const subnet = [...builder.region.subnets.values()].find(({ vpcId }) => vpcId === group.vpcId);
    const vpc = builder.region.vpcs.get(group.vpcId);
    if (!subnet || !vpc) throw new Error('no network');
    const securityGroupIds = [physicalId(driver, 'AlbSecurityGroup')];
    const used = builder.decoy(subnet, 'a database', { requesterManaged: false, requesterId: 'me', securityGroupIds });
    const theirs = builder.securityGroup(vpc, 'theirs', 80, '10.9.9.9/32');
    for (const rule of theirs.rules.values()) {
      if (!rule.isEgress) rule.source = { kind: 'group', groupId: securityGroupIds[0] ?? '', userId: '111122223333' };
    }
    const outcome = await driver.destroy();
    expect([outcome.status, deletions()]).toEqual([1, 0]);
    expect(outcome.error?.message).toContain(`is used by the interface ${used.id} (a database)`);
    expect(outcome.error?.message).toContain(`Rules of the security group ${theirs.id} (theirs) refer to`);
    builder.region.interfaces.delete(used.id);
    builder.region.securityGroups.delete(theirs.id);
    expect((await driver.destroy()).status).toBe(0);
  });

  test('a bridge that is paused is not emptied, and its stack stays (S7)', async () => {
    const { sandbox, driver, deletions } = await deployed();
    const { group } = sandbox.stage;
    Object.assign(driver.stack()?.resources.get('FirstSync') ?? {}, { physicalId: group.arn });
    group.tags.set('lbbridge:paused', 'x');
    const outcome = await driver.destroy();
    expect([outcome.status, outcome.error?.rule, deletions()]).toEqual([3, 'S7', 0]);
    expect(outcome.error?.suggestions[0]).toContain(`lbbridge resume ${group.name}`);
  });

  test('a pause is no matter where the deletion leaves the group as it is', async () => {
    const { sandbox, driver } = await deployed();
    const { group } = sandbox.stage;
    Object.assign(driver.stack()?.resources.get('FirstSync') ?? {}, { physicalId: `${group.arn}#kept` });
    group.tags.set('lbbridge:paused', 'x');
    expect((await driver.destroy()).status).toBe(0);
  });

  test('termination protection is named with its remedy', async () => {
    const { driver, deletions } = await deployed();
    Object.assign(driver.stack() ?? {}, { isProtected: true });
    await expect(driver.destroy()).rejects.toMatchObject({ code: 'StackProtected' });
    expect(deletions()).toBe(0);
  });

  test('what does not pass within --wait ends with 4, and the next run goes on from there', async () => {
    const { sandbox, driver } = await deployed();
    const { resourceFailures } = sandbox.stage.builder.region;
    resourceFailures.push({ logicalId: 'FirstSync', on: 'delete', reason: 'The function is gone' });
    const outcome = await driver.destroy({ wait: 60_000 });
    expect(outcome.status).toBe(4);
    expect(outcome.result.stackStatus).toBe('DELETE_FAILED');
    expect(outcome.error?.message).toContain('FirstSync (Custom::Bridge): The function is gone');
    expect(outcome.result.left.map(({ logicalId }) => logicalId)).toContain('FirstSync');
    resourceFailures.length = 0;
    expect((await driver.destroy()).result).toMatchObject({ stackStatus: 'DELETE_COMPLETE', left: [] });
  });
});

describe('S13: a tear-down asks', () => {
  test('another name is a refusal, a no a decline; nothing is deleted', async () => {
    const { driver, deletions } = await deployed();
    const other = await driver.destroy({ confirm: async () => 'egde-stack' });
    expect([other.status, other.error?.rule]).toEqual([3, 'S13']);
    const no = await driver.destroy({ confirm: async () => null });
    expect([no.status, no.error?.code]).toEqual([5, 'Declined']);
    const locked = await driver.destroy({ readOnly: true });
    expect([locked.status, locked.error?.rule]).toEqual([3, 'S7']);
    expect(deletions()).toBe(0);
  });

  test('a stack that is not there is an error, one that AWS works on another', async () => {
    const { driver } = await deployed();
    Object.assign(driver.stack() ?? {}, { status: 'UPDATE_IN_PROGRESS' });
    await expect(driver.destroy()).rejects.toMatchObject({ code: 'StackBusy' });
    await expect(driver.destroy({ stackName: 'nowhere' })).rejects.toMatchObject({ code: 'StackNotFound' });
  });
});

describe('an interrupted tear-down', () => {
  test('tells that AWS goes on, and a second run sees it through without a second deletion', async () => {
    const { sandbox, driver } = await deployed();
    const controller = new AbortController();
    const first = driverOf(sandbox, { signal: controller.signal });
    const interrupted = await first.destroy({ onEvent: () => controller.abort() });
    expect([interrupted.status, interrupted.error?.code]).toEqual([4, 'Interrupted']);
    expect(interrupted.warnings[0]).toMatchObject({ code: 'StillRunning' });
    expect(driver.stack()?.status).toBe('DELETE_IN_PROGRESS');

    sandbox.world.knobs['cfn.linkReleaseSeconds'] = 0;
    sandbox.journal.clear();
    expect((await driver.destroy()).result).toMatchObject({ stackStatus: 'DELETE_COMPLETE', left: [] });
    expect(writes(sandbox).filter((action) => action === 'DeleteStack')).toHaveLength(0);
  });

  test('a look that fails is made again', async () => {
    const { sandbox, driver } = await deployed();
    sandbox.faults.add({ kind: 'http500', action: 'DescribeStackEvents', after: 2, count: 6 });
    expect((await driver.destroy()).status).toBe(0);
  });
});
