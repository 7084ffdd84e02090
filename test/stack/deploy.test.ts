import { describe, expect, test, vi } from 'vitest';
import { OperationError } from '../../src/errors.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { driverOf, NAME, templateWith } from '../support/stack.js';

const cfnWrites = (all: string[]): string[] => all.filter((action) => !/^(List|Detect)/.test(action));

describe('creating a stack', () => {
  test('an interruption at the question leaves neither change set nor stack', async () => {
    const sandbox = await sandboxOf();
    const controller = new AbortController();
    const confirm = async (): Promise<boolean> => {
      controller.abort();
      throw new OperationError('Interrupted', 'Interrupted: nothing was done.');
    };
    const driver = driverOf(sandbox, { signal: controller.signal });
    await expect(driver.deploy({ confirm })).rejects.toMatchObject({ code: 'Interrupted' });
    expect(writes(sandbox)).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'DeleteStack']);
  });

  test('makes a change set, carries it out and follows every resource to the end', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const outcome = await driver.deploy();
    expect(outcome.status).toBe(0);
    expect(outcome.result).toMatchObject({ stackName: NAME, stackStatus: 'CREATE_COMPLETE', left: [] });
    expect(outcome.result.changes.every(({ action }) => action === 'Add')).toBe(true);
    expect(outcome.result.outputs.NlbDnsName).toContain('.elb.us-east-1.');
    expect(driver.events.at(-1)).toBe(`${NAME} CREATE_COMPLETE`);
    // The link waits for the NLB, the first sync for both sides.
    const at = (event: string): number => driver.events.indexOf(event);
    expect(at('Link CREATE_IN_PROGRESS')).toBeGreaterThan(at('Nlb CREATE_COMPLETE'));
    expect(at('FirstSync CREATE_IN_PROGRESS')).toBeGreaterThan(at('Alb CREATE_COMPLETE'));
    expect(driver.stack()?.tags.get('lbbridge:stack')).toBe(NAME);
    expect(cfnWrites(writes(sandbox))).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  });

  test('events that come late, out of order and over many pages are each told once', async () => {
    const sandbox = await sandboxOf({ knobs: { 'cfn.eventLagSeconds': 20, 'cfn.eventsPerPage': 3 } });
    const driver = driverOf(sandbox);
    expect((await driver.deploy()).status).toBe(0);
    const ended = (all: readonly string[] = []): string[] => all.filter((one) => !one.endsWith('_IN_PROGRESS')).sort();
    expect(ended(driver.events)).toEqual(
      ended(driver.stack()?.events.map(({ logicalId, status }) => `${logicalId} ${status}`)),
    );
    expect(new Set(driver.events).size).toBe(driver.events.length);
  });

  test('a dry run leaves neither the change set nor the stack', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const outcome = await driver.deploy({ dryRun: true });
    expect(outcome.status).toBe(0);
    expect(outcome.result.changes).toHaveLength(9);
    expect(driver.stack()).toMatchObject({ status: 'DELETE_COMPLETE', changeSets: new Map() });
    expect(sandbox.stage.builder.region.loadBalancers.size).toBe(2);
  });

  test('a no at the prompt leaves nothing either, and ends with 5', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const outcome = await driver.deploy({ confirm: async () => false });
    expect([outcome.status, outcome.error?.code]).toEqual([5, 'Declined']);
    expect(driver.stack()?.status).toBe('DELETE_COMPLETE');
  });

  test('so does a prompt that cannot be shown', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const nobody = vi.fn(async () => {
      throw new Error('nobody is there');
    });
    await expect(driver.deploy({ confirm: nobody })).rejects.toThrow('nobody is there');
    expect(driver.stack()?.status).toBe('DELETE_COMPLETE');
  });

  test('a stack that somebody else has deployed while the question stood stays, whatever the answer', async () => {
    const sandbox = await sandboxOf();
    const other = driverOf(sandbox);
    const confirm = async () => {
      expect((await other.deploy()).status).toBe(0);
      return false;
    };
    expect((await driverOf(sandbox).deploy({ confirm })).status).toBe(5);
    expect(other.stack()?.status).toBe('CREATE_COMPLETE');
  });

  test('a failure names its first cause, not the echo, and AWS takes everything down', async () => {
    const sandbox = await sandboxOf();
    sandbox.stage.builder.region.resourceFailures.push({ logicalId: 'Function', on: 'create', reason: 'No such role' });
    const driver = driverOf(sandbox);
    const outcome = await driver.deploy();
    expect(outcome.status).toBe(1);
    expect(outcome.result).toMatchObject({ stackStatus: 'ROLLBACK_COMPLETE', left: [] });
    expect(outcome.error?.message).toContain('Function (AWS::Lambda::Function) failed first: No such role');
    expect(outcome.error?.suggestions[0]).toContain(`lbbridge stack destroy ${NAME}`);
    expect(driver.events.filter((event) => event.endsWith('CREATE_FAILED')).length).toBeGreaterThan(1);

    await expect(driver.deploy()).rejects.toMatchObject({ code: 'StackBlocked' });
    expect((await driver.destroy()).status).toBe(0);
    sandbox.stage.builder.region.resourceFailures.length = 0;
    expect((await driver.deploy()).status).toBe(0);
  });

  test('a roll-back that fails itself ends with 4 and tells what is left', async () => {
    const sandbox = await sandboxOf();
    sandbox.stage.builder.region.resourceFailures.push(
      { logicalId: 'FirstSync', on: 'create', reason: 'The function did not answer' },
      { logicalId: 'Targets', on: 'delete', reason: 'Still in use' },
    );
    const outcome = await driverOf(sandbox).deploy();
    expect(outcome.status).toBe(4);
    expect(outcome.result.stackStatus).toBe('ROLLBACK_FAILED');
    expect(outcome.result.left.map(({ logicalId }) => logicalId)).toContain('Targets');
    expect(outcome.error?.message).toContain('FirstSync (Custom::Bridge) failed first');
  });
});

describe('updating a stack', () => {
  test('without changes it says so, ends with 0, and the change set is gone', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    const outcome = await driver.deploy();
    expect(outcome.status).toBe(0);
    expect(outcome.result.changes).toEqual([]);
    expect(driver.stack()).toMatchObject({ status: 'CREATE_COMPLETE', changeSets: new Map() });
  });

  test('what changes in place is an ordinary question', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    const confirm = vi.fn(async () => true);
    const outcome = await driver.deploy({ template: templateWith({ memory: 512 }), confirm });
    expect(outcome.result).toMatchObject({
      stackStatus: 'UPDATE_COMPLETE',
      changes: [{ action: 'Modify', logicalId: 'Function', replacement: 'False' }],
    });
    expect(confirm).toHaveBeenCalledOnce();
  });

  const outages = [
    ['the target group', { groupPort: 8080 }, 'Targets', 'True'],
    // AWS lets no target group serve two NLBs, not even while one replaces the other.
    ['the NLB', { nlbScheme: 'internet-facing', groupPort: 8080 }, 'Nlb', 'True'],
    ['the port of the listener', { listenerPort: 8080 }, 'Listener', 'False'],
    ['the protocol of the listener', { listenerProtocol: 'TCP_UDP' }, 'Listener', 'False'],
  ] as const;
  test.each(outages)(
    'replacing %s is an outage, whose name has to be said',
    async (_, more, logicalId, replacement) => {
      const sandbox = await sandboxOf();
      const driver = driverOf(sandbox);
      await driver.deploy();
      const template = templateWith(more);
      const dry = await driver.deploy({ template, dryRun: true });
      expect(dry.warnings[0]).toMatchObject({ code: 'Outage', message: expect.stringContaining(logicalId) });
      const confirm = vi.fn(async () => true);
      const no = await driver.deploy({ template, confirm, confirmOutage: async () => null });
      const other = await driver.deploy({ template, confirm, confirmOutage: async () => 'another' });
      expect([no.status, other.status, other.error?.rule]).toEqual([5, 3, 'S13']);
      expect(confirm).not.toHaveBeenCalled();
      const yes = await driver.deploy({ template });
      expect(yes.result.stackStatus).toBe('UPDATE_COMPLETE');
      expect(yes.result.changes).toContainEqual(expect.objectContaining({ logicalId, replacement }));
    },
  );

  test('a failed update is rolled back, and the stack is as it was', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    sandbox.stage.builder.region.resourceFailures.push({
      logicalId: 'FirstSync',
      on: 'update',
      reason: 'Broken',
      count: 1,
    });
    const outcome = await driver.deploy({ template: templateWith({ groupPort: 8080, memory: 512 }) });
    expect([outcome.status, outcome.result.stackStatus]).toEqual([1, 'UPDATE_ROLLBACK_COMPLETE']);
    expect(outcome.error?.message).toContain('FirstSync (Custom::Bridge) failed first: Broken');
    expect(driver.stack()?.resources.get('Function')?.properties.MemorySize).toBe(256);
    expect((await driver.deploy({ template: templateWith({ memory: 512 }) })).status).toBe(0);
  });

  test('what an update cannot delete any more is told, since CloudFormation forgets it', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    const Extra = { Type: 'AWS::SQS::Queue', Properties: {} };
    await driver.deploy({ template: templateWith({ more: { Extra } }) });
    sandbox.stage.builder.region.resourceFailures.push({ logicalId: 'Extra', on: 'delete', reason: 'Not empty' });
    const outcome = await driver.deploy();
    expect(outcome.status).toBe(0);
    expect(outcome.result.left).toMatchObject([{ logicalId: 'Extra', reason: 'Not empty' }]);
    expect(outcome.warnings[0]?.code).toBe('LeftBehind');
  });
});

describe('stacks that are not to be touched', () => {
  test('one that is not ours is refused by S5, whatever its state', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    driver.stack()?.tags.delete('lbbridge:stack');
    for (const run of [driver.deploy, driver.destroy]) {
      const outcome = await run();
      expect([outcome.status, outcome.error?.rule]).toEqual([3, 'S5']);
    }
    expect(driver.stack()?.status).toBe('CREATE_COMPLETE');
  });

  test('the lock of S7 holds even for a dry run, which would make a change set', async () => {
    const sandbox = await sandboxOf();
    const outcome = await driverOf(sandbox).deploy({ readOnly: true, dryRun: true });
    expect([outcome.status, outcome.error?.rule]).toEqual([3, 'S7']);
    expect(writes(sandbox)).toEqual([]);
  });

  test('in a state in which AWS takes no update, the next step is named', async () => {
    const sandbox = await sandboxOf();
    const driver = driverOf(sandbox);
    await driver.deploy();
    const steps = [
      ['ROLLBACK_COMPLETE', 'StackBlocked', 'lbbridge stack destroy'],
      ['UPDATE_IN_PROGRESS', 'StackBusy', 'aws cloudformation cancel-update-stack'],
      ['CREATE_IN_PROGRESS', 'StackBusy', 'lbbridge stack status'],
      ['DELETE_FAILED', 'StackBlocked', 'lbbridge stack destroy'],
      ['UPDATE_ROLLBACK_FAILED', 'StackBlocked', 'continue-update-rollback'],
      ['CREATE_FAILED', 'StackBlocked', 'lbbridge stack destroy'],
    ];
    for (const [status, code, remedy] of steps) {
      Object.assign(driver.stack() ?? {}, { status });
      await expect(driver.deploy()).rejects.toMatchObject({
        code,
        message: expect.stringContaining(String(status)),
        suggestions: expect.arrayContaining([expect.stringContaining(String(remedy))]),
      });
    }
  });
});
