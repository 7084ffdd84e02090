import { describe, expect, test } from 'vitest';
import { missingFacts, planTargets } from '../../src/plan/target-plan.js';
import { ALB, facts, GROUP, ips, node, OTHER, policy, target, type World } from './support.js';

const THEIR_ALB = ALB.replace('111122223333', '444455556666');
const plan = (world: World, more = {}) => planTargets(facts(world), policy(more));
const two = [node('10.0.1.1', 'a'), node('10.0.2.1', 'b')];
const both = [target('10.0.1.1'), target('10.0.2.1', 'healthy', 'b')];

describe('the plan', () => {
  test('registers what is wanted and missing, in order', () => {
    const { register, refusal } = plan({ interfaces: [node('10.0.2.1', 'b'), node('10.0.1.1', 'a')] });
    expect(register).toEqual([
      { ip: '10.0.1.1', port: 80, zone: 'us-east-1a', health: 'absent', reason: null },
      { ip: '10.0.2.1', port: 80, zone: 'us-east-1b', health: 'absent', reason: null },
    ]);
    expect(refusal).toBeNull();
  });

  test('a draining target is registered again, and shows how it stands', () => {
    const leaving = target('10.0.1.1', 'draining', 'a', { reason: 'Target.DeregistrationInProgress' });
    const { register, unchanged } = plan({ interfaces: two, targets: [leaving, both[1] as never] });
    expect(register).toMatchObject([{ ip: '10.0.1.1', health: 'draining', reason: 'Target.DeregistrationInProgress' }]);
    expect(ips(unchanged)).toEqual(['10.0.2.1']);
  });

  test('only addresses of the group’s family are wanted', () => {
    const interfaces = [node(['10.0.1.1', '2001:db8::1'], 'a'), node(['10.0.2.1', '2001:db8::2'], 'b')];
    expect(ips(plan({ interfaces }).register)).toEqual(['10.0.1.1', '10.0.2.1']);
    const six = plan({ interfaces, targetGroup: { ipAddressType: 'ipv6' } });
    expect(ips(six.register)).toEqual(['2001:db8::1', '2001:db8::2']);
  });

  test('a wanted target under another zone is unchanged, with a warning', () => {
    const wrong = target('10.0.1.1', 'healthy', 'b');
    const { unchanged, register, warnings } = plan({ interfaces: two, targets: [wrong, both[1] as never] });
    expect(ips(unchanged)).toEqual(['10.0.1.1', '10.0.2.1']);
    expect(register).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'ZoneDiffers', message: expect.stringContaining('us-east-1b') }]);
  });

  test('a target without a zone, or whose zone cannot be told, is nothing to warn of', () => {
    const { warnings } = plan({ interfaces: two, targets: [target('10.0.1.1', 'healthy', null)] });
    expect(warnings).toEqual([]);
    const elsewhere = plan({
      loadBalancer: { arn: THEIR_ALB },
      interfaces: two,
      targets: both,
      zoneIds: new Map(),
    });
    expect(elsewhere.warnings).toEqual([]);
  });
});

describe('S2: empty is refused', () => {
  test('nothing is removed, and every stale target is held by it', () => {
    const { refusal, deregister, held } = plan({ targets: both });
    expect(refusal).toMatchObject({
      rule: 'S2',
      scope: 'removals',
      suggestions: [expect.stringContaining('--allow-empty')],
    });
    expect(refusal?.message).toContain('2 stale targets stay');
    expect(deregister).toEqual([]);
    expect(held.map(({ heldBy }) => heldBy)).toEqual(['S2', 'S2']);
  });

  test('one stale target stays, in the singular; even none is refused', () => {
    expect(plan({ targets: [target('10.0.1.1')] }).refusal?.message).toContain('1 stale target stays');
    expect(plan({}).refusal?.rule).toBe('S2');
  });

  test('--allow-empty lifts it, and S3 and S4 with it, not S5', () => {
    const emptied = plan({ targets: both, loadBalancer: { state: 'provisioning' } }, { allowEmpty: true });
    expect(emptied.refusal).toBeNull();
    expect(ips(emptied.deregister)).toEqual(['10.0.1.1', '10.0.2.1']);
    const others = plan({ targets: both, tags: new Map([['lbbridge:source', OTHER]]) }, { allowEmpty: true });
    expect(others).toMatchObject({ refusal: { rule: 'S5' }, deregister: [] });
  });

  test('no tag is written for an empty view', () => {
    expect(plan({ tags: new Map() }).claim).toBe(false);
    expect(plan({ tags: new Map() }, { allowEmpty: true }).claim).toBe(true);
  });
});

describe('S3: a partial view only adds', () => {
  test.each(['provisioning', 'failed', null])('while the load balancer is %s', (state) => {
    const { refusal, register, held } = plan({
      loadBalancer: { state },
      interfaces: two,
      targets: [target('10.0.1.9')],
    });
    expect(refusal?.rule).toBe('S3');
    expect(refusal?.suggestions).toHaveLength(1);
    expect(ips(register)).toEqual(['10.0.1.1', '10.0.2.1']);
    expect(held).toMatchObject([{ ip: '10.0.1.9', heldBy: 'S3' }]);
  });

  test('active_impaired is whole', () => {
    expect(plan({ loadBalancer: { state: 'active_impaired' }, interfaces: two }).refusal).toBeNull();
  });

  test('while a zone shows no address; its name is told', () => {
    const { refusal, held } = plan({ interfaces: [two[0] as never], targets: both });
    expect(refusal?.message).toMatch(/2 zones .* 1 of them, none in us-east-1b/);
    expect(held).toMatchObject([{ ip: '10.0.2.1', heldBy: 'S3' }]);
  });

  test('while AWS names no zone at all', () => {
    expect(plan({ zones: '', interfaces: two }).refusal?.rule).toBe('S3');
  });

  test('an untagged group is tagged all the same', () => {
    expect(plan({ interfaces: [two[0] as never], tags: new Map() }).claim).toBe(true);
  });
});

describe('S4: make before break', () => {
  const old = target('10.0.1.9');

  test('a serving target of a zone waits for a healthy one there, however many there are elsewhere', () => {
    const targets = [target('10.0.1.1', 'initial'), both[1] as never, target('10.0.2.2', 'healthy', 'b'), old];
    const { held } = plan({ interfaces: [...two, node('10.0.2.2', 'b')], targets });
    expect(held).toMatchObject([{ ip: '10.0.1.9', heldBy: 'S4', why: '10.0.1.1 is not healthy yet' }]);
  });

  test('a zone that the load balancer has left asks for none', () => {
    const { deregister } = plan({ zones: 'b', interfaces: [two[1] as never], targets: [both[1] as never, old] });
    expect(ips(deregister)).toEqual(['10.0.1.9']);
  });

  test('a target of all zones has no zone clause, but waits for enough', () => {
    const everywhere = target('10.0.9.9', 'healthy', 'all');
    const unhealthy = [target('10.0.1.1', 'initial'), target('10.0.2.1', 'initial', 'b')];
    expect(plan({ interfaces: two, targets: [...unhealthy, everywhere] }).held).toMatchObject([
      { ip: '10.0.9.9', why: '0 of 2 wanted targets healthy, 1 needed' },
    ]);
    expect(ips(plan({ interfaces: two, targets: [...both, everywhere] }).deregister)).toEqual(['10.0.9.9']);
    expect(ips(plan({ interfaces: two, targets: [...both, target('10.0.9.9', 'healthy', null)] }).deregister)).toEqual([
      '10.0.9.9',
    ]);
  });

  test.each([
    [{ targets: 2 }, []],
    [{ targets: 3 }, ['10.0.1.9']],
    [{ percent: 66 }, []],
    [{ percent: 67 }, ['10.0.1.9']],
    [{ percent: 100 }, ['10.0.1.9']],
  ])('two of three healthy are enough for %j unless it holds %j', (minHealthy, held) => {
    const targets = [...both, target('10.0.1.2', 'initial'), old];
    const result = plan({ interfaces: [...two, node('10.0.1.2', 'a')], targets }, { minHealthy });
    expect(ips(result.held)).toEqual(held);
  });

  test.each(['unhealthy', 'unhealthy.draining', 'unused'])(
    '%s beside a healthy one does not serve, and goes',
    (state) => {
      const { deregister } = plan(
        { interfaces: two, targets: [both[1] as never, target('10.0.1.9', state)] },
        { minHealthy: { percent: 100 } },
      );
      expect(ips(deregister)).toEqual(['10.0.1.9']);
    },
  );

  test.each(['unhealthy', 'unhealthy.draining'])('%s serves while nobody is healthy, and stays', (state) => {
    const { held } = plan({ interfaces: two, targets: [target('10.0.1.9', state)] });
    expect(held).toMatchObject([{ heldBy: 'S4' }]);
  });

  test('a shifted target is not healthy', () => {
    const shifted = target('10.0.1.1', 'healthy', 'a', { override: 'zonal_shift_active' });
    expect(plan({ interfaces: two, targets: [shifted, both[1] as never, old] }).held).toMatchObject([{ heldBy: 'S4' }]);
  });

  test('a target that stands under `all` helps in the zone of its address', () => {
    const interfaces = [node('10.9.1.1', 'a', { vpcId: 'vpc-9' }), node('10.9.2.1', 'b', { vpcId: 'vpc-9' })];
    const world = { loadBalancer: { vpcId: 'vpc-9' }, interfaces, localSubnets: [] };
    const zonal = target('10.9.1.9', 'healthy', 'a');
    const stands = [target('10.9.1.1', 'healthy', 'all'), target('10.9.2.1', 'healthy', 'all')];
    expect(ips(plan({ ...world, targets: [...stands, zonal] }).deregister)).toEqual(['10.9.1.9']);
    expect(plan({ ...world, targets: [stands[1] as never, zonal] }).held).toMatchObject([{ ip: '10.9.1.9' }]);
    const zoneless = [target('10.9.1.1', 'healthy', null), stands[1] as never, zonal];
    expect(ips(plan({ ...world, targets: zoneless }).deregister)).toEqual(['10.9.1.9']);
  });

  test('a zone of another account that cannot be matched is held', () => {
    const world = {
      loadBalancer: { arn: THEIR_ALB },
      interfaces: two,
      targets: [...both, old],
      tags: new Map([['lbbridge:source', THEIR_ALB]]),
    };
    expect(plan({ ...world, zoneIds: new Map() }).held).toMatchObject([
      { why: "zone us-east-1a cannot be matched with the load balancer's account" },
    ]);
    const zoneIds = new Map([
      ['us-east-1a', 'use1-az-a'],
      ['us-east-1b', 'use1-az-b'],
    ]);
    expect(ips(plan({ ...world, zoneIds }).deregister)).toEqual(['10.0.1.9']);
  });

  test('the reason names who is waited for, a few of them', () => {
    const words = (wanted: string[]) =>
      plan({
        zones: 'a',
        interfaces: wanted.map((ip) => node(ip, 'a')),
        targets: [old, target('10.0.3.1', 'healthy', 'b')],
      }).held[0]?.why;
    expect(words(['10.0.1.1'])).toBe('10.0.1.1 is not healthy yet');
    expect(words(['10.0.1.1', '10.0.1.2'])).toBe('none of 10.0.1.1, 10.0.1.2 is healthy yet');
    expect(words(['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4'])).toBe(
      'none of 10.0.1.1, 10.0.1.2, 10.0.1.3, … is healthy yet',
    );
    const shifted = target('10.0.1.1', 'healthy', 'b');
    expect(plan({ zones: 'a', interfaces: [node('10.0.1.1', 'a')], targets: [shifted, old] }).held[0]?.why).toBe(
      'no healthy target in us-east-1a yet',
    );
    const single = plan({
      zones: 'a',
      interfaces: [node('10.0.1.1', 'a')],
      targets: [target('10.0.9.9', 'healthy', 'all')],
    });
    expect(single.held[0]?.why).toBe('10.0.1.1 is not healthy yet');
  });
});

describe('S5: only what is ours goes', () => {
  const foreign = target('10.0.1.9', 'unhealthy');

  test('another’s group is not touched at all', () => {
    const { refusal, held, register } = plan({
      interfaces: two,
      targets: [...both.slice(0, 1), foreign],
      tags: new Map([['lbbridge:source', OTHER]]),
    });
    expect(refusal).toMatchObject({ rule: 'S5', scope: 'everything', suggestions: [expect.stringContaining(OTHER)] });
    expect(held).toMatchObject([{ ip: '10.0.1.9', heldBy: 'S5' }]);
    expect(ips(register)).toEqual(['10.0.2.1']);
    const empty = plan({ interfaces: two, tags: new Map([['lbbridge:source', '']]) });
    expect(empty.refusal?.message).toContain('an empty value');
    expect(empty.refusal?.suggestions[0]).toContain("''");
  });

  test('nobody’s group keeps what is foreign; its numbers and both ways out are told', () => {
    const one = plan({ interfaces: two, targets: [foreign], tags: new Map() });
    expect(one.refusal?.message).toContain('1 target that is not');
    expect(one.refusal?.suggestions[1]).toContain('--keep 10.0.1.9');
    expect(one.held).toMatchObject([{ heldBy: 'S5' }]);
    const many = plan({
      interfaces: two,
      targets: [1, 2, 3, 4, 5, 6].map((n) => target(`10.0.9.${n}`, 'unhealthy')),
      tags: new Map(),
    });
    expect(many.refusal?.message).toMatch(/6 targets that are not .* and 1 more/);
  });

  test('kept foreign targets are no refusal, and leave the group untagged', () => {
    const { refusal, kept, claim } = plan(
      { interfaces: two, targets: [foreign], tags: new Map() },
      { keep: ['10.0.1.0/24'] },
    );
    expect(refusal).toBeNull();
    expect(ips(kept)).toEqual(['10.0.1.9']);
    expect(claim).toBe(false);
  });

  test('what is no block keeps nothing; --prune none keeps all', () => {
    expect(plan({ interfaces: two, targets: [...both, foreign] }, { keep: ['nonsense'] }).kept).toEqual([]);
    expect(ips(plan({ interfaces: two, targets: [...both, foreign] }, { prune: 'none' }).kept)).toEqual(['10.0.1.9']);
  });

  test('a stale port of the load balancer’s own address is not foreign after a second look', () => {
    const facts = { interfaces: two, targets: [...both, target('10.0.1.5')], tags: new Map() };
    const found = [node('10.0.1.5', 'a')];
    expect(plan({ ...facts, found }).claim).toBe(true);
  });
});

describe('S10: addresses of another VPC', () => {
  const away = { loadBalancer: { vpcId: 'vpc-9' }, interfaces: two };
  const subnet = (cidrBlock: string | null, ipv6CidrBlocks: string[] = []) => ({
    id: 'subnet-x',
    vpcId: 'vpc-1',
    cidrBlock,
    ipv6CidrBlocks,
    zoneName: 'us-east-1a',
    zoneId: null,
    freeAddresses: null,
  });

  test('are registered for all zones', () => {
    const { register, sendsZone } = plan({ ...away, localSubnets: [subnet('10.7.0.0/16')] });
    expect(sendsZone).toBe(true);
    expect(register.map(({ zone }) => zone)).toEqual(['all', 'all']);
    expect(plan({ interfaces: two }).sendsZone).toBe(false);
  });

  test('are left out where a local subnet holds them too, and the run only adds', () => {
    const { register, refusal, held } = plan({
      ...away,
      localSubnets: [subnet('10.0.1.0/24'), subnet(null, ['2001:db8::/64']), subnet('nonsense')],
      targets: [target('10.0.1.1', 'healthy', 'a')],
    });
    expect(ips(register)).toEqual(['10.0.2.1']);
    expect(refusal).toMatchObject({ rule: 'S10', scope: 'removals' });
    expect(refusal?.message).toContain('10.0.1.1');
    expect(held).toMatchObject([{ ip: '10.0.1.1', heldBy: 'S10' }]);
  });

  test('where all of them are, it is S10 and not S2', () => {
    expect(plan({ ...away, localSubnets: [subnet('10.0.0.0/16')] }).refusal?.rule).toBe('S10');
  });
});

describe('S14: a stale address is looked up before it goes', () => {
  const stale = target('10.0.1.9');

  test('one that is the load balancer’s own after all stays', () => {
    const { held, deregister } = plan({ interfaces: two, targets: [...both, stale], found: [node('10.0.1.9', 'a')] });
    expect(held).toMatchObject([{ ip: '10.0.1.9', heldBy: 'S14' }]);
    expect(deregister).toEqual([]);
  });

  test('one that a machine has got goes without waiting for health', () => {
    const machine = node('10.0.1.9', 'a', { description: '', requesterManaged: false, requesterId: 'AIDA' });
    const { deregister } = plan({ interfaces: two, targets: [stale], found: [machine] });
    expect(ips(deregister)).toEqual(['10.0.1.9']);
  });

  test.each([
    ['an interface that is not in use', { description: '', requesterManaged: false, status: 'available' }],
    ['another load balancer’s', { description: 'ELB app/other/1' }],
  ])('one that is now %s goes by S4 alone', (_what, more) => {
    const { held } = plan({ interfaces: two, targets: [stale], found: [node('10.0.1.9', 'a', more)] });
    expect(held).toMatchObject([{ heldBy: 'S4' }]);
  });

  test('a refused view holds it all the same', () => {
    const machine = node('10.0.1.9', 'a', { description: '', requesterManaged: false });
    expect(plan({ interfaces: [two[0] as never], targets: [stale], found: [machine] }).held).toMatchObject([
      { heldBy: 'S3' },
    ]);
  });
});

describe('facts that only a change needs', () => {
  const missing = (world: World, more = {}) => missingFacts(facts(world), policy(more));
  const stale = target('10.0.1.9');

  test('in sync, none', () => {
    expect(missing({ interfaces: two, targets: both })).toEqual({ localSubnets: false, zoneIds: false, lookUp: [] });
  });

  test('stale addresses that are no longer shown are looked up, once each', () => {
    const targets = [...both, stale, target('10.0.1.9:8080'), target('10.0.1.1:8080')];
    expect(missing({ interfaces: two, targets }).lookUp).toEqual(['10.0.1.9']);
    expect(missing({ interfaces: two, targets, found: [] }).lookUp).toEqual([]);
  });

  test.each([
    ['another’s group', { tags: new Map([['lbbridge:source', OTHER]]) }, {}],
    ['a partial view', { interfaces: [two[0] as never] }, {}],
    ['--prune none', {}, { prune: 'none' }],
    ['--keep', {}, { keep: ['10.0.1.9'] }],
  ])('nothing is looked up for %s', (_what, world, more) => {
    expect(missing({ interfaces: two, targets: [...both, stale], ...world }, more).lookUp).toEqual([]);
  });

  test('another VPC asks for local subnets, another account for zone ids where something changes', () => {
    const world = { loadBalancer: { vpcId: 'vpc-9', arn: THEIR_ALB }, interfaces: two };
    expect(missing({ ...world, targets: both })).toMatchObject({ localSubnets: true, zoneIds: false });
    expect(missing(world)).toMatchObject({ localSubnets: true, zoneIds: true });
    expect(missing({ ...world, localSubnets: [], zoneIds: new Map() })).toMatchObject({
      localSubnets: false,
      zoneIds: false,
    });
    expect(GROUP).toContain('111122223333');
  });
});
