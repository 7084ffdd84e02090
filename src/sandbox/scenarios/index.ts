import { OTHER_ACCOUNT } from '../create-world.js';
import { scaleOut, shiftZone } from '../engine/scaling.js';
import type { LoadBalancer, Subnet, TargetGroup, Vpc } from '../state.js';
import type { World } from '../world.js';
import { Builder, ipsOf } from './build.js';

/** The names under which a scenario's main resources can be found; every scenario has a bridge `web` -> `nlb-edge`. */
export interface Stage {
  readonly builder: Builder;
  readonly vpc: Vpc;
  readonly subnets: readonly Subnet[];
  readonly alb: LoadBalancer;
  readonly nlb: LoadBalancer;
  readonly group: TargetGroup;
}

export interface Scenario {
  readonly summary: string;
  readonly build: (world: World) => Stage;
}

interface BridgeOptions {
  /** Zones by the home account's letters. */
  zones?: string;
  /** Register the ALB's addresses and tag the group, as a sync of long ago would have. */
  synced?: boolean;
  attached?: boolean;
  group?: Record<string, string>;
  dualStack?: boolean;
  /** Whether the ALB's security group lets anybody in; it does unless told. */
  open?: boolean;
  /** Whether the NLB has a security group of its own. */
  nlbGroup?: boolean;
}

/** VPC, ALB `web`, NLB `edge` and its group `nlb-edge`, all settled. */
function bridge(world: World, options: BridgeOptions = {}): Stage {
  const { zones = 'ab', synced = false, attached = true, group: groupParams = {}, dualStack = false } = options;
  const { open = true, nlbGroup = false } = options;
  const builder = new Builder(world);
  const vpc = builder.vpc('10.0.0.0/16', { dualStack });
  const subnets = builder.subnets(vpc, zones);
  const albGroup = open ? builder.securityGroup(vpc, 'web', 80, '10.0.0.0/8') : builder.closedGroup(vpc, 'web');
  const addresses: Record<string, string> = dualStack ? { IpAddressType: 'dualstack' } : {};
  const alb = builder.alb('web', subnets, 80, { 'SecurityGroups.member.1': albGroup.id, ...addresses });
  const nlb = builder.loadBalancer('network', 'edge', subnets, {
    ...(nlbGroup ? openGroup(builder, vpc, 'edge') : {}),
    ...addresses,
  });
  const group = builder.targetGroup('nlb-edge', vpc, groupParams);
  if (attached) builder.forward(nlb, group);
  builder.settle();
  if (synced) {
    sync(builder, group, alb);
    builder.settle();
  }
  return { builder, vpc, subnets, alb, nlb, group };
}

/** The state after a sync that went well. */
export function sync(builder: Builder, group: TargetGroup, alb: LoadBalancer): void {
  const ips = ipsOf(alb).filter((ip) => ip.includes(':') === (group.ipAddressType === 'ipv6'));
  builder.targets(group, ips);
  builder.tag(group, 'lbbridge:source', alb.arn);
}

export const scenarios = {
  bridge: {
    summary: 'an ALB in two zones, and an NLB whose target group is still empty',
    build: (world) => bridge(world),
  },
  synced: {
    summary: 'the same bridge, in sync and healthy',
    build: (world) => bridge(world, { synced: true }),
  },
  'three-zones': {
    summary: 'a bridge in three zones, in sync',
    build: (world) => bridge(world, { zones: 'abc', synced: true }),
  },
  unattached: {
    summary: 'a target group that no listener sends to',
    build: (world) => bridge(world, { attached: false }),
  },
  closed: {
    summary: 'a bridge whose ALB lets nobody in yet: its targets are unhealthy',
    build: (world) => bridge(world, { synced: true, open: false }),
  },
  secured: {
    summary: 'the same with a security group on the NLB',
    build: (world) => bridge(world, { synced: true, open: false, nlbGroup: true }),
  },
  sound: {
    summary: 'a bridge in two zones at which `lbbridge doctor` finds nothing to mend',
    build: (world) => {
      const stage = bridge(world, { synced: true, nlbGroup: true });
      stage.nlb.enforcePrivateLink = 'off';
      stage.group.attributes.set('deregistration_delay.connection_termination.enabled', 'true');
      return stage;
    },
  },
  'look-alikes': {
    summary: 'other people’s interfaces and load balancers whose names and descriptions look like the ALB’s',
    build: (world) => {
      const stage = bridge(world);
      const { builder, alb, subnets } = stage;
      const [first, second] = subnets as [Subnet, Subnet];
      builder.alb('web-2', subnets);
      builder.loadBalancer('network', 'my-web', subnets);
      builder.decoy(first, 'ELB web');
      builder.decoy(first, `ELB app/web/${world.random.hex(16)}`);
      builder.decoy(first, `ELB ${alb.path}`, {
        requesterManaged: false,
        requesterId: 'AIDAMALLORY000000000',
        status: 'available',
      });
      builder.decoy(second, `ELB ${alb.path}`, { requesterId: '727180483921' });
      builder.decoy(second, `copy of ELB ${alb.path}`, {
        requesterManaged: false,
        requesterId: 'AIDAMALLORY000000000',
        status: 'available',
      });
      builder.decoy(first, 'Interface for NAT Gateway nat-0a1b2c3d4e5f60718', {
        interfaceType: 'nat_gateway',
        requesterId: 'amazon-nat',
      });
      builder.decoy(first, 'VPC Endpoint Interface vpce-0a1b2c3d4e5f60718', {
        interfaceType: 'vpc_endpoint',
        requesterId: 'amazon-vpce',
      });
      builder.decoy(second, 'RDSNetworkInterface', { requesterId: 'amazon-rds' });
      builder.decoy(second, 'AWS Lambda VPC ENI-web-5f0c', { interfaceType: 'lambda', requesterId: 'amazon-lambda' });
      builder.settle();
      return stage;
    },
  },
  large: {
    summary: 'more than 1,500 interfaces that match one description pattern, over several pages',
    build: (world) => {
      const stage = bridge(world);
      const { builder, vpc, alb } = stage;
      const wide = ['10.0.64.0/20', '10.0.80.0/20'].map((block) => builder.subnet(vpc, 'a', block));
      for (let n = 0; n < 1500; n++) {
        builder.decoy(wide[n % 2] as Subnet, `ELB app/web-${n}/${world.random.hex(16)}`);
      }
      scaleOut(world, builder.region, alb, undefined, 4);
      builder.settle();
      return stage;
    },
  },
  peered: {
    summary: 'the ALB in a peered VPC: its addresses are outside the target group’s',
    build: (world) => apart(world, '172.20.0.0/16'),
  },
  overlapping: {
    summary: 'the ALB in another VPC whose addresses fall in a subnet of the target group’s own VPC',
    build: (world) => apart(world, '10.0.0.0/16'),
  },
  'cross-region': {
    summary: 'the ALB in eu-west-1, the NLB in us-east-1',
    build: (world) => apart(world, '172.20.0.0/16', 'eu-west-1'),
  },
  'cross-account': {
    summary: 'the ALB in another account’s peered VPC, reached by its role `bridge`',
    build: (world) => apart(world, '172.20.0.0/16', 'us-east-1', OTHER_ACCOUNT),
  },
  'shared-vpc': {
    summary: 'one VPC shared by two accounts whose zone names differ; the ALB belongs to the other account',
    build: (world) => {
      const builder = new Builder(world);
      const vpc = builder.vpc('10.0.0.0/16');
      const subnets = builder.subnets(vpc, 'ab', { sharedWith: [OTHER_ACCOUNT] });
      const other = builder.as(OTHER_ACCOUNT);
      const alb = other.alb('web', subnets, 80, openGroup(other, vpc));
      const nlb = builder.loadBalancer('network', 'edge', subnets);
      const group = builder.targetGroup('nlb-edge', vpc);
      builder.forward(nlb, group);
      builder.settle();
      return { builder, vpc, subnets, alb, nlb, group };
    },
  },
  'shared-group': {
    summary: 'a target group that holds other people’s targets beside the ALB’s',
    build: (world) => {
      const stage = bridge(world);
      const { builder, group, subnets, alb } = stage;
      builder.targets(group, [builder.unusedAddress(subnets[0] as Subnet), ...ipsOf(alb).slice(0, 1)]);
      builder.settle();
      return stage;
    },
  },
  'dual-stack': {
    summary: 'an ALB with IPv4 and IPv6 addresses',
    build: (world) => bridge(world, { dualStack: true }),
  },
  public: {
    summary: 'an internet-facing ALB',
    build: (world) => {
      const stage = bridge(world);
      const { builder, subnets } = stage;
      builder.alb('front', subnets, 80, { Scheme: 'internet-facing' });
      builder.settle();
      return stage;
    },
  },
  'zonal-shift': {
    summary: 'a zonal shift takes traffic away from one zone of the NLB',
    build: (world) => {
      const stage = bridge(world, { synced: true });
      shiftZone(stage.builder.region, stage.nlb, stage.builder.zone('a'), true);
      return stage;
    },
  },
  provisioning: {
    summary: 'an ALB that is still being set up',
    build: (world) => {
      const stage = bridge(world);
      const { builder, subnets, vpc } = stage;
      const alb = builder.alb('young', subnets, 80, openGroup(builder, vpc, 'young'));
      world.clock.advance(60);
      return { ...stage, alb };
    },
  },
  'other-types': {
    summary: 'target groups of type instance, alb and lambda, an HTTP group of an ALB, a gateway load balancer',
    build: (world) => {
      const stage = bridge(world);
      const { builder, vpc, subnets } = stage;
      builder.targetGroup('tg-instance', vpc, { TargetType: 'instance' });
      builder.targetGroup('tg-alb', vpc, { TargetType: 'alb' });
      builder.targetGroup('tg-lambda', vpc, { TargetType: 'lambda' });
      builder.targetGroup('tg-http', vpc, { Protocol: 'HTTP' });
      builder.loadBalancer('gateway', 'inspection', subnets.slice(0, 1));
      builder.decoy(subnets[0] as Subnet, 'ELB old-web', {});
      builder.settle();
      return stage;
    },
  },
  many: {
    summary: 'twenty bridges, each with an ALB and a target group of its own',
    build: (world) => {
      const stage = bridge(world, { synced: true });
      const { builder, vpc, subnets, nlb } = stage;
      for (let n = 1; n < 20; n++) {
        const alb = builder.alb(`web-${n}`, subnets, 80, openGroup(builder, vpc, `web-${n}`));
        const group = builder.targetGroup(`nlb-edge-${n}`, vpc);
        builder.forward(nlb, group, 80 + n);
        builder.settle(300);
        sync(builder, group, alb);
      }
      builder.settle();
      return stage;
    },
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** ALB and NLB in VPCs of their own. */
function apart(world: World, albBlock: string, regionName?: string, accountId?: string): Stage {
  const builder = new Builder(world);
  const vpc = builder.vpc('10.0.0.0/16');
  const subnets = builder.subnets(vpc, 'ab');
  const place = builder.in(regionName ?? builder.regionName).as(accountId ?? builder.accountId);
  const albVpc = place.vpc(albBlock);
  const alb = place.alb('web', place.subnets(albVpc, 'ab'), 80, openGroup(place, albVpc));
  const nlb = builder.loadBalancer('network', 'edge', subnets);
  const group = builder.targetGroup('nlb-edge', vpc);
  builder.forward(nlb, group);
  builder.settle();
  return { builder, vpc, subnets, alb, nlb, group };
}

const openGroup = (builder: Builder, vpc: Vpc, name = 'web'): Record<string, string> => ({
  'SecurityGroups.member.1': builder.securityGroup(vpc, `${name}-open`, 80, '10.0.0.0/8').id,
});
