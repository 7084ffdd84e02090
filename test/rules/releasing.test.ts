import { describe, expect, test } from 'vitest';
import type { Ports } from '../../src/actions/ports.js';
import { type ReleaseOptions, releaseGroup } from '../../src/actions/release-group.js';
import { connectAws } from '../../src/aws/connect.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { registered, sandboxOf, writes } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import { inbound, inboundRules, nlbRules, onGroup, plantRule } from '../support/rules.js';

const SOURCE = 'lbbridge:source';

const release = (sandbox: Sandbox, ...flags: string[]) =>
  lbbridgeJson(['release', 'nlb-edge', '--confirm', 'nlb-edge', ...flags], { env: { ...sandbox.environment } });

/** A bridge whose ALB lets the NLB in by rules of ours. */
async function admitted(): Promise<Sandbox> {
  const sandbox = await sandboxOf({ scenario: 'closed' });
  await onGroup(sandbox, 'sync');
  sandbox.journal.clear();
  return sandbox;
}

/** The same action as the command's, in this process: a person who is asked can be played. */
const releaseHere = (sandbox: Sandbox, confirm: ReleaseOptions['confirm']) => {
  const ports: Pick<Ports, 'connect' | 'now' | 'signal'> = {
    connect: connectAws({ env: sandbox.environment }),
    now: () => new Date(),
    signal: new AbortController().signal,
  };
  return releaseGroup({ targetGroup: 'nlb-edge', access: {}, albSettings: {}, readOnly: false, confirm }, ports);
};

describe('S13: release asks', () => {
  test('by its name a group of ours is emptied and its tags go, with no load balancer needed', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { alb, group, builder } = sandbox.stage;
    builder.region.loadBalancers.delete(alb.arn);
    const { status, document } = await lbbridgeJson(['release', 'nlb-edge', '--confirm', 'nlb-edge'], {
      env: { ...sandbox.environment },
    });
    expect(status).toBe(0);
    expect(document.result.deregistered).toHaveLength(2);
    expect(registered(sandbox)).toEqual([]);
    expect(group.tags.size).toBe(0);
    expect(writes(sandbox)).toEqual(['DeregisterTargets', 'RemoveTags']);
  });

  test('another name is a refusal, nobody to ask a usage error', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const env = { ...sandbox.environment };
    const other = await lbbridgeJson(['release', 'nlb-edge', '--confirm', 'nlb-egde'], { env });
    expect([other.status, other.document.error.rule]).toEqual([3, 'S13']);
    const nobody = await lbbridgeJson(['release', 'nlb-edge'], { env });
    expect([nobody.status, nobody.document.result]).toEqual([64, null]);
    expect((await lbbridge(['release', 'nlb-edge'], { env })).status).toBe(64);
    expect(writes(sandbox)).toEqual([]);
  });

  test('a group without our tag, a paused one and a locked process are refused before anybody is asked', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const env = { ...sandbox.environment };
    const words = ['release', 'nlb-edge', '--confirm', 'nlb-edge'];
    expect((await lbbridgeJson(words, { env })).document.error.rule).toBe('S5');
    sandbox.stage.group.tags.set('lbbridge:source', sandbox.stage.alb.arn);
    sandbox.stage.group.tags.set('lbbridge:paused', 'x');
    expect((await lbbridgeJson(words, { env })).document.error.rule).toBe('S7');
    sandbox.stage.group.tags.delete('lbbridge:paused');
    const locked = { env: { ...env, LBBRIDGE_READ_ONLY: '1' } };
    expect((await lbbridgeJson(words, locked)).document.error.rule).toBe('S7');
    expect(writes(sandbox)).toEqual([]);
  });

  test('an error on the way tells what was done, and the group is still ours', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind: 'accessDenied', action: 'RemoveTags' });
    const { status, document } = await lbbridgeJson(['release', 'nlb-edge', '--confirm', 'nlb-edge'], {
      env: { ...sandbox.environment },
    });
    expect(status).toBe(4);
    expect(document.result.deregistered).toHaveLength(2);
    expect(sandbox.stage.group.tags.has('lbbridge:source')).toBe(true);
  });
});

describe('release: what another has done meanwhile', () => {
  test('two at once end one bridge, and neither fails', async () => {
    const sandbox = await admitted();
    let asked = 0;
    let bothAsked = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      bothAsked = resolve;
    });
    const confirm = async (): Promise<string> => {
      asked += 1;
      if (asked === 2) bothAsked();
      await both;
      return 'nlb-edge';
    };
    const outcomes = await Promise.all([releaseHere(sandbox, confirm), releaseHere(sandbox, confirm)]);
    expect(outcomes.map(({ status, error }) => [status, error])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
    const revoked = outcomes.flatMap(({ result }) => result.revoked.map(({ ruleId }) => ruleId));
    expect(revoked).toHaveLength(2);
    expect(new Set(revoked).size).toBe(2);
    expect([registered(sandbox), inbound(sandbox), sandbox.stage.group.tags.size]).toEqual([[], [], 0]);
  });

  test.each([
    [
      'adopted for another',
      SOURCE,
      'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/x/0123456789abcdef',
      'S5',
    ],
    ['paused', 'lbbridge:paused', 'deployment 42', 'S7'],
  ])('a group that was %s while the question stood is left alone', async (_what, key, value, rule) => {
    const sandbox = await admitted();
    const { status, error } = await releaseHere(sandbox, async () => {
      sandbox.stage.group.tags.set(key, value);
      return 'nlb-edge';
    });
    expect([status, error?.rule]).toEqual([3, rule]);
    expect(writes(sandbox)).toEqual([]);
  });

  test('what is going to go is shown to whoever is asked; a no changes nothing', async () => {
    const sandbox = await admitted();
    const shown: unknown[] = [];
    const { status, result } = await releaseHere(sandbox, async (going) => {
      shown.push(going.deregistered.length, going.revoked.length);
      return null;
    });
    expect([status, ...shown]).toEqual([5, 2, 2]);
    expect([result.deregistered, result.revoked, writes(sandbox)]).toEqual([[], [], []]);
  });
});

describe('release: our rules go too, and only ours (S12)', () => {
  test('targets, then rules, then tags; somebody else’s rule is never touched', async () => {
    const sandbox = await admitted();
    plantRule(sandbox, '10.9.0.0/16', 80);
    plantRule(sandbox, '10.8.0.1/32', 80, {
      tags: new Map([[SOURCE, sandbox.stage.nlb.arn.replace(/.$/, 'x')]]),
    });
    const ids = inboundRules(sandbox).filter(({ tags }) => tags.get(SOURCE) === sandbox.stage.nlb.arn);
    const { status, document } = await release(sandbox);
    expect(status).toBe(0);
    expect(document.result.deregistered).toHaveLength(2);
    expect(document.result.revoked.map(({ ruleId }: { ruleId: string }) => ruleId).sort()).toEqual(
      ids.map(({ id }) => id).sort(),
    );
    expect(inbound(sandbox)).toEqual(['10.8.0.1/32 80', '10.9.0.0/16 80']);
    expect(writes(sandbox)).toEqual(['DeregisterTargets', 'RevokeSecurityGroupIngress', 'RemoveTags']);
  });

  test('with the load balancer gone they are found by their tag', async () => {
    const sandbox = await admitted();
    const { alb, builder } = sandbox.stage;
    builder.region.loadBalancers.delete(alb.arn);
    const { status, document } = await release(sandbox);
    expect(status).toBe(0);
    expect(document.result.revoked).toHaveLength(2);
    expect(inbound(sandbox)).toEqual([]);
  });

  test('a port that another bridge of the same NLB and ALB needs stays open', async () => {
    const sandbox = await admitted();
    const { builder, vpc, nlb, alb, group } = sandbox.stage;
    const second = builder.targetGroup('nlb-edge-8080', vpc, { Port: '8080', HealthCheckPort: '80' });
    builder.forward(nlb, second);
    builder.tag(second, SOURCE, alb.arn);
    expect((await release(sandbox)).document.result.revoked).toEqual([]);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    expect(group.tags.size).toBe(0);
  });

  test('with the load balancer gone, groups of others stay as they are while the NLB has other targets', async () => {
    const sandbox = await admitted();
    const { builder, vpc, subnets, nlb, alb } = sandbox.stage;
    const api = builder.alb('api', subnets, 80, { 'SecurityGroups.member.1': builder.closedGroup(vpc, 'api').id });
    // Vouched for by a file: no tag says that it is a bridge.
    const second = builder.targetGroup('nlb-api', vpc, {});
    builder.forward(nlb, second, 8080);
    builder.settle();
    const words = ['sg', 'sync', '--alb', 'api', '--target-group', 'nlb-api'];
    await lbbridgeJson(words, { env: { ...sandbox.environment } });
    const rulesOf = (id = '') =>
      [...(builder.region.securityGroups.get(id)?.rules.values() ?? [])].filter(({ isEgress }) => !isEgress);
    expect(rulesOf(api.securityGroupIds[0])).toHaveLength(2);
    builder.region.loadBalancers.delete(alb.arn);
    expect((await release(sandbox)).document.result.revoked).toHaveLength(2);
    expect(rulesOf(api.securityGroupIds[0])).toHaveLength(2);
    expect(inbound(sandbox)).toEqual([]);
  });

  test('where no listener sends to the group, none are sought, and it says so', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    sandbox.stage.group.tags.set(SOURCE, sandbox.stage.alb.arn);
    const { status, document } = await release(sandbox);
    expect([status, document.warnings[0].code]).toEqual([0, 'RulesNotSought']);
  });

  test('in another region they are found by the ARN in the group’s tag', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-region' });
    sandbox.stage.builder.tag(sandbox.stage.group, SOURCE, sandbox.stage.alb.arn);
    await onGroup(sandbox, 'sync', ['--port', '443']);
    const { status, document } = await release(sandbox);
    expect([status, document.result.revoked.length]).toEqual([0, 2]);
    const revoke = sandbox.journal.entries.find(({ action }) => action === 'RevokeSecurityGroupIngress');
    expect(revoke?.region).toBe('eu-west-1');
  });

  test('in another account they are reached by the flags of the ALB’s side; without them nothing is begun', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-account' });
    const { alb, group, builder } = sandbox.stage;
    builder.tag(group, SOURCE, alb.arn);
    const role = ['--alb-role-arn', 'arn:aws:iam::444455556666:role/bridge'];
    expect(
      (await onGroup(sandbox, 'sync', [...role, '--port', '443'])).document.result.groups[0].authorized,
    ).toHaveLength(2);
    sandbox.journal.clear();
    const lost = await release(sandbox);
    expect([lost.status, lost.document.error.code]).toEqual([1, 'ValidationError']);
    expect(lost.document.error.suggestions.join(' ')).toContain('--alb-role-arn');
    expect(writes(sandbox)).toEqual([]);
    const { status, document } = await release(sandbox, ...role);
    expect([status, document.result.revoked.length]).toEqual([0, 2]);
    expect((await release(sandbox, '--alb-region', 'eu-west-1')).document.error.rule).toBe('S5');
    builder.tag(group, SOURCE, alb.arn);
    expect((await release(sandbox, '--alb-region', 'eu-west-1')).status).toBe(64);
  });
});

describe('release: errors on the way', () => {
  test.each([
    ['DescribeSecurityGroupRules', 1, []],
    ['DescribeTargetHealth', 1, []],
    ['DeregisterTargets', 1, ['DeregisterTargets']],
    ['RevokeSecurityGroupIngress', 4, ['DeregisterTargets', 'RevokeSecurityGroupIngress']],
    ['RemoveTags', 4, ['DeregisterTargets', 'RevokeSecurityGroupIngress', 'RemoveTags']],
  ])(
    '%s that is denied ends with %i; the group is still ours, and the next run ends it',
    async (action, status, tried) => {
      const sandbox = await admitted();
      sandbox.faults.add({ kind: 'accessDenied', action, count: 1 });
      const failed = await release(sandbox);
      expect(failed.status).toBe(status);
      expect(writes(sandbox)).toEqual(tried);
      expect(sandbox.stage.group.tags.has(SOURCE)).toBe(true);
      expect((await release(sandbox)).status).toBe(0);
      expect([registered(sandbox), inbound(sandbox), sandbox.stage.group.tags.size]).toEqual([[], [], 0]);
    },
  );

  test('of many targets, those that went are told when the rest fails', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { builder, group } = sandbox.stage;
    builder.targets(
      group,
      Array.from({ length: 150 }, (_, n) => `10.0.1.${n + 100}`),
      8080,
    );
    sandbox.faults.add({ kind: 'accessDenied', action: 'DeregisterTargets', after: 1 });
    const { status, document } = await release(sandbox);
    expect([status, document.result.deregistered.length]).toEqual([4, 100]);
    expect(group.tags.has(SOURCE)).toBe(true);
  });

  test('people read each target and rule that went', async () => {
    const sandbox = await admitted();
    const { stdout } = await lbbridge(['release', 'nlb-edge', '--confirm', 'nlb-edge'], {
      env: { ...sandbox.environment },
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ {2}- 10\.0\.1\.\d+:80 {2}us-east-1a$/);
    expect(lines[2]).toMatch(/^ {2}- sgr-\w+ {2}10\.0\.1\.\d+\/32 {2}tcp 80$/);
    expect(lines.at(-1)).toBe('nlb-edge: 2 targets deregistered, 2 rules revoked.');
  });
});
