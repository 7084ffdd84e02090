import type { FindingId } from '../../src/plan/doctor/findings.js';
import { happen } from '../../src/sandbox/control.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import type { Listener, SecurityGroup, SecurityGroupRule, Target } from '../../src/sandbox/state.js';

/**
 * For every finding a world in which it is true, made from one in which nothing is to be found. The tests here and the
 * conformance tests both run them.
 */
export interface Case {
  readonly id: FindingId;
  /** Where one id has several cases. */
  readonly variant?: string;
  /** `sound` unless told. */
  readonly scenario?: SandboxOptions['scenario'];
  readonly knobs?: SandboxOptions['knobs'];
  readonly prepare: (sandbox: Sandbox) => void;
  /** Flags of `lbbridge doctor` beside those of the bridge. */
  readonly flags?: { readonly port?: string; readonly nlb?: string };
  /** The group by name, where it is not the scenario's. */
  readonly targetGroup?: string;
  /** What is found beside it. */
  readonly also?: readonly FindingId[];
  /** The command, where it is another than the table's. */
  readonly mends?: string;
  /** What comes to light when it has been mended. */
  readonly reveals?: readonly FindingId[];
}

const DOCUMENTED = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/old-web/0123456789abcdef';

const event = ({ world, stage }: Sandbox, name: string, more: object = {}): unknown =>
  happen(world, stage, { event: name, ...more });

const advance = ({ world }: Sandbox, seconds: number): void => world.clock.advance(seconds);

const set = (sandbox: Sandbox, key: string, value: string): unknown => sandbox.stage.group.attributes.set(key, value);

/** What the scenario `sound` has and the others lack. */
const endConnections = (sandbox: Sandbox): unknown =>
  set(sandbox, 'deregistration_delay.connection_termination.enabled', 'true');

const listenerOf = ({ stage }: Sandbox, arn: string): Listener =>
  [...stage.builder.region.listeners.values()].find(({ loadBalancerArn }) => loadBalancerArn === arn) as Listener;

const albListener = (sandbox: Sandbox): Listener => listenerOf(sandbox, sandbox.stage.alb.arn);
const nlbListener = (sandbox: Sandbox): Listener => listenerOf(sandbox, sandbox.stage.nlb.arn);

const groupOf = ({ stage }: Sandbox, side: 'alb' | 'nlb'): SecurityGroup =>
  stage.builder.region.securityGroups.get(stage[side].securityGroupIds[0] as string) as SecurityGroup;

/** Takes the inbound or outbound rules of a group away. */
function shut({ rules }: SecurityGroup, isEgress: boolean): void {
  for (const rule of [...rules.values()]) if (rule.isEgress === isEgress) rules.delete(rule.id);
}

/** Lets a block in on port 80, past the API. */
function admit(sandbox: Sandbox, cidr: string, tags = new Map<string, string>()): void {
  const group = groupOf(sandbox, 'alb');
  const rule: SecurityGroupRule = {
    id: sandbox.world.random.id('sgr'),
    groupId: group.id,
    isEgress: false,
    protocol: 'tcp',
    fromPort: 80,
    toPort: 80,
    source: { kind: cidr.includes(':') ? 'cidr6' : 'cidr', cidr },
    tags,
    effectiveAt: 0,
  };
  group.rules.set(rule.id, rule);
}

/** Opens every port of the ALB's group to whom it admits on one. */
function openAllPorts(sandbox: Sandbox): void {
  for (const rule of groupOf(sandbox, 'alb').rules.values()) {
    rule.fromPort = 1;
    rule.toPort = 65_535;
  }
}

const addressesOf = ({ nodes }: Sandbox['stage']['nlb']): string[] => nodes.map(({ ip }) => ip);

const firstTarget = ({ stage }: Sandbox): Target => [...stage.group.targets.values()][0] as Target;

/** Searches for the ALB's interfaces find none, or none of a zone. */
const hideAlb = ({ faults, stage }: Sandbox, zoneId?: string): void =>
  faults.add({
    kind: 'hide',
    action: 'DescribeNetworkInterfaces',
    params: { 'Filter.1.Value.1': `ELB ${stage.alb.path}` },
    ...(zoneId === undefined ? {} : { zoneId }),
  });

/** A new node of the ALB in zone a; its address. */
function grow(sandbox: Sandbox): string {
  const before = new Set(addressesOf(sandbox.stage.alb));
  event(sandbox, 'scale-out', { zone: 'us-east-1a' });
  advance(sandbox, 60);
  return addressesOf(sandbox.stage.alb).find((ip) => !before.has(ip)) as string;
}

/** Health checks by HTTP, the default action and rules of the ALB's listener as given. */
function checkByHttp(sandbox: Sandbox, statusCode: string): void {
  sandbox.stage.group.healthCheck.protocol = 'HTTP';
  albListener(sandbox).defaultActions = [{ type: 'fixed-response', statusCode }];
}

function hostRule(sandbox: Sandbox): void {
  const { builder, vpc } = sandbox.stage;
  const shop = builder.targetGroup('shop', vpc, { Protocol: 'HTTP' });
  const listener = albListener(sandbox);
  const arn = `${listener.arn.replace(':listener/', ':listener-rule/')}/0123456789abcdef`;
  builder.region.rules.set(arn, {
    arn,
    listenerArn: listener.arn,
    priority: 1,
    conditions: [{ field: 'host-header', values: ['shop.example.com'] }],
    actions: [{ type: 'forward', targetGroups: [{ targetGroupArn: shop.arn, weight: 1 }] }],
    tags: new Map(),
  });
}

export const cases: readonly Case[] = [
  { id: 'target-group-type', scenario: 'other-types', targetGroup: 'tg-instance', prepare: () => undefined },
  {
    id: 'target-group-protocol',
    prepare: ({ stage }) => {
      stage.group.protocol = 'UDP';
    },
  },
  {
    id: 'target-group-protocol',
    variant: 'of an ALB',
    scenario: 'other-types',
    targetGroup: 'tg-http',
    prepare: () => undefined,
  },
  {
    id: 'ip-address-type-differs',
    scenario: 'dual-stack',
    prepare: (sandbox) => {
      endConnections(sandbox);
      const { alb, group, builder } = sandbox.stage;
      group.ipAddressType = 'ipv6';
      alb.ipAddressType = 'ipv4';
      for (const { interfaceId } of alb.nodes) {
        const one = builder.region.interfaces.get(interfaceId);
        if (one) one.ipv6Addresses = [];
      }
      admit(sandbox, '::/0');
    },
    reveals: ['no-targets'],
  },
  { id: 'no-address', prepare: (sandbox) => hideAlb(sandbox) },
  {
    id: 'alb-not-active',
    prepare: ({ stage }) => {
      stage.alb.state = 'provisioning';
    },
  },
  { id: 'zone-without-address', prepare: (sandbox) => hideAlb(sandbox, sandbox.stage.builder.zone('a')) },
  { id: 'owner-differs', prepare: ({ stage }) => stage.group.tags.set('lbbridge:source', stage.nlb.arn) },
  { id: 'owner-gone', prepare: ({ stage }) => stage.group.tags.set('lbbridge:source', DOCUMENTED) },
  {
    id: 'foreign-targets',
    prepare: ({ stage: { group, builder, subnets } }) => {
      group.tags.clear();
      builder.targets(
        group,
        subnets.slice(0, 1).map((subnet) => builder.unusedAddress(subnet)),
      );
    },
  },
  { id: 'address-of-a-stranger', scenario: 'overlapping', prepare: endConnections },
  {
    id: 'changes-locked',
    prepare: ({ stage: { group } }) => {
      group.targets.clear();
      group.tags.set('lbbridge:paused', 'until resumed');
    },
    also: ['no-targets'],
  },
  { id: 'paused', prepare: ({ stage }) => stage.group.tags.set('lbbridge:paused', 'until resumed') },
  { id: 'no-targets', prepare: ({ stage }) => stage.group.targets.clear() },
  { id: 'targets-missing', prepare: (sandbox) => grow(sandbox) },
  {
    id: 'targets-stale',
    prepare: ({ stage: { group, builder, subnets } }) =>
      builder.targets(
        group,
        subnets.slice(0, 1).map((subnet) => builder.unusedAddress(subnet)),
      ),
  },
  { id: 'untagged', prepare: ({ stage }) => stage.group.tags.clear() },
  {
    id: 'zone-differs',
    prepare: (sandbox) => {
      const { group, builder } = sandbox.stage;
      builder.targets(group, [grow(sandbox)], 80, builder.zone('b'));
    },
  },
  {
    id: 'nlb-not-active',
    prepare: ({ stage }) => {
      stage.nlb.state = 'provisioning';
    },
  },
  {
    id: 'not-attached',
    flags: { nlb: 'edge' },
    prepare: (sandbox) => sandbox.stage.builder.region.listeners.delete(nlbListener(sandbox).arn),
  },
  {
    id: 'weight-zero',
    prepare: (sandbox) => {
      nlbListener(sandbox).defaultActions = [
        { type: 'forward', targetGroups: [{ targetGroupArn: sandbox.stage.group.arn, weight: 0 }] },
      ];
    },
  },
  {
    id: 'weight-zero',
    variant: 'by a rule',
    mends: 'aws elbv2 modify-rule',
    prepare: (sandbox) => {
      const { builder, group, vpc } = sandbox.stage;
      const listener = nlbListener(sandbox);
      const other = builder.targetGroup('other', vpc).arn;
      const arn = `${listener.arn.replace(':listener/', ':listener-rule/')}/0123456789abcdef`;
      listener.defaultActions = [{ type: 'forward', targetGroups: [{ targetGroupArn: other, weight: 1 }] }];
      const targetGroups = [
        { targetGroupArn: group.arn, weight: 0 },
        { targetGroupArn: other, weight: 5 },
      ];
      builder.region.rules.set(arn, {
        arn,
        listenerArn: listener.arn,
        priority: 10,
        conditions: [{ field: 'source-ip', values: ['10.0.0.0/8'] }],
        actions: [{ type: 'forward', targetGroups }],
        tags: new Map(),
      });
    },
  },
  {
    id: 'no-alb-listener',
    prepare: (sandbox) => {
      albListener(sandbox).port = 8080;
    },
  },
  {
    id: 'tls-meets-http',
    prepare: (sandbox) => {
      sandbox.stage.group.protocol = 'TLS';
      nlbListener(sandbox).protocol = 'TLS';
    },
  },
  {
    id: 'plain-meets-https',
    prepare: (sandbox) => {
      nlbListener(sandbox).protocol = 'TLS';
      albListener(sandbox).protocol = 'HTTPS';
    },
  },
  {
    id: 'health-check-port-closed',
    prepare: (sandbox) => {
      openAllPorts(sandbox);
      sandbox.stage.group.healthCheck.port = '8080';
    },
  },
  {
    id: 'health-check-protocol',
    prepare: ({ stage }) => {
      stage.group.healthCheck.protocol = 'HTTPS';
    },
  },
  { id: 'health-check-status', prepare: (sandbox) => checkByHttp(sandbox, '404') },
  {
    id: 'health-check-status',
    variant: 'beside rules for host names',
    prepare: (sandbox) => {
      checkByHttp(sandbox, '503');
      hostRule(sandbox);
      sandbox.stage.group.healthCheck.path = '/health?deep=1';
      sandbox.stage.group.healthCheck.matcher = '200,202';
    },
  },
  {
    id: 'health-check-tls13',
    prepare: (sandbox) => {
      const listener = albListener(sandbox);
      listener.protocol = 'HTTPS';
      listener.sslPolicy = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
      sandbox.stage.group.healthCheck.protocol = 'HTTPS';
    },
  },
  {
    id: 'health-check-misses-hosts',
    prepare: (sandbox) => {
      checkByHttp(sandbox, '200');
      hostRule(sandbox);
    },
  },
  { id: 'proxy-protocol', prepare: (sandbox) => set(sandbox, 'proxy_protocol_v2.enabled', 'true') },
  { id: 'client-ip-preserved', prepare: (sandbox) => set(sandbox, 'preserve_client_ip.enabled', 'true') },
  {
    id: 'client-ip-shut-out',
    prepare: (sandbox) => {
      set(sandbox, 'preserve_client_ip.enabled', 'true');
      shut(groupOf(sandbox, 'alb'), false);
      for (const ip of addressesOf(sandbox.stage.nlb)) admit(sandbox, `${ip}/32`);
    },
  },
  {
    id: 'connections-outlive-targets',
    prepare: (sandbox) => set(sandbox, 'deregistration_delay.connection_termination.enabled', 'false'),
  },
  {
    id: 'deregistration-delay-long',
    prepare: (sandbox) => set(sandbox, 'deregistration_delay.timeout_seconds', '3600'),
  },
  { id: 'deregistration-delay-short', prepare: (sandbox) => set(sandbox, 'deregistration_delay.timeout_seconds', '0') },
  {
    id: 'nlb-lacks-zone',
    scenario: 'three-zones',
    prepare: (sandbox) => {
      endConnections(sandbox);
      const subnets = sandbox.stage.subnets.slice(0, 2).map(({ id }) => id);
      event(sandbox, 'set-subnets', { loadBalancer: 'edge', subnets });
      advance(sandbox, 300);
    },
  },
  {
    id: 'zone-without-target',
    scenario: 'three-zones',
    prepare: (sandbox) => {
      endConnections(sandbox);
      const { builder, group, subnets } = sandbox.stage;
      event(sandbox, 'set-subnets', { subnets: subnets.slice(0, 2).map(({ id }) => id) });
      advance(sandbox, 600);
      for (const [key, { zone }] of [...group.targets]) if (zone === builder.zone('c')) group.targets.delete(key);
    },
  },
  {
    id: 'zonal-shift',
    prepare: (sandbox) => event(sandbox, 'shift-zone', { loadBalancer: 'edge', zone: 'us-east-1a' }),
  },
  { id: 'alb-closed-to-nlb', prepare: (sandbox) => shut(groupOf(sandbox, 'alb'), false) },
  {
    id: 'alb-closed-to-nlb',
    variant: 'by addresses, on the health port, with several security groups',
    scenario: 'synced',
    prepare: (sandbox) => {
      endConnections(sandbox);
      const { builder, vpc, alb, group } = sandbox.stage;
      alb.securityGroupIds.push(builder.closedGroup(vpc, 'second').id);
      group.healthCheck.port = '8080';
      const listener = albListener(sandbox);
      const arn = `${listener.arn.slice(0, -16)}0123456789abcdef`;
      builder.region.listeners.set(arn, { ...listener, arn, port: 8080 });
    },
  },
  {
    id: 'rules-orphaned',
    prepare: (sandbox) => admit(sandbox, '10.0.9.9/32', new Map([['lbbridge:source', sandbox.stage.nlb.arn]])),
  },
  {
    id: 'rules-without-room',
    scenario: 'synced',
    prepare: (sandbox) => {
      endConnections(sandbox);
      shut(groupOf(sandbox, 'alb'), false);
      for (let n = 1; n <= 60; n++) admit(sandbox, `192.168.0.${n}/32`);
    },
  },
  { id: 'nlb-egress-closed', prepare: (sandbox) => shut(groupOf(sandbox, 'nlb'), true) },
  {
    id: 'nlb-admits-nobody',
    prepare: (sandbox) => {
      sandbox.stage.nlb.enforcePrivateLink = 'on';
      shut(groupOf(sandbox, 'nlb'), false);
    },
  },
  {
    id: 'private-link-enforced',
    prepare: ({ stage }) => {
      stage.nlb.enforcePrivateLink = 'on';
    },
  },
  {
    id: 'quota-exceeded',
    knobs: { 'quota.targetsPerGroup': 1 },
    prepare: ({ stage }) => stage.group.targets.clear(),
    also: ['no-targets'],
  },
  { id: 'quota-near', knobs: { 'quota.targetsPerZonePerNlb': 1 }, prepare: () => undefined },
  {
    id: 'quota-near',
    variant: 'with cross-zone balancing',
    prepare: (sandbox) => {
      const { builder, vpc, nlb } = sandbox.stage;
      nlb.attributes.set('load_balancing.cross_zone.enabled', 'true');
      const other = builder.targetGroup('other', vpc);
      builder.forward(nlb, other, 8080);
      const ips = Array.from({ length: 497 }, (_, n) => `10.0.${100 + Math.floor(n / 200)}.${n % 200}`);
      builder.targets(other, ips);
    },
  },
  {
    id: 'no-healthy-target',
    prepare: ({ stage }) => {
      for (const target of stage.group.targets.values()) {
        target.state = 'unhealthy';
        target.reason = 'Target.FailedHealthChecks';
      }
    },
  },
  {
    id: 'unhealthy-targets',
    prepare: (sandbox) => {
      firstTarget(sandbox).state = 'unhealthy';
    },
  },
  {
    id: 'alb-impaired',
    prepare: ({ stage }) => {
      stage.alb.state = 'active_impaired';
    },
  },
  {
    id: 'subnet-nearly-full',
    prepare: ({ stage: { builder, subnets } }) => {
      for (const subnet of subnets.slice(0, 1)) {
        for (let n = 0; n < 242; n++) builder.decoy(subnet, 'RDSNetworkInterface', { requesterId: 'amazon-rds' });
      }
    },
  },
  { id: 'terraform-tags', prepare: ({ stage }) => stage.group.tags.set('ManagedBy', 'Terraform') },
  { id: 'terraform-rules', prepare: (sandbox) => groupOf(sandbox, 'alb').tags.set('terraform', 'true') },
  {
    id: 'alb-internet-facing',
    prepare: ({ stage }) => {
      stage.alb.scheme = 'internet-facing';
    },
  },
  {
    id: 'may-not-authorize',
    prepare: (sandbox) => {
      const { stage, faults } = sandbox;
      const group = groupOf(sandbox, 'alb');
      const [rule] = [...group.rules.values()].filter(({ isEgress }) => !isEgress);
      if (rule) {
        rule.source = { kind: 'group', groupId: groupOf(sandbox, 'nlb').id, userId: group.ownerId };
        rule.tags.set('lbbridge:source', stage.nlb.arn);
      }
      faults.add({ kind: 'accessDenied', action: 'AuthorizeSecurityGroupIngress' });
    },
  },
];

/** How a case is called. */
export const nameOfCase = ({ id, variant }: Case): string => (variant === undefined ? id : `${id}, ${variant}`);
