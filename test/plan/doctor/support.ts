import { diagnose } from '../../../src/plan/doctor/diagnose.js';
import type { DoctorFacts, NlbFacts, Security } from '../../../src/plan/doctor/facts.js';
import type { FindingId } from '../../../src/plan/doctor/findings.js';
import type { Listener, ListenerRule, SecurityGroupRule } from '../../../src/plan/model.js';
import { planTargets } from '../../../src/plan/target-plan.js';
import { facts, GROUP, node, policy, target, type World } from '../support.js';

/** A sound bridge in the smallest words: what is not said is as it should be. */

export const NLB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/edge/1234567890abcdef';

export const forwardTo = (arn: string, weight = 1) => ({ type: 'forward', targetGroups: [{ arn, weight }] }) as const;

export const listener = (more: Partial<Listener> = {}): Listener => ({
  arn: 'listener-1',
  loadBalancerArn: NLB,
  protocol: 'TCP',
  port: 80,
  sslPolicy: null,
  actions: [forwardTo(GROUP)],
  ...more,
});

export const rule = (more: Partial<ListenerRule> = {}): ListenerRule => ({
  arn: 'rule-1',
  priority: 1,
  conditions: [],
  actions: [{ type: 'fixed-response', status: 200 }],
  ...more,
});

/** A rule of a security group: TCP on port 80. */
export const opening = (peer: SecurityGroupRule['peer'], more: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  id: 'sgr-1',
  groupId: 'sg-1',
  isEgress: false,
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer,
  description: null,
  tags: new Map(),
  ...more,
});

export const security = (
  rules: readonly SecurityGroupRule[],
  id = 'sg-alb',
  more: Partial<Security> = {},
): Security => ({
  groups: [{ id, name: id, vpcId: 'vpc-1', ownerId: '111122223333', tags: new Map() }],
  rules,
  prefixLists: new Map(),
  ...more,
});

export interface NlbWorld extends Partial<Omit<NlbFacts, 'loadBalancer'>> {
  readonly loadBalancer?: Partial<NlbFacts['loadBalancer']>;
}

export function nlb({ loadBalancer, ...more }: NlbWorld = {}): NlbFacts {
  return {
    loadBalancer: {
      type: 'network',
      name: 'edge',
      arn: NLB,
      dnsName: null,
      vpcId: 'vpc-1',
      state: 'active',
      scheme: 'internal',
      ipAddressType: 'ipv4',
      zones: ['a', 'b'].map((zone) => ({ zoneName: `us-east-1${zone}`, subnetId: `subnet-${zone}` })),
      securityGroupIds: [],
      enforcesPrivateLinkRules: null,
      ...loadBalancer,
    },
    attributes: new Map([['load_balancing.cross_zone.enabled', 'false']]),
    listeners: [listener()],
    rules: new Map(),
    interfaces: ['a', 'b'].map((zone, index) =>
      node(`10.0.${index + 1}.9`, zone, { description: 'ELB net/edge/1234567890abcdef' }),
    ),
    otherTargets: [],
    otherPorts: new Set(),
    security: null,
    ...more,
  };
}

export interface DoctorWorld extends Partial<Omit<DoctorFacts, 'sync' | 'plan'>> {
  readonly sync?: World;
}

export function doctorFacts({ sync: world = {}, ...more }: DoctorWorld = {}): DoctorFacts {
  const { targetGroup, ...rest } = world;
  const sync = facts({
    interfaces: [node('10.0.1.1'), node('10.0.2.1', 'b')],
    targets: [target('10.0.1.1'), target('10.0.2.1', 'healthy', 'b')],
    targetGroup: { loadBalancerArns: [NLB], ...targetGroup },
    ...rest,
  });
  return {
    sync,
    policy: policy(),
    plan: planTargets(sync, more.policy ?? policy()),
    paused: null,
    locked: null,
    ownerExists: true,
    groupAttributes: new Map(),
    nlbs: [nlb()],
    albListeners: [listener({ arn: 'listener-2', loadBalancerArn: sync.loadBalancer.arn, protocol: 'HTTP' })],
    healthRules: [],
    albSubnets: [],
    albSecurity: null,
    rulePorts: [80],
    rulePolicy: { source: 'auto', maxRules: 60 },
    ruleGroupId: undefined,
    limits: null,
    mayAuthorize: null,
    ...more,
  };
}

export const idsOf = (world: DoctorWorld): FindingId[] => diagnose(doctorFacts(world)).map(({ id }) => id);

export const found = (id: FindingId, world: DoctorWorld) =>
  diagnose(doctorFacts(world)).find((finding) => finding.id === id);
