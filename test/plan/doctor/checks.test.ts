import { describe, expect, test } from 'vitest';
import { advise } from '../../../src/plan/doctor/advice.js';
import { isCrossZone } from '../../../src/plan/doctor/facts.js';
import { GROUP, node, policy, target } from '../support.js';
import { doctorFacts, forwardTo, found, idsOf, listener, NLB, nlb, opening, rule, security } from './support.js';

const cidr = (text: string) => ({ kind: 'cidr', cidr: text }) as const;
const secured = { loadBalancer: { securityGroupIds: ['sg-nlb'] } };

describe('checks of doctor on facts alone', () => {
  test('a sound bridge has no finding, nor has one of which little may be read', () => {
    expect(idsOf({})).toEqual([]);
    const blind = { attributes: null, listeners: null, rules: null, interfaces: null, otherTargets: null };
    expect(idsOf({ nlbs: [nlb(blind)], albListeners: null, healthRules: null, albSubnets: null })).toEqual([]);
    expect(idsOf({ nlbs: null, groupAttributes: null, albSecurity: security([]) })).toEqual([]);
    expect(idsOf({ nlbs: [nlb({ ...blind, ...secured })], albSecurity: security([]) })).toEqual([]);
  });

  test('cross-zone balancing is the group’s say, then the NLB’s, else not known', () => {
    const key = 'load_balancing.cross_zone.enabled';
    const own = doctorFacts({ groupAttributes: new Map([[key, 'true']]) });
    expect(isCrossZone(own, nlb())).toBe(true);
    expect(isCrossZone(doctorFacts(), nlb())).toBe(false);
    expect(isCrossZone(doctorFacts(), nlb({ attributes: null }))).toBeNull();
  });

  test('a load balancer in no known state is not active', () => {
    expect(found('nlb-not-active', { nlbs: [nlb({ loadBalancer: { state: null } })] })?.message).toContain(
      'no known state',
    );
    expect(idsOf({ nlbs: [nlb({ loadBalancer: { state: 'active_impaired' } })] })).toEqual([]);
  });

  test('a group that nobody sends to gets a command only where a free port of a known NLB is', () => {
    const sync = { targetGroup: { loadBalancerArns: [] } };
    const command = (world: object) => found('not-attached', { sync, ...world })?.command;
    expect(command({ nlbs: [nlb({ listeners: [] })] })).toMatchObject({
      words: expect.arrayContaining(['create-listener']),
    });
    expect(command({ nlbs: [] })).toBeUndefined();
    expect(command({ nlbs: null })).toBeUndefined();
    expect(command({ nlbs: [nlb()] })).toBeUndefined();
    expect(command({ nlbs: [nlb({ listeners: null })] })).toBeUndefined();
    const tls = { targetGroup: { loadBalancerArns: [], protocol: 'TLS' } };
    expect(command({ sync: tls, nlbs: [nlb({ listeners: [] })] })).toBeUndefined();
  });

  test('several attachments without weight are all named, and the first is mended', () => {
    const none = { type: 'redirect', status: 301 } as const;
    const listeners = [
      listener({ actions: [forwardTo(GROUP, 0)] }),
      listener({ arn: 'listener-3', port: 81, actions: [none, forwardTo('other')] }),
    ];
    const rules = new Map([['listener-3', [rule({ actions: [forwardTo(GROUP, 0)] }), rule({ priority: null })]]]);
    const finding = found('weight-zero', { nlbs: [nlb({ listeners, rules })] });
    expect(finding?.message).toContain('2 actions send');
    expect(finding?.message).toContain('rule 1 on port 81 of edge');
    expect(finding?.command).toMatchObject({ words: expect.arrayContaining(['modify-listener']) });
  });

  test('an ALB without a listener is told as such', () => {
    expect(found('no-alb-listener', { albListeners: [] })?.message).toContain('no listener at all');
    const others = [listener({ port: 443 }), listener({ port: 8080 })];
    expect(found('no-alb-listener', { albListeners: others })?.message).toContain('it listens on 443, 8080');
  });

  test('refusals of a sync are told once, and nothing beside them that follows from them', () => {
    const other = new Map([['lbbridge:source', `${NLB}0`]]);
    expect(idsOf({ sync: { tags: other, targets: [] } })).toEqual(['owner-differs']);
    expect(idsOf({ sync: { tags: other }, ownerExists: false })).toEqual(['owner-gone']);
    expect(idsOf({ sync: { interfaces: [] } })).toEqual(['no-address']);
    const ipv6 = { interfaces: [], targets: [], targetGroup: { ipAddressType: 'ipv6' } } as const;
    expect(idsOf({ sync: { ...ipv6, loadBalancer: { ipAddressType: 'dualstack' } } })).toEqual(['no-address']);
    expect(idsOf({ sync: ipv6 })).toEqual(['ip-address-type-differs']);
  });

  test('a lock without a pause has no command', () => {
    expect(found('paused', { paused: 'nlb-edge is paused.' })?.message).toBe('nlb-edge is paused.');
    expect(found('changes-locked', { locked: 'LBBRIDGE_READ_ONLY is set.' })?.command).toBeUndefined();
    expect(found('changes-locked', { locked: 'paused', paused: 'paused' })?.command).toBeDefined();
  });

  test('what is missing or stale is counted, and a long list is cut', () => {
    const ips = Array.from({ length: 7 }, (_, n) => `10.0.1.${n + 10}`);
    const interfaces = [node('10.0.1.1'), node('10.0.2.1', 'b')];
    const more = [...interfaces, ...ips.map((ip) => node(ip))];
    expect(found('targets-missing', { sync: { interfaces: more } })?.message).toMatch(
      /^7 addresses of web are not .* and 2 more\.$/,
    );
    const one = [...interfaces, node('10.0.1.10')];
    expect(found('targets-missing', { sync: { interfaces: one } })?.message).toContain('1 address of web is not');
    const targets = [target('10.0.1.1'), target('10.0.2.1', 'healthy', 'b')];
    const two = [...targets, target('10.0.1.77'), target('10.0.1.78', 'unhealthy')];
    expect(found('targets-stale', { sync: { targets: two } })?.message).toContain(
      '2 targets of nlb-edge are no addresses',
    );
  });

  test('health checks say what they met', () => {
    const healthCheck = { ...doctorFacts().sync.targetGroup.healthCheck, protocol: 'HTTP', path: null, port: null };
    const sync = { targetGroup: { healthCheck } };
    const default404 = rule({ priority: null, actions: [{ type: 'fixed-response', status: 404 }] });
    const first301 = rule({ priority: 7, actions: [{ type: 'redirect', status: 301 }] });
    const host = (n: number) =>
      rule({
        priority: n,
        conditions: [{ field: 'host-header', values: ['shop.example.com'] }],
        actions: [forwardTo('shop')],
      });
    expect(found('health-check-status', { sync, healthRules: [default404] })?.message).toContain(
      'ask for / and get 404, by the fixed-response of the default action',
    );
    expect(found('health-check-status', { sync, healthRules: [host(1), default404] })?.message).toContain(
      '1 rule for host names never sees it',
    );
    expect(found('health-check-status', { sync, healthRules: [host(1), host(2), default404] })?.message).toContain(
      '2 rules for host names never see it',
    );
    expect(found('health-check-misses-hosts', { sync, healthRules: [host(1), host(2), first301] })?.message).toContain(
      'rule 7',
    );
    expect(idsOf({ sync, healthRules: [host(1), rule({ priority: null, actions: [forwardTo('shop')] })] })).toEqual([]);
    expect(idsOf({ sync, healthRules: null, nlbs: null })).toEqual([]);
    expect(idsOf({ sync, healthRules: [host(1), default404], nlbs: [nlb({ interfaces: null })] })).toEqual([]);
    const https = { targetGroup: { healthCheck: { ...healthCheck, protocol: 'HTTPS', matcher: '200' } } };
    const albListeners = [listener({ protocol: 'HTTPS', sslPolicy: null })];
    expect(idsOf({ sync: https, albListeners, healthRules: [rule({ priority: null })] })).toEqual([]);
  });

  test('unhealthy targets are worth an error only when none is left or on its way', () => {
    const sick = (zone = 'a') => target(zone === 'a' ? '10.0.1.1' : '10.0.2.1', 'unhealthy', zone, { reason: null });
    expect(found('no-healthy-target', { sync: { targets: [sick(), sick('b')] } })?.message).toContain(
      '10.0.1.1:80 (unhealthy)',
    );
    const waiting = [sick(), target('10.0.2.1', 'initial', 'b')];
    expect(found('unhealthy-targets', { sync: { targets: waiting } })?.message).toContain('1 of 2 targets for web is');
    const three = { interfaces: [node('10.0.1.1'), node('10.0.1.2'), node('10.0.2.1', 'b')] };
    const two = [sick(), target('10.0.1.2', 'unhealthy'), target('10.0.2.1', 'healthy', 'b')];
    expect(found('unhealthy-targets', { sync: { ...three, targets: two } })?.message).toContain('are unhealthy');
  });

  test('zones: targets of no zone or of all serve every node', () => {
    const all = [target('10.0.1.1', 'healthy', 'all'), target('10.0.2.1', 'healthy', 'all')];
    expect(idsOf({ sync: { targets: all } })).toEqual(['zone-differs', 'zone-differs']);
    const unknown = [
      target('10.0.1.1', 'healthy', null, { override: 'zonal_shift_active' }),
      target('10.0.2.1', 'healthy', null),
    ];
    expect(found('zonal-shift', { sync: { targets: unknown } })?.message).toContain('an unknown zone');
    const only = nlb({ loadBalancer: { zones: [{ zoneName: 'us-east-1a', subnetId: 'subnet-a' }] } });
    expect(found('nlb-lacks-zone', { nlbs: [only] })?.command).toMatchObject({
      words: expect.arrayContaining(['subnet-a', 'subnet-b']),
    });
  });

  test('quotas come from the account where it tells them, else from AWS’s documentation', () => {
    const limits = new Map([['targets-per-network-load-balancer', 3]]);
    expect(found('quota-near', { limits })?.message).toContain(
      'edge holds 2 of at most 3 targets, and would need 2 more',
    );
    const everywhere = [target('10.0.9.1', 'healthy', 'all')];
    const one = new Map([['targets-per-availability-zone-per-network-load-balancer', 2]]);
    expect(found('quota-near', { limits: one, nlbs: [nlb({ otherTargets: everywhere })] })?.message).toContain(
      'edge in us-east-1a holds 2',
    );
    const outside = { loadBalancer: { vpcId: 'vpc-2' }, localSubnets: [], targets: [] };
    const none = new Map([['targets-per-target-group', 1]]);
    expect(found('quota-exceeded', { sync: outside, limits: none })?.message).toContain('2 more are to be registered');
  });

  test('subnets count only where the ALB is, and where AWS tells', () => {
    const subnet = (id: string, freeAddresses: number | null) => ({
      id,
      vpcId: 'vpc-1',
      cidrBlock: '10.0.1.0/24',
      ipv6CidrBlocks: [],
      zoneName: 'us-east-1a',
      zoneId: null,
      freeAddresses,
    });
    expect(idsOf({ albSubnets: [subnet('subnet-x', 1), subnet('subnet-a', null), subnet('subnet-b', 8)] })).toEqual([]);
    expect(found('subnet-nearly-full', { albSubnets: [subnet('subnet-a', 7)] })?.message).toContain(
      'subnet-a in us-east-1a (7 free)',
    );
  });

  test('a group that the file vouches for needs no tag that could be taken away', () => {
    const sync = { tags: new Map([['Terraform', 'true']]) };
    expect(idsOf({ sync, policy: policy({ owned: true }) })).toEqual([]);
    expect(idsOf({ sync })).toEqual(['untagged', 'terraform-tags']);
  });

  test('the NLB’s way in is judged over all groups of the ALB, and its own family alone keeps traffic out', () => {
    const half = security([opening(cidr('10.0.1.9/32'))]);
    expect(found('alb-closed-to-nlb', { albSecurity: half })?.message).toContain('10.0.2.9 on 80');
    const both = { ...half, rules: [...half.rules, opening(cidr('10.0.2.0/24'), { id: 'sgr-2', groupId: 'sg-2' })] };
    expect(idsOf({ albSecurity: both })).toEqual([]);
    const interfaces = [node(['10.0.1.9', '2001:db8::9'], 'a', { description: 'ELB net/edge/1234567890abcdef' })];
    const zones = [
      { zoneName: 'us-east-1a', subnetId: 'subnet-a' },
      { zoneName: 'us-east-1b', subnetId: 'subnet-b' },
    ];
    expect(idsOf({ albSecurity: half, nlbs: [nlb({ interfaces, loadBalancer: { zones } })] })).toEqual([]);
    expect(idsOf({ albSecurity: { ...half, groups: [] } })).toEqual([]);
  });

  test('the command names the security group where the ALB has several', () => {
    const second = { id: 'sg-2', name: 'two', vpcId: 'vpc-1', ownerId: '111122223333', tags: new Map() };
    const closed = security([]);
    const albSecurity = { ...closed, groups: [...closed.groups, second] };
    const flags = (ruleGroupId?: string) => found('alb-closed-to-nlb', { albSecurity, ruleGroupId })?.command;
    expect(flags()).toMatchObject({ flags: ['--port', '80', '--security-group', 'sg-alb'] });
    expect(flags('sg-2')).toMatchObject({ flags: ['--port', '80', '--security-group', 'sg-2'] });
  });

  test('rules of ours that stand for nothing are counted, a referenced group among them', () => {
    const tags = new Map([['lbbridge:source', NLB]]);
    const open = opening(cidr('10.0.0.0/8'), { id: 'sgr-0' });
    const lost = (id: string, peer: Parameters<typeof opening>[0]) => opening(peer, { id, tags });
    const group = { kind: 'group', groupId: 'sg-gone', userId: null } as const;
    const one = security([open, lost('sgr-1', cidr('10.0.1.99/32'))]);
    expect(found('rules-orphaned', { albSecurity: one })?.message).toContain('1 rule of ours at web admits');
    const two = security([open, lost('sgr-1', cidr('10.0.1.99/32')), lost('sgr-2', group)]);
    expect(found('rules-orphaned', { albSecurity: two })?.message).toContain('sgr-2 (a group on 80)');
  });

  test('outbound rules of the NLB are asked for every address and for the health check', () => {
    const out = (peer: Parameters<typeof opening>[0]) => opening(peer, { isEgress: true });
    const world = (...rules: ReturnType<typeof opening>[]) => ({
      nlbs: [nlb({ ...secured, security: security([opening(cidr('0.0.0.0/0')), ...rules], 'sg-nlb') })],
    });
    expect(idsOf(world(out(cidr('10.0.0.0/8'))))).toEqual([]);
    const closed = found('nlb-egress-closed', world(out(cidr('10.0.1.0/24'))));
    expect(closed?.command).toMatchObject({
      words: expect.arrayContaining([expect.stringContaining('"CidrIp":"10.0.1.1/32"')]),
    });
    expect(found('nlb-egress-closed', { ...world(), albSubnets: null })?.command).toEqual(
      found('nlb-egress-closed', world())?.command,
    );
    const near = { ...world(), sync: { loadBalancer: { securityGroupIds: ['sg-alb'] } } };
    expect(found('nlb-egress-closed', near)?.command).toMatchObject({
      words: expect.arrayContaining([expect.stringContaining('"GroupId":"sg-alb"')]),
    });
    const subnet = {
      id: 'subnet-a',
      vpcId: 'vpc-2',
      ipv6CidrBlocks: [],
      zoneName: 'a',
      zoneId: null,
      freeAddresses: null,
    };
    const far = {
      ...world(),
      sync: { loadBalancer: { vpcId: 'vpc-2', securityGroupIds: ['sg-alb'] }, localSubnets: [] },
      albSubnets: [
        { ...subnet, cidrBlock: '10.0.1.0/24' },
        { ...subnet, cidrBlock: null },
      ],
    };
    expect(found('nlb-egress-closed', far)?.command).toMatchObject({
      words: expect.arrayContaining([expect.stringContaining('[{"CidrIp":"10.0.1.0/24"}]')]),
    });
  });

  test('inbound rules of the NLB matter unless PrivateLink traffic is exempt', () => {
    const out = opening(cidr('0.0.0.0/0'), { isEgress: true });
    const world = (
      enforcesPrivateLinkRules: boolean | null,
      scheme: string,
      ...rules: ReturnType<typeof opening>[]
    ) => ({
      nlbs: [
        nlb({
          loadBalancer: { securityGroupIds: ['sg-nlb'], enforcesPrivateLinkRules, scheme },
          security: security([out, ...rules], 'sg-nlb'),
        }),
      ],
    });
    const some = opening(cidr('10.0.0.0/8'));
    expect(idsOf(world(true, 'internal'))).toEqual(['nlb-admits-nobody']);
    expect(idsOf(world(false, 'internal'))).toEqual([]);
    expect(idsOf(world(true, 'internal', some))).toEqual(['private-link-enforced']);
    expect(idsOf(world(true, 'internet-facing', some))).toEqual([]);
    expect(idsOf(world(null, 'internal', some))).toEqual([]);
    expect(idsOf(world(true, 'internal', opening(cidr('::/0'))))).toEqual([]);
    expect(idsOf(world(true, 'internal', opening({ kind: 'prefix-list', prefixListId: 'pl-1' })))).toEqual([
      'private-link-enforced',
    ]);
  });

  test('with client addresses preserved a reference to the NLB’s group still admits them', () => {
    const groupAttributes = new Map([['preserve_client_ip.enabled', 'true']]);
    const alone = [opening(cidr('10.0.1.9/32')), opening(cidr('10.0.2.9/32'), { id: 'sgr-2' })];
    expect(idsOf({ groupAttributes, albSecurity: security(alone) })).toEqual(['client-ip-shut-out']);
    const ours = [...alone, opening(cidr('10.0.3.9/32'), { id: 'sgr-3', tags: new Map([['lbbridge:source', NLB]]) })];
    expect(idsOf({ groupAttributes, albSecurity: security(ours) })).toEqual(['client-ip-shut-out', 'rules-orphaned']);
    expect(idsOf({ groupAttributes })).toEqual(['client-ip-preserved']);
    const reference = opening({ kind: 'group', groupId: 'sg-nlb', userId: null });
    expect(idsOf({ groupAttributes, albSecurity: security([...alone, reference]) })).toEqual(['client-ip-preserved']);
    expect(idsOf({ groupAttributes, nlbs: null, albSecurity: security(alone) })).toEqual(['client-ip-preserved']);
  });

  test('a dry run that says no matters where rules are ours to write', () => {
    const open = opening(cidr('10.0.0.0/8'));
    const ours = { ...opening(cidr('10.0.1.9/32'), { id: 'sgr-2', tags: new Map([['lbbridge:source', NLB]]) }) };
    const world = (rules: ReturnType<typeof opening>[], mayAuthorize: boolean | null = false) =>
      idsOf({ mayAuthorize, albSecurity: security(rules) });
    expect(world([open])).toEqual([]);
    expect(world([open, ours])).toEqual(['may-not-authorize']);
    expect(world([open, ours], true)).toEqual([]);
    expect(world([open, ours], null)).toEqual([]);
    expect(world([])).toEqual(['alb-closed-to-nlb', 'may-not-authorize']);
  });

  test('attributes that AWS does not send are not known', () => {
    expect(idsOf({ groupAttributes: null })).toEqual([]);
    const delay = (seconds: string) =>
      idsOf({ groupAttributes: new Map([['deregistration_delay.timeout_seconds', seconds]]) });
    expect([delay('59'), delay('60'), delay('300'), delay('301')]).toEqual([
      ['deregistration-delay-short'],
      [],
      [],
      ['deregistration-delay-long'],
    ]);
  });
});

describe('advice on facts alone', () => {
  const ids = (world: Parameters<typeof doctorFacts>[0]) => advise(doctorFacts(world)).map(({ id }) => id);

  test('none of it where nothing is known', () => {
    expect(ids({ nlbs: null })).toEqual([]);
    expect(ids({ nlbs: [], groupAttributes: null })).toEqual([]);
  });

  test('an alb group would not do for TLS, IPv6, a PROXY header, or a third NLB', () => {
    const without = (world: Parameters<typeof doctorFacts>[0]) => expect(ids(world)).not.toContain('alb-target-group');
    expect(ids({ groupAttributes: null })).toContain('alb-target-group');
    without({ sync: { targetGroup: { protocol: 'TLS' } } });
    without({ sync: { targetGroup: { ipAddressType: 'ipv6' } } });
    without({ groupAttributes: new Map([['proxy_protocol_v2.enabled', 'true']]) });
    without({ nlbs: ['1', '2', '3'].map((n) => nlb({ loadBalancer: { arn: `${NLB}${n}` } })) });
    without({ nlbs: [nlb({ listeners: [listener({ protocol: 'TLS' })] })] });
  });

  test('another account is as far as another VPC', () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/web/50dc6c495c0c9188';
    expect(ids({ sync: { loadBalancer: { arn, dnsName: null } } })).toEqual(['resource-endpoint']);
    const open = nlb({ loadBalancer: { scheme: 'internet-facing' } });
    expect(ids({ nlbs: [open] })).toEqual(['alb-target-group', 'global-accelerator', 'cloudfront-vpc-origin']);
    expect(ids({ nlbs: [open], sync: { loadBalancer: { scheme: 'internet-facing' } } })).toEqual([
      'alb-target-group',
      'global-accelerator',
    ]);
  });
});
