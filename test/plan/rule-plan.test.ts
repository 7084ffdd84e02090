import { describe, expect, test } from 'vitest';
import type { LoadBalancer, PrefixList, RulePeer, SecurityGroupRule } from '../../src/plan/model.js';
import type { RuleFacts, RulePolicy } from '../../src/plan/rule-facts.js';
import { needsOtherPorts, planRules } from '../../src/plan/rule-plan.js';
import { node } from './support.js';

const NLB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/edge/0123456789abcdef';
const DESCRIPTION = 'ELB net/edge/0123456789abcdef';
const OURS = new Map([['lbbridge:source', NLB]]);

const nlbNode = (ips: string | string[], zone: string) => node(ips, zone, { description: DESCRIPTION });

let nextId = 0;
/** An inbound rule by its source: an address or block, `sg-…`, or `pl-…`. */
function rule(source: string, port: number | [number, number] | 'all' = 80, more: Partial<SecurityGroupRule> = {}) {
  const [fromPort, toPort] =
    port === 'all'
      ? [-1, -1]
      : [port].flat().length === 2
        ? (port as [number, number])
        : [port as number, port as number];
  const peer: RulePeer = source.startsWith('sg-')
    ? { kind: 'group', groupId: source, userId: '111122223333' }
    : source.startsWith('pl-')
      ? { kind: 'prefix-list', prefixListId: source }
      : { kind: 'cidr', cidr: source.includes('/') ? source : `${source}/${source.includes(':') ? 128 : 32}` };
  nextId += 1;
  return {
    id: `sgr-${nextId}`,
    groupId: 'sg-alb',
    isEgress: false,
    protocol: port === 'all' ? '-1' : 'tcp',
    fromPort,
    toPort,
    peer,
    description: null,
    tags: new Map(),
    ...more,
  } satisfies SecurityGroupRule;
}
const our = (source: string, port: number | [number, number] = 80) => rule(source, port, { tags: OURS });

interface World extends Omit<Partial<RuleFacts>, 'nlb'> {
  readonly nlb?: Partial<LoadBalancer>;
  readonly policy?: Partial<RulePolicy>;
}

const factsOf = ({ nlb, policy: _, ...more }: World = {}): RuleFacts => ({
  securityGroup: { id: 'sg-alb', name: 'web', vpcId: 'vpc-1', ownerId: '111122223333', tags: new Map() },
  rules: [],
  prefixLists: new Map(),
  groupsPerInterface: 1,
  nlb: {
    type: 'network',
    name: 'edge',
    dnsName: null,
    state: 'active',
    scheme: 'internal',
    ipAddressType: 'ipv4',
    zones: ['a', 'b'].map((zone) => ({ zoneName: `us-east-1${zone}`, subnetId: `subnet-${zone}` })),
    securityGroupIds: [],
    enforcesPrivateLinkRules: null,
    ...nlb,
    arn: NLB,
    vpcId: nlb?.vpcId ?? 'vpc-1',
  },
  interfaces: [nlbNode('10.0.1.1', 'a'), nlbNode('10.0.2.1', 'b')],
  ports: [80],
  otherPorts: null,
  ...more,
});

function plan(world: World = {}) {
  const found = planRules(factsOf(world), { source: 'auto', maxRules: 60, ...world.policy });
  const words = ({ peer, fromPort }: Pick<SecurityGroupRule, 'peer' | 'fromPort'>) =>
    `${peer.kind === 'cidr' ? peer.cidr : peer.kind === 'group' ? peer.groupId : peer.prefixListId} ${fromPort}`;
  return {
    authorize: found.authorize.map(words),
    revoke: found.revoke.map(words),
    makeRoom: found.makeRoom.map(words),
    unchanged: found.unchanged.map(words),
    foreign: found.foreign.map(words),
    refusal: found.refusal?.rule ?? null,
    scope: found.refusal?.scope ?? null,
    message: found.refusal?.message ?? '',
    raw: found,
  };
}

const both = ['10.0.1.1/32 80', '10.0.2.1/32 80'];

describe('what is wanted', () => {
  test('every address on every port, in order, with a description that says whose', () => {
    const { authorize, raw } = plan({
      ports: [443, 80],
      interfaces: [nlbNode(['10.0.1.1', '10.0.1.20', '2001:db8::5'], 'a'), nlbNode('10.0.1.3', 'b')],
    });
    expect(authorize).toEqual(
      [80, 443].flatMap((port) =>
        ['10.0.1.1/32', '10.0.1.3/32', '10.0.1.20/32', '2001:db8::5/128'].map((ip) => `${ip} ${port}`),
      ),
    );
    expect(raw.authorize[0]).toMatchObject({ protocol: 'tcp', description: 'lbbridge: NLB edge in us-east-1a' });
  });

  test('what stands is unchanged, whichever way AWS spells it', () => {
    const interfaces = [nlbNode('2001:db8:0:0::5', 'a'), nlbNode('10.0.2.1', 'b')];
    expect(plan({ interfaces, rules: [our('2001:db8::5/128'), our('10.0.2.1')] })).toMatchObject({
      authorize: [],
      revoke: [],
      unchanged: ['10.0.2.1/32 80', '2001:db8::5/128 80'],
      refusal: null,
    });
  });

  test('look-alikes of the NLB count no more than those of an ALB', () => {
    const fake = node('10.0.9.9', 'a', { description: DESCRIPTION, requesterManaged: false });
    const { authorize } = plan({ interfaces: [...factsOf().interfaces, fake] });
    expect(authorize).toEqual(both);
  });

  test.each([
    ['auto', {}, ['sg-nlb 80']],
    ['auto', { vpcId: 'vpc-2' }, both],
    ['security-group', { vpcId: 'vpc-2' }, ['sg-nlb 80']],
    ['ips', {}, both],
    ['auto', { securityGroupIds: [] }, both],
  ] as const)('source %s with an NLB of %j', (source, nlb, authorize) => {
    expect(plan({ nlb: { securityGroupIds: ['sg-nlb', 'sg-two'], ...nlb }, policy: { source } }).authorize).toEqual(
      authorize,
    );
  });

  test('a group of the NLB that is referenced already is taken before the first', () => {
    const rules = [our('sg-two')];
    expect(plan({ nlb: { securityGroupIds: ['sg-nlb', 'sg-two'] }, rules })).toMatchObject({
      authorize: [],
      unchanged: ['sg-two 80'],
    });
  });

  test('the owner of the NLB’s group is named where it is another account', () => {
    const securityGroup = { id: 'sg-alb', name: 'web', vpcId: 'vpc-1', ownerId: '444455556666', tags: new Map() };
    const { raw } = plan({ nlb: { securityGroupIds: ['sg-nlb'] }, securityGroup });
    expect(raw.authorize[0]?.peer).toEqual({ kind: 'group', groupId: 'sg-nlb', userId: '111122223333' });
  });
});

describe('what others have opened', () => {
  test.each([
    ['the address itself', '10.0.1.1', 80],
    ['a block around it', '10.0.1.0/24', 80],
    ['a range of ports', '10.0.1.1', [1, 100]],
    ['all traffic', '10.0.1.1', 'all'],
  ] as const)('%s is met', (_, source, port) => {
    const { authorize, foreign } = plan({ rules: [rule(source, port as never)] });
    expect(authorize).toEqual(['10.0.2.1/32 80']);
    expect(foreign).toHaveLength(1);
  });

  test.each([
    ['another port', rule('10.0.0.0/8', 443)],
    ['another protocol', rule('10.0.0.0/8', 80, { protocol: 'udp' })],
    ['an outbound rule', rule('10.0.0.0/8', 80, { isEgress: true })],
    ['the other family', rule('::/0', 80)],
    ['somebody else’s group', rule('sg-other', 80)],
    ['a prefix list that nobody could read', rule('pl-1', 80)],
    ['a block that is none', rule('nonsense/8', 80)],
  ])('%s is not', (_, one) => {
    expect(plan({ rules: [one] })).toMatchObject({ authorize: both, foreign: [], revoke: [] });
  });

  test('a prefix list that holds the addresses is met', () => {
    const prefixLists = new Map<string, PrefixList>([['pl-1', { id: 'pl-1', maxEntries: 5, cidrs: ['10.0.0.0/16'] }]]);
    expect(plan({ rules: [rule('pl-1')], prefixLists })).toMatchObject({ authorize: [], foreign: ['pl-1 80'] });
  });

  test('the NLB’s group is met by a rule that names it, or by rules that hold each of its addresses', () => {
    const nlb = { securityGroupIds: ['sg-nlb'] };
    expect(plan({ nlb, rules: [rule('sg-nlb')] })).toMatchObject({ authorize: [], foreign: ['sg-nlb 80'] });
    expect(plan({ nlb, rules: [rule('10.0.0.0/8')] })).toMatchObject({ authorize: [], foreign: ['10.0.0.0/8 80'] });
    expect(plan({ nlb, rules: [rule('10.0.1.0/24')] }).authorize).toEqual(['sg-nlb 80']);
    expect(plan({ nlb, rules: [rule('10.0.0.0/8')], interfaces: [] }).authorize).toEqual(['sg-nlb 80']);
  });
});

test('addresses are met by a rule of others that names the NLB’s group', () => {
  const nlb = { securityGroupIds: ['sg-nlb'] };
  const found = plan({ nlb, policy: { source: 'ips' }, rules: [rule('sg-nlb'), rule('sg-other')] });
  expect(found).toMatchObject({ authorize: [], foreign: ['sg-nlb 80'] });
});

describe('what goes', () => {
  test('ours for an address that the NLB lost, on a port not asked for, and of the other way to name it', () => {
    const rules = [our('10.0.9.9'), our('10.0.1.1', 443), our('sg-nlb'), our('10.0.1.1'), our('10.0.2.1')];
    expect(plan({ rules, otherPorts: new Set() })).toMatchObject({
      revoke: ['10.0.9.9/32 80', 'sg-nlb 80', '10.0.1.1/32 443'],
      unchanged: both,
    });
  });

  test('a block of ours that only begins at an address of the NLB’s', () => {
    const interfaces = [nlbNode('10.0.1.0', 'a'), nlbNode('10.0.2.1', 'b')];
    expect(plan({ interfaces, rules: [our('10.0.1.0/24'), our('10.0.2.1')] })).toMatchObject({
      authorize: ['10.0.1.0/32 80'],
      revoke: ['10.0.1.0/24 80'],
    });
  });

  test('a source that nobody can read is no address of the NLB’s', () => {
    expect(plan({ rules: [our('nonsense/8'), our('pl-1')] })).toMatchObject({
      authorize: both,
      revoke: ['nonsense/8 80', 'pl-1 80'],
    });
  });

  test('never another’s, nor an outbound one', () => {
    const rules = [
      rule('10.0.9.9', 80, { tags: new Map([['lbbridge:source', `${NLB}0`]]) }),
      rule('10.0.9.9', 81, { tags: OURS, isEgress: true }),
      rule('10.0.9.9', 82),
    ];
    expect(plan({ rules })).toMatchObject({ revoke: [], unchanged: [], foreign: [] });
  });

  test('not on a port that another bridge needs, while it lets the NLB in', () => {
    const rules = [
      our('10.0.1.1', 443),
      our('10.0.9.9', 443),
      our('sg-nlb', 443),
      our('sg-old', 443),
      our('10.0.1.1', [443, 444]),
    ];
    const nlb = { securityGroupIds: ['sg-nlb'] };
    const { revoke, unchanged } = plan({ nlb, rules, otherPorts: new Set([443]) });
    expect(unchanged).toEqual(['10.0.1.1/32 443', 'sg-nlb 443']);
    expect(revoke).toEqual(['10.0.9.9/32 443', 'sg-old 443', '10.0.1.1/32 443']);
  });

  test('other bridges are looked at only where something of ours stands on a port that nobody asked for', () => {
    expect(needsOtherPorts(factsOf({ rules: [our('10.0.1.1')] }))).toBe(false);
    expect(needsOtherPorts(factsOf({ rules: [rule('10.0.1.1', 443)] }))).toBe(false);
    expect(needsOtherPorts(factsOf({ rules: [our('10.0.1.1', 443)] }))).toBe(true);
    expect(needsOtherPorts(factsOf({ rules: [our('10.0.1.1', [80, 443])] }))).toBe(true);
    expect(needsOtherPorts(factsOf({ rules: [our('10.0.1.1', 443)], otherPorts: new Set() }))).toBe(false);
  });
});

describe('views that are not whole', () => {
  const stale = [our('10.0.9.9')];

  test('no address: nothing is written (S2)', () => {
    expect(plan({ interfaces: [], rules: stale })).toMatchObject({
      refusal: 'S2',
      scope: 'everything',
      revoke: [],
      authorize: [],
    });
    expect(plan({ interfaces: [], nlb: { state: 'provisioning' } }).raw.refusal?.suggestions).toEqual([
      'Run again when the NLB is active.',
    ]);
  });

  test.each([
    ['provisioning', 'provisioning'],
    [null, 'in no known state'],
  ])('state %s only adds (S3)', (state, words) => {
    const { message, ...found } = plan({ nlb: { state }, rules: stale });
    expect(found).toMatchObject({
      refusal: 'S3',
      scope: 'removals',
      authorize: both,
      revoke: [],
      unchanged: ['10.0.9.9/32 80'],
    });
    expect(message).toContain(words);
  });

  test('active_impaired is whole enough', () => {
    expect(plan({ nlb: { state: 'active_impaired' }, rules: stale })).toMatchObject({
      refusal: null,
      revoke: ['10.0.9.9/32 80'],
    });
  });

  test('a dark zone only adds (S3)', () => {
    expect(plan({ interfaces: [nlbNode('10.0.1.1', 'a')], rules: stale })).toMatchObject({
      refusal: 'S3',
      authorize: ['10.0.1.1/32 80'],
      revoke: [],
    });
  });

  test('with the group referenced none of it matters', () => {
    expect(
      plan({ interfaces: [], nlb: { securityGroupIds: ['sg-nlb'], state: 'provisioning' }, rules: stale }),
    ).toMatchObject({
      refusal: null,
      authorize: ['sg-nlb 80'],
      revoke: ['10.0.9.9/32 80'],
    });
  });
});

describe('room', () => {
  const others = (count: number, source = (n: number) => `172.16.${n}.1`) =>
    Array.from({ length: count }, (_, n) => rule(source(n), 81));

  test.each([
    [58, null],
    [59, 'S12'],
  ])('%i rules and two more: %s', (standing, refusal) => {
    expect(plan({ rules: others(standing) }).refusal).toBe(refusal);
  });

  test('a full group with nothing to add is no matter', () => {
    expect(plan({ rules: [...others(70), our('10.0.1.1'), our('10.0.2.1')] }).refusal).toBeNull();
  });

  test('IPv6 rules count apart, a group in both, a prefix list with what it may hold', () => {
    const v6 = others(60, (n) => `2001:db8::${n + 1}`);
    expect(plan({ rules: v6 }).refusal).toBeNull();
    const dual = [nlbNode(['10.0.1.1', 'fd00::1'], 'a'), nlbNode('10.0.2.1', 'b')];
    expect(plan({ rules: v6, interfaces: dual }).message).toContain('60 of at most 60 inbound rules; 1 more is needed');
    expect(
      plan({ rules: v6.slice(1), interfaces: [nlbNode('10.0.1.1', 'a'), nlbNode('10.0.2.1', 'b')] }).refusal,
    ).toBeNull();
    expect(plan({ rules: [...others(57), rule('sg-x', 81)] }).refusal).toBeNull();
    expect(plan({ rules: [...others(57), rule('sg-x', 81), rule('sg-y', 81)] }).refusal).toBe('S12');
    const list = (maxEntries: number | null, cidrs: string[]) => new Map([['pl-1', { id: 'pl-1', maxEntries, cidrs }]]);
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(58, ['10.9.0.0/16']) }).refusal).toBeNull();
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(59, ['10.9.0.0/16']) }).refusal).toBe('S12');
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(100, ['fd00::/8']) }).refusal).toBeNull();
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(60, ['fd00::/8']), interfaces: dual }).refusal).toBe(
      'S12',
    );
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(null, ['fd00::/8', 'fd01::/16']) }).refusal).toBeNull();
    expect(plan({ rules: [rule('pl-1', 81)], prefixLists: list(59, []) }).refusal).toBe('S12');
  });

  test('ours for lost addresses make room; those that still let the NLB in do not', () => {
    const lost = [our('10.0.9.8'), our('10.0.9.9')];
    expect(plan({ rules: [...others(58), ...lost] })).toMatchObject({
      refusal: null,
      makeRoom: ['10.0.9.8/32 80', '10.0.9.9/32 80'],
    });
    const living = [our('10.0.1.1', 443), our('sg-old')];
    const full = plan({ rules: [...others(58), ...living], otherPorts: new Set() });
    expect(full).toMatchObject({ refusal: 'S12', scope: 'everything', makeRoom: [], revoke: [], authorize: both });
    expect(full.message).toContain('60 of at most 60 inbound rules; 2 more are needed and 0 of ours could go first');
    expect(
      plan({
        rules: [...others(60), our('10.0.2.1')],
        nlb: { securityGroupIds: ['sg-nlb'] },
        policy: { source: 'ips' },
      }).message,
    ).toContain('1 more is needed');
  });

  test('a partial view makes no room', () => {
    expect(plan({ rules: [...others(59), our('10.0.9.9')], interfaces: [nlbNode('10.0.1.1', 'a')] }).refusal).toBe(
      'S12',
    );
  });

  test('the groups of an interface share 1,000 rules', () => {
    expect(plan({ rules: others(90), groupsPerInterface: 5, policy: { maxRules: 500 } }).refusal).toBeNull();
    expect(plan({ rules: others(199), groupsPerInterface: 5, policy: { maxRules: 500 } }).refusal).toBe('S12');
  });
});
