import type { Aws, ConnectAws, LoadBalancing } from '../aws/ports.js';
import type { Ingress } from '../config/bridge.js';
import { OperationError } from '../errors.js';
import { interfaceDescription, pathOfArn } from '../plan/addresses.js';
import {
  type LoadBalancer,
  type PrefixList,
  type SecurityGroupRule,
  SOURCE_TAG,
  type TargetGroup,
} from '../plan/model.js';
import type { RuleFacts, RulePolicy } from '../plan/rule-facts.js';
import { needsOtherPorts } from '../plan/rule-plan.js';
import { RULES_PER_GROUP } from '../plan/rule-quota.js';
import { findLoadBalancer, findTargetGroup } from './find.js';

/** An ingress whose ends have been found: what it takes to read the rules, as often as needed. */
export interface IngressEnds {
  readonly albSide: Aws;
  readonly nlbSide: Aws;
  /** Null where the security group itself was named. */
  readonly alb: LoadBalancer | null;
  readonly securityGroupId: string;
  readonly nlb: RuleFacts['nlb'];
  readonly targetGroup: TargetGroup | null;
  readonly ports: readonly number[];
  readonly policy: RulePolicy;
}

/** @throws OperationError where an end is not there, is of another kind, or has more than one answer. */
export async function findIngressEnds(ingress: Ingress, connect: ConnectAws): Promise<IngressEnds> {
  const settings = ingress.securityGroup ?? {};
  const nlbSide = connect(ingress.access);
  const albSide = connect(ingress.albAccess);
  const [alb, { targetGroup, nlb }] = await Promise.all([
    ingress.alb === undefined ? null : findLoadBalancer(ingress.alb, albSide, { prefer: 'application' }),
    findNlb(ingress, nlbSide),
  ]);
  if (alb && alb.type !== 'application') {
    throw new OperationError('NotAnAlb', `${ingress.alb} is a ${alb.type} load balancer, not an ALB.`, [
      'Name an Application Load Balancer with --alb, or a security group with --security-group.',
    ]);
  }
  if (settings.source === 'security-group' && nlb.securityGroupIds.length === 0) {
    throw new OperationError('NlbWithoutSecurityGroup', `${nlb.name} has no security group that could be referenced.`, [
      'Let its addresses in instead: --source ips. An NLB gets a security group only when it is created.',
    ]);
  }
  return {
    albSide,
    nlbSide,
    alb,
    securityGroupId: groupIdOf(alb, settings.id),
    nlb,
    targetGroup,
    ports: settings.ports ?? portsOf(targetGroup, ingress.port),
    policy: { source: settings.source ?? 'auto', maxRules: settings.maxRules ?? RULES_PER_GROUP },
  };
}

async function findNlb(
  { targetGroup: group, securityGroup }: Ingress,
  nlbSide: Aws,
): Promise<Pick<IngressEnds, 'targetGroup' | 'nlb'>> {
  const [targetGroup, named] = await Promise.all([
    group === undefined ? null : findTargetGroup(group, nlbSide),
    securityGroup?.nlb === undefined ? null : findLoadBalancer(securityGroup.nlb, nlbSide, { prefer: 'network' }),
  ]);
  const found = named ?? (await findLoadBalancer(attachedTo(targetGroup), nlbSide));
  const { arn, vpcId } = found;
  if (found.type !== 'network') {
    throw new OperationError('NotAnNlb', `${found.name} is a ${found.type} load balancer, not an NLB.`, [
      'Name the Network Load Balancer that is to be let in: --nlb',
    ]);
  }
  if (arn === null || vpcId === null) {
    throw new OperationError('InvalidResponse', `AWS describes ${found.name} without its ARN or its VPC.`);
  }
  return { targetGroup, nlb: { ...found, arn, vpcId } };
}

function attachedTo(targetGroup: TargetGroup | null): string {
  const [first, second] = targetGroup?.loadBalancerArns ?? [];
  if (first !== undefined && second === undefined) return first;
  const name = targetGroup?.name ?? 'The target group';
  throw new OperationError(
    first === undefined ? 'TargetGroupNotAttached' : 'AmbiguousLoadBalancer',
    first === undefined
      ? `No listener sends to ${name}: no NLB is known from it.`
      : `${name} is attached to several NLBs.`,
    ['Name the NLB that is to be let in: --nlb'],
  );
}

/** Target port and health-check port. */
export function portsOf(targetGroup: TargetGroup | null, port: number | undefined): readonly number[] {
  if (!targetGroup) throw new Error('neither ports nor a target group were given');
  const health = Number(targetGroup.healthCheck.port);
  return [...new Set([port ?? targetGroup.port, ...(Number.isInteger(health) ? [health] : [])])].sort((a, b) => a - b);
}

function groupIdOf(alb: LoadBalancer | null, named: string | undefined): string {
  const ids = alb?.securityGroupIds ?? [];
  if (named !== undefined && (alb === null || ids.includes(named))) return named;
  const [first, second] = ids;
  const name = alb?.name ?? 'The load balancer';
  if (named !== undefined) {
    throw new OperationError('SecurityGroupNotAttached', `${named} is not a security group of ${name}.`, [
      ids.length > 0 ? `Its groups are ${ids.join(', ')}.` : 'It has none.',
    ]);
  }
  if (first === undefined) {
    throw new OperationError('NoSecurityGroup', `${name} has no security group: everybody gets in already.`);
  }
  if (second !== undefined) {
    throw new OperationError(
      'AmbiguousSecurityGroup',
      `${name} has ${ids.length} security groups: ${ids.join(', ')}.`,
      ['Say which one is to let the NLB in: --security-group ID'],
    );
  }
  return first;
}

/**
 * Reads what the plan of the rules needs. Interfaces and rules are read at once; what only some groups ask for (prefix
 * lists, the ports of other bridges) is one more wave.
 * @param portsOfTheRun what other bridges of the same run ask for in this group, from the same NLB
 */
export async function readRuleFacts(ends: IngressEnds, portsOfTheRun: readonly number[]): Promise<RuleFacts> {
  const { albSide, nlbSide, alb, securityGroupId, nlb, ports } = ends;
  const [securityGroup, rules, interfaces] = await Promise.all([
    albSide.securityGroups.securityGroup(securityGroupId),
    albSide.securityGroups.rules(securityGroupId),
    nlbSide.network.interfacesByDescription(interfaceDescription(pathOfArn(nlb.arn))),
  ]);
  if (!securityGroup) {
    throw new OperationError(
      'SecurityGroupNotFound',
      `Security group ${securityGroupId} was not found in ${albSide.region}.`,
      ['If it is in another region or account, say so: --alb-region, --alb-profile or --alb-role-arn.'],
    );
  }
  const facts: RuleFacts = {
    securityGroup,
    rules,
    prefixLists: new Map(),
    groupsPerInterface: alb?.securityGroupIds.length ?? 1,
    nlb,
    interfaces,
    ports,
    otherPorts: null,
  };
  const [prefixLists, otherPorts] = await Promise.all([
    readPrefixLists(
      rules.filter(({ isEgress }) => !isEgress),
      albSide,
    ),
    needsOtherPorts(facts) ? otherPortsOf(ends) : [],
  ]);
  return {
    ...facts,
    prefixLists,
    otherPorts: new Set([...portsOfTheRun, ...otherPorts]),
  };
}

/** Behind a security group that was named without an ALB, any bridge of the NLB may be. */
async function otherPortsOf({ albSide, nlbSide, alb, securityGroupId, nlb, targetGroup }: IngressEnds) {
  const leadsThere = alb ? await mayLeadBehind([securityGroupId], alb, albSide) : () => true;
  return portsOfOtherBridges(nlb.arn, targetGroup?.arn ?? null, leadsThere, nlbSide);
}

/** The prefix lists that the rules name, by id. One that is not there admits nobody. */
export async function readPrefixLists(
  rules: readonly SecurityGroupRule[],
  { securityGroups }: Pick<Aws, 'securityGroups'>,
): Promise<ReadonlyMap<string, PrefixList>> {
  const ids = new Set(rules.flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])));
  const lists = await Promise.all([...ids].map((id) => securityGroups.prefixList(id)));
  return new Map(lists.filter((list) => list !== null).map((list) => [list.id, list]));
}

/**
 * Tells of a target group, by its tag, whether it may lead to a load balancer behind the security groups: to this ALB or
 * to another that uses one of them. One without a tag may, since a file can vouch for it, and its first sync may be yet
 * to come.
 */
export async function mayLeadBehind(
  securityGroupIds: readonly string[],
  alb: LoadBalancer,
  { loadBalancing }: { readonly loadBalancing: LoadBalancing },
): Promise<(source: string | undefined) => boolean> {
  const users = (await loadBalancing.allLoadBalancers()).filter((one) =>
    one.securityGroupIds.some((id) => securityGroupIds.includes(id)),
  );
  return (source) => source === undefined || source === alb.arn || users.some(({ arn }) => arn === source);
}

/**
 * The ports on which other target groups of the NLB lead to the same ALB: target, health check and whatever is
 * registered.
 * @param leadsThere whether a group with this tag may lead to it
 */
export async function portsOfOtherBridges(
  nlbArn: string,
  ownGroupArn: string | null,
  leadsThere: (source: string | undefined) => boolean,
  { loadBalancing }: { readonly loadBalancing: LoadBalancing },
): Promise<readonly number[]> {
  const groups = (await loadBalancing.targetGroupsOf(nlbArn)).filter(
    ({ arn, targetType }) => arn !== ownGroupArn && targetType !== 'instance',
  );
  const ports = await Promise.all(
    groups.map(async (group) => {
      if (!leadsThere((await loadBalancing.tags(group.arn)).get(SOURCE_TAG))) return [];
      const registered = await loadBalancing.targets(group.arn);
      return [...portsOf(group, undefined), ...registered.map(({ port }) => port)];
    }),
  );
  return ports.flat();
}
