import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { advance, event } from '../support/changes.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import { albGroup, groupOf, inbound, inboundRules, nlbRules, onGroup, plantRule } from '../support/rules.js';

/** Waits until the rules have been read; the answer is still on its way. */
async function rulesRead(sandbox: Sandbox): Promise<void> {
  while (!sandbox.journal.actions().includes('DescribeSecurityGroupRules')) await pause(20);
  await pause(200);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const ours = ({ stage }: Sandbox) => new Map([['lbbridge:source', stage.nlb.arn]]);

describe('S12: the NLB is let in', () => {
  test('one rule for each address of the NLB, tagged and described, and the targets become healthy', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const states = () => [...sandbox.stage.group.targets.values()].map(({ state }) => state);
    expect(states()).toEqual(['unhealthy', 'unhealthy']);
    const planned = await onGroup(sandbox, 'diff', ['--detailed-exitcode']);
    expect(planned.status).toBe(2);
    expect(groupOf(planned.document).authorize).toHaveLength(2);
    expect(writes(sandbox)).toEqual([]);

    const { status, document } = await onGroup(sandbox, 'sync');
    expect(status).toBe(0);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    expect(groupOf(document)).toMatchObject({ inSync: true, authorize: [], revoke: [], refusal: null, foreign: [] });
    expect(
      groupOf(document)
        .authorized.map(({ ruleId }: { ruleId: string }) => ruleId)
        .sort(),
    ).toEqual(
      inboundRules(sandbox)
        .map(({ id }) => id)
        .sort(),
    );
    for (const rule of inboundRules(sandbox)) {
      expect(rule.tags).toEqual(ours(sandbox));
      expect(rule.description).toMatch(/^lbbridge: NLB edge in us-east-1[ab]$/);
    }
    advance(sandbox, 300);
    expect(states()).toEqual(['healthy', 'healthy']);

    const again = await onGroup(sandbox, 'sync');
    expect(again.status).toBe(0);
    expect(writes(sandbox)).toEqual(['AuthorizeSecurityGroupIngress']);
  });

  test('the health-check port is opened beside the target port; --port says otherwise', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    sandbox.stage.group.healthCheck.port = '8081';
    await onGroup(sandbox, 'sync');
    expect(inbound(sandbox)).toEqual([...nlbRules(sandbox, 80), ...nlbRules(sandbox, 8081)].sort());
    await onGroup(sandbox, 'sync', ['--port', '80', '--port', '9000']);
    expect(inbound(sandbox)).toEqual([...nlbRules(sandbox, 80), ...nlbRules(sandbox, 9000)].sort());
  });

  test('an NLB with a security group in the same VPC is referenced by it, unless addresses are asked for', async () => {
    const sandbox = await sandboxOf({ scenario: 'secured' });
    const [groupId = ''] = sandbox.stage.nlb.securityGroupIds;
    const { document } = await onGroup(sandbox, 'sync');
    expect(groupOf(document).authorized).toMatchObject([{ securityGroupId: groupId, fromPort: 80, toPort: 80 }]);
    expect(inbound(sandbox)).toEqual([`${groupId} 80`]);

    // Each way to the other adds before it takes away.
    for (const [source, rules] of [
      ['ips', nlbRules(sandbox)],
      ['security-group', [`${groupId} 80`]],
    ] as const) {
      sandbox.journal.clear();
      expect((await onGroup(sandbox, 'sync', ['--source', source])).status).toBe(0);
      expect(inbound(sandbox)).toEqual(rules);
      expect(writes(sandbox)).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']);
    }
  });

  test('a group that is referenced needs no address to be seen', async () => {
    const sandbox = await sandboxOf({ scenario: 'secured' });
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    expect((await onGroup(sandbox, 'sync')).status).toBe(0);
    expect(inbound(sandbox)).toHaveLength(1);
  });

  test('an NLB without a group cannot be referenced', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { status, document } = await onGroup(sandbox, 'sync', ['--source', 'security-group']);
    expect([status, document.error.code]).toEqual([1, 'NlbWithoutSecurityGroup']);
    expect(writes(sandbox)).toEqual([]);
  });

  test('across accounts that share a VPC the owner of the group is named', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-vpc' });
    const { builder, nlb } = sandbox.stage;
    nlb.securityGroupIds = [builder.closedGroup(sandbox.stage.vpc, 'edge').id];
    albGroup(sandbox).rules.clear();
    const role = ['--alb-role-arn', 'arn:aws:iam::444455556666:role/bridge'];
    const { status, document } = await onGroup(sandbox, 'sync', role);
    expect(status).toBe(0);
    expect(groupOf(document).authorized).toMatchObject([
      { securityGroupId: nlb.securityGroupIds[0], userId: '111122223333' },
    ]);
    expect((await onGroup(sandbox, 'sync', role)).document.result.groups[0]).toMatchObject({
      inSync: true,
      authorized: [],
    });
  });

  test('in a peered VPC the addresses are let in', async () => {
    const sandbox = await sandboxOf({ scenario: 'peered' });
    albGroup(sandbox).rules.clear();
    expect((await onGroup(sandbox, 'sync')).status).toBe(0);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });

  test('IPv6 addresses too, once however AWS spells them', async () => {
    const sandbox = await sandboxOf({ scenario: 'dual-stack' });
    albGroup(sandbox).rules.clear();
    const { document } = await onGroup(sandbox, 'sync');
    expect(groupOf(document).authorized).toHaveLength(4);
    expect(inbound(sandbox).filter((rule) => rule.includes(':'))).toHaveLength(2);
    expect(groupOf((await onGroup(sandbox, 'sync')).document)).toMatchObject({ inSync: true, authorized: [] });
  });
});

describe('S12: an NLB that changes', () => {
  test('secondary addresses are let in as well', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    await onGroup(sandbox, 'sync');
    const one = sandbox.stage.builder.region.interfaces.get(sandbox.stage.nlb.nodes[0]?.interfaceId ?? '');
    one?.privateIps.push({ ip: sandbox.stage.builder.unusedAddress(sandbox.stage.subnets[0] as never) });
    const { document } = await onGroup(sandbox, 'sync');
    expect(groupOf(document).authorized).toMatchObject([{ cidr: `${one?.privateIps[1]?.ip}/32` }]);
    expect(inbound(sandbox)).toHaveLength(3);
  });

  test('it loses a zone and gets it back with a new address', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { subnets, nlb } = sandbox.stage;
    await onGroup(sandbox, 'sync');
    const before = inbound(sandbox);
    event(sandbox, 'set-subnets', { loadBalancer: nlb.arn, subnets: [subnets[0]?.id] });
    advance(sandbox, 200);
    const lost = await onGroup(sandbox, 'sync');
    expect(lost.status).toBe(0);
    expect(groupOf(lost.document).revoked).toHaveLength(1);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    expect(inbound(sandbox)).toHaveLength(1);

    event(sandbox, 'set-subnets', { loadBalancer: nlb.arn, subnets: subnets.map(({ id }) => id) });
    advance(sandbox, 60);
    const back = await onGroup(sandbox, 'sync');
    expect(groupOf(back.document)).toMatchObject({ authorized: [expect.anything()], revoked: [], inSync: true });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
    expect(inbound(sandbox)).not.toEqual(before);
  });

  test('a zone that shows no address yet only adds (S3); no address at all changes nothing (S2)', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const gone = plantRule(sandbox, '10.0.9.9/32', 80, { tags: ours(sandbox) });
    const zoneId = sandbox.stage.builder.zone('b');
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces', zoneId });
    const partial = await onGroup(sandbox, 'sync');
    expect([partial.status, partial.document.error.rule]).toEqual([3, 'S3']);
    expect(groupOf(partial.document)).toMatchObject({ revoked: [], revoke: [], inSync: false });
    expect(inbound(sandbox)).toHaveLength(2);
    expect(albGroup(sandbox).rules.has(gone.id)).toBe(true);

    sandbox.faults.clear();
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    sandbox.journal.clear();
    const nothing = await onGroup(sandbox, 'sync');
    expect([nothing.status, nothing.document.error.rule]).toEqual([3, 'S2']);
    expect(writes(sandbox)).toEqual([]);

    sandbox.faults.clear();
    expect((await onGroup(sandbox, 'sync')).status).toBe(0);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });
});

describe('S12: whose rules', () => {
  test('a foreign rule that lets the NLB in counts as met; none of others is ever touched', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const other = new Map([['lbbridge:source', sandbox.stage.nlb.arn.replace('/edge/', '/other/')]]);
    const theirs = [
      plantRule(sandbox, '10.0.1.0/24', 80),
      plantRule(sandbox, '192.168.0.0/16', 80),
      plantRule(sandbox, '10.0.9.9/32', 80, { tags: other }),
      plantRule(sandbox, '10.0.9.10/32', 8080, { tags: new Map([['team', 'edge']]) }),
    ];
    const mine = plantRule(sandbox, '10.0.9.11/32', 80, { tags: ours(sandbox) });
    const { document } = await onGroup(sandbox, 'sync');
    const [first] = theirs;
    expect(groupOf(document).foreign).toMatchObject([{ ruleId: first?.id }]);
    expect(groupOf(document).authorized).toHaveLength(1);
    expect(groupOf(document).revoked).toMatchObject([{ ruleId: mine.id }]);
    for (const { id } of theirs) expect(albGroup(sandbox).rules.has(id)).toBe(true);
    const revokes = sandbox.journal.entries.filter(({ action }) => action === 'RevokeSecurityGroupIngress');
    expect(revokes.map(({ params }) => params)).toEqual([
      expect.objectContaining({ GroupId: albGroup(sandbox).id, 'SecurityGroupRuleId.1': mine.id }),
    ]);
    expect(Object.keys(revokes[0]?.params ?? {}).filter((name) => name.startsWith('SecurityGroupRuleId'))).toHaveLength(
      1,
    );
  });

  test('a prefix list that holds the addresses counts as met', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const entries = sandbox.stage.nlb.nodes.map(({ ip }) => ({ cidr: `${ip}/32` }));
    const list = {
      id: sandbox.world.random.id('pl'),
      name: 'nlbs',
      ownerId: '111122223333',
      version: 1,
      maxEntries: 5,
    };
    sandbox.stage.builder.region.prefixLists.set(list.id, { ...list, addressFamily: 'IPv4', entries, tags: new Map() });
    plantRule(sandbox, '', 80, { source: { kind: 'prefix-list', prefixListId: list.id } });
    const { status, document } = await onGroup(sandbox, 'diff');
    expect(status).toBe(0);
    expect(groupOf(document)).toMatchObject({ inSync: true, foreign: [{ prefixListId: list.id }] });
  });

  test('a port that another bridge of the same NLB and ALB needs stays open', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { builder, vpc, nlb, alb } = sandbox.stage;
    const second = builder.targetGroup('nlb-edge-443', vpc, { Port: '443' });
    builder.forward(nlb, second);
    builder.tag(second, 'lbbridge:source', alb.arn);
    const words = ['sg', 'sync', '--alb', 'web', '--target-group'];
    const env = { ...sandbox.environment };
    for (const group of ['nlb-edge', 'nlb-edge-443', 'nlb-edge']) {
      expect((await lbbridgeJson([...words, group], { env })).status).toBe(0);
    }
    expect(inbound(sandbox)).toEqual([...nlbRules(sandbox, 443), ...nlbRules(sandbox, 80)].sort());
    // Once its group has become the bridge of another ALB, its port closes.
    builder.tag(second, 'lbbridge:source', alb.arn.replace(/.$/, 'x'));
    await lbbridgeJson([...words, 'nlb-edge'], { env });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox, 80));
  });

  test('a bridge that was never synced, and one to another ALB behind the same group, keep their ports', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { builder, vpc, subnets, nlb } = sandbox.stage;
    const shared = { 'SecurityGroups.member.1': albGroup(sandbox).id };
    const api = builder.alb('api', subnets, 8080, shared);
    for (const port of ['443', '8080']) {
      builder.forward(nlb, builder.targetGroup(`nlb-edge-${port}`, vpc, { Port: port }), Number(port));
    }
    const theirs = [...builder.region.targetGroups.values()].find(({ name }) => name === 'nlb-edge-8080');
    builder.tag(theirs as never, 'lbbridge:source', api.arn);
    builder.settle();
    const env = { ...sandbox.environment };
    for (const [alb, group] of [
      ['web', 'nlb-edge-443'],
      ['api', 'nlb-edge-8080'],
      ['web', 'nlb-edge'],
    ] as const) {
      expect((await lbbridgeJson(['sg', 'sync', '--alb', alb, '--target-group', group], { env })).status).toBe(0);
    }
    const all = [...nlbRules(sandbox, 443), ...nlbRules(sandbox, 80), ...nlbRules(sandbox, 8080)].sort();
    expect(inbound(sandbox)).toEqual(all);
    const released = [theirs?.arn ?? '', '--confirm', 'nlb-edge-8080'];
    sandbox.stage.group.port = 8080;
    expect((await lbbridgeJson(['release', ...released], { env })).document.result.revoked).toEqual([]);
    expect(inbound(sandbox)).toEqual(all);
  });

  test('bridges of one run that share NLB and ALB do not close each other’s ports', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { builder, vpc, nlb } = sandbox.stage;
    builder.forward(nlb, builder.targetGroup('nlb-edge-443', vpc, { Port: '443' }));
    const cwd = mkdtempSync(join(tmpdir(), 'lbbridge-'));
    writeFileSync(
      join(cwd, 'lbbridge.yaml'),
      'bridges:\n  http: {alb: web, targetGroup: nlb-edge}\n  https: {alb: web, targetGroup: nlb-edge-443}\n' +
        '  wide: {alb: web, targetGroup: nlb-none, securityGroup: {nlb: edge}}\n',
    );
    const { status, document } = await lbbridgeJson(['sg', 'sync'], { cwd, env: { ...sandbox.environment } });
    expect(status).toBe(1);
    expect(document.error).toMatchObject({ code: 'TargetGroupNotFound', message: expect.stringContaining('wide: ') });
    expect(document.result.groups.map(({ authorized }: { authorized: unknown[] }) => authorized.length)).toEqual([
      2, 2, 0,
    ]);
    expect(inbound(sandbox)).toEqual([...nlbRules(sandbox, 443), ...nlbRules(sandbox, 80)].sort());
  });
});

describe('S12: order and concurrency', () => {
  test('an authorize error blocks revoke; half done is told as 4, and the next run goes on', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const stale = plantRule(sandbox, '10.0.9.9/32', 80, { tags: ours(sandbox) });
    sandbox.faults.add({ kind: 'accessDenied', action: 'AuthorizeSecurityGroupIngress', count: 1 });
    const denied = await onGroup(sandbox, 'sync');
    expect(denied.status).toBe(1);
    expect(denied.document.error.code).toBe('UnauthorizedOperation');
    expect(albGroup(sandbox).rules.has(stale.id)).toBe(true);

    // A rule that comes in between makes each go alone; the third of them is denied.
    sandbox.faults.clear();
    sandbox.journal.clear();
    sandbox.faults.add({ kind: 'slow', seconds: 1, action: 'DescribeSecurityGroupRules' });
    sandbox.faults.add({ kind: 'accessDenied', action: 'AuthorizeSecurityGroupIngress', after: 3 });
    const run = onGroup(sandbox, 'sync', ['--port', '80', '--port', '81']);
    await rulesRead(sandbox);
    plantRule(sandbox, nlbRules(sandbox)[0]?.split(' ')[0] ?? '', 80);
    const half = await run;
    expect(half.status).toBe(4);
    expect(groupOf(half.document)).toMatchObject({ authorized: [{}], revoked: [], authorize: [{}, {}] });
    expect(writes(sandbox)).not.toContain('RevokeSecurityGroupIngress');
    expect(albGroup(sandbox).rules.has(stale.id)).toBe(true);

    sandbox.faults.clear();
    expect((await onGroup(sandbox, 'sync')).status).toBe(0);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });

  test('a revoke error does not undo what was authorized', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    plantRule(sandbox, '10.0.9.9/32', 80, { tags: ours(sandbox) });
    sandbox.faults.add({ kind: 'accessDenied', action: 'RevokeSecurityGroupIngress' });
    const { status, document } = await onGroup(sandbox, 'sync');
    expect(status).toBe(4);
    expect(groupOf(document)).toMatchObject({ authorized: [{}, {}], revoked: [], revoke: [{ cidr: '10.0.9.9/32' }] });
  });

  test('two syncs at once end with every rule once, and neither fails', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    plantRule(sandbox, '10.0.9.9/32', 80, { tags: ours(sandbox) });
    sandbox.faults.add({ kind: 'slow', seconds: 0.3, action: 'DescribeSecurityGroupRules' });
    const runs = await Promise.all([onGroup(sandbox, 'sync'), onGroup(sandbox, 'sync')]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });

  test('a rule that another run has taken away meanwhile is no error, and the others go', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    await onGroup(sandbox, 'sync');
    plantRule(sandbox, '10.0.9.8/32', 80, { tags: ours(sandbox) });
    const gone = plantRule(sandbox, '10.0.9.9/32', 80, { tags: ours(sandbox) });
    sandbox.faults.add({ kind: 'slow', seconds: 1, action: 'DescribeSecurityGroupRules' });
    const run = onGroup(sandbox, 'sync');
    await rulesRead(sandbox);
    albGroup(sandbox).rules.delete(gone.id);
    const { status, document } = await run;
    expect(status).toBe(0);
    expect(groupOf(document)).toMatchObject({ revoked: [{ cidr: '10.0.9.8/32' }], inSync: true });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });

  test('a reply that was lost costs nothing: the repeat meets its own rules', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    sandbox.faults.add({ kind: 'lostReply', action: 'AuthorizeSecurityGroupIngress', count: 1 });
    const { status, document } = await onGroup(sandbox, 'sync');
    expect(status).toBe(0);
    expect(groupOf(document)).toMatchObject({ inSync: true, unchanged: [{}, {}] });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });

  test('reads that lag behind do not add twice, nor take away what was just added', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed', knobs: { 'consistency.rulesSeconds': 3600 } });
    const { status, document } = await onGroup(sandbox, 'sync');
    expect(status).toBe(0);
    expect(groupOf(document)).toMatchObject({ inSync: true, authorize: [], revoke: [] });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox));
  });
});

describe('S12: room', () => {
  const fill = (sandbox: Sandbox, count: number, more = {}) =>
    Array.from({ length: count }, (_, n) => plantRule(sandbox, `172.16.0.${n + 1}/32`, 80, more));

  test('a group that is full of others’ rules is refused with the numbers, and nothing is written', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    fill(sandbox, 60);
    const { status, document } = await onGroup(sandbox, 'sync');
    expect([status, document.error.rule]).toEqual([3, 'S12']);
    expect(document.error.message).toContain('60 of at most 60');
    expect(document.error.suggestions.join(' ')).toMatch(/prefix list.*--max-rules/);
    expect((await onGroup(sandbox, 'diff')).document.error.rule).toBe('S12');
    expect(writes(sandbox)).toEqual([]);

    // AWS itself knows better than a quota that was only said.
    const said = await onGroup(sandbox, 'sync', ['--max-rules', '100']);
    expect([said.status, said.document.error.rule]).toEqual([3, 'S12']);
    sandbox.world.knobs['quota.rulesPerGroup'] = 100;
    expect((await onGroup(sandbox, 'sync', ['--max-rules', '100'])).status).toBe(0);
  });

  test('58 rules leave room for two, 59 do not', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    fill(sandbox, 59);
    expect((await onGroup(sandbox, 'diff')).status).toBe(3);
    inboundRules(sandbox)
      .slice(0, 1)
      .map(({ id }) => albGroup(sandbox).rules.delete(id));
    expect((await onGroup(sandbox, 'sync')).status).toBe(0);
  });

  test('rules of ours for addresses that the NLB lost go first', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    fill(sandbox, 57);
    for (const n of [7, 8, 9]) plantRule(sandbox, `10.0.9.${n}/32`, 80, { tags: ours(sandbox) });
    const { status } = await onGroup(sandbox, 'sync');
    expect(status).toBe(0);
    expect(writes(sandbox)).toEqual(['RevokeSecurityGroupIngress', 'AuthorizeSecurityGroupIngress']);
    expect(inbound(sandbox)).toHaveLength(59);
  });

  test('rules times groups of an interface end at 1,000', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { builder, vpc, alb } = sandbox.stage;
    alb.securityGroupIds.push(...['b', 'c', 'd', 'e'].map((name) => builder.closedGroup(vpc, name).id));
    fill(sandbox, 199);
    sandbox.world.knobs['quota.rulesPerGroup'] = 500;
    const flags = ['--max-rules', '500', '--security-group', albGroup(sandbox).id];
    const { status, document } = await onGroup(sandbox, 'sync', flags);
    expect(status).toBe(3);
    expect(document.error.message).toContain('199 of at most 200');
  });
});

describe('sg: what it is about', () => {
  test('an ALB with several groups needs --security-group, and takes none that is not its own', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const { builder, vpc, alb } = sandbox.stage;
    const second = builder.closedGroup(vpc, 'second');
    const other = builder.closedGroup(vpc, 'other');
    alb.securityGroupIds.push(second.id);
    const several = await onGroup(sandbox, 'diff');
    expect([several.status, several.document.error.code]).toEqual([1, 'AmbiguousSecurityGroup']);
    expect((await onGroup(sandbox, 'sync', ['--security-group', second.id])).status).toBe(0);
    expect([...second.rules.values()].filter(({ isEgress }) => !isEgress)).toHaveLength(2);
    const wrong = await onGroup(sandbox, 'sync', ['--security-group', other.id]);
    expect([wrong.status, wrong.document.error.code]).toEqual([1, 'SecurityGroupNotAttached']);
  });

  test('a security group, an NLB and a port are enough', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const words = ['sg', 'sync', '--security-group', albGroup(sandbox).id, '--nlb', 'edge', '--port', '443'];
    const { status, document } = await lbbridgeJson(words, { env: { ...sandbox.environment } });
    expect(status).toBe(0);
    expect(groupOf(document)).toMatchObject({ name: 'edge', source: { type: 'network', name: 'edge' } });
    expect(inbound(sandbox)).toEqual(nlbRules(sandbox, 443));
  });

  test.each([
    [['--alb', 'web']],
    [['--target-group', 'nlb-edge']],
    [['--alb', 'web', '--nlb', 'edge']],
    [['--security-group', 'web', '--nlb', 'edge', '--port', '80']],
    [['--alb', 'web', '--target-group', 'nlb-edge', '--port', '0']],
    [['--alb', 'web', '--target-group', 'nlb-edge', '--max-rules', '0']],
    [['--alb', 'web', '--target-group', 'nlb-edge', '--source', 'dns']],
    [['--nlb', 'edge*', '--alb', 'web', '--port', '80']],
    [[]],
  ])('%j is a usage error', async (flags: string[]) => {
    const { status, document } = await lbbridgeJson(['sg', 'diff', ...flags], {});
    expect(status).toBe(64);
    expect(document.command).toBe('sg diff');
  });

  test('an unattached group, an NLB named as ALB, an ALB named as NLB and an unknown group are told', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    const env = { ...sandbox.environment };
    const code = async (flags: string[]) => (await lbbridgeJson(['sg', 'diff', ...flags], { env })).document.error.code;
    const ends = ['--alb', 'web', '--target-group', 'nlb-edge'];
    expect(await code(ends)).toBe('TargetGroupNotAttached');
    expect(await code(['--alb', 'edge', '--nlb', 'edge', '--port', '80'])).toBe('NotAnAlb');
    expect(await code(['--alb', 'web', '--nlb', 'web', '--port', '80'])).toBe('NotAnNlb');
    const unknown = ['--security-group', 'sg-0123456789abcdef0', '--nlb', 'edge', '--port', '80'];
    expect(await code(unknown)).toBe('SecurityGroupNotFound');
    expect((await lbbridgeJson(['sg', 'diff', ...ends, '--nlb', 'edge'], { env })).status).toBe(0);
  });

  test('the lock stops every write (S7), and a plan only warns of it', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const locked = { env: { LBBRIDGE_READ_ONLY: '1' } };
    const { status, document } = await onGroup(sandbox, 'sync', [], locked);
    expect([status, document.error.rule, groupOf(document).authorize.length]).toEqual([3, 'S7', 2]);
    const dry = await onGroup(sandbox, 'sync', ['--dry-run'], locked);
    expect([dry.status, dry.document.warnings[0].code]).toEqual([0, 'ReadOnly']);
    expect(groupOf(dry.document)).toMatchObject({ authorized: [], authorize: [{}, {}] });
    expect(writes(sandbox)).toEqual([]);
  });

  test('for people: a line for each rule, a sum, and nothing under --quiet when nothing changed', async () => {
    const sandbox = await sandboxOf({ scenario: 'closed' });
    const words = ['--alb', 'web', '--target-group', 'nlb-edge'];
    const env = { ...sandbox.environment };
    const plan = await lbbridge(['sg', 'diff', ...words], { env });
    expect(plan.stdout).toMatch(/\+ 10\.0\.1\.\d+\/32 +tcp 80 +authorize/);
    expect(plan.stdout).toContain('Plan: 2 to authorize, 0 to revoke, 0 unchanged, 0 foreign.');
    const done = await lbbridge(['sg', 'sync', '--quiet', ...words], { env });
    expect(done.stdout).toContain('Done: 2 authorized, 0 revoked.');
    expect((await lbbridge(['sg', 'sync', '--quiet', ...words], { env })).stdout).toBe('');
    expect((await lbbridge(['sg', 'sync', ...words], { env })).stdout).toMatch(
      /^No changes\. sg-.* lets edge in, by 2 of ours\.\n$/,
    );
  });
});
