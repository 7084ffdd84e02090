import type { Aws, ConnectAws } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from '../config/reference.js';
import { OperationError } from '../errors.js';
import { interfaceDescription, pathOfArn } from '../plan/addresses.js';
import type { TargetFacts, TargetPolicy } from '../plan/facts.js';
import type { LoadBalancerType, TargetGroup } from '../plan/model.js';
import { missingFacts } from '../plan/target-plan.js';
import { findLoadBalancer, findTargetGroup } from './find.js';

/** The two sides of a bridge: where its target group is, and where its load balancer is. */
export interface Sides {
  readonly groupSide: Aws;
  readonly albSide: Aws;
}

export const connectBridge = (bridge: Bridge, connect: ConnectAws): Sides => ({
  groupSide: connect(bridge.access),
  albSide: connect(bridge.albAccess),
});

/**
 * Reads everything that a bridge's plan needs, waiting as seldom as AWS allows: with ARNs given all five reads start at
 * once, with names the two look-ups go first. What only a change needs (S4, S10, S14) is one more wave.
 * @throws OperationError or AwsFailure; a read that fails is never taken as empty (S1).
 */
export async function readBridge(bridge: Bridge, sides: Sides): Promise<TargetFacts> {
  const { groupSide, albSide } = sides;
  const alb = parseLoadBalancerReference(bridge.alb);
  const group = parseTargetGroupReference(bridge.targetGroup);
  if (alb.kind === 'arn' && alb.type !== 'application') throw notAnAlb(bridge.alb, alb.type);

  const albRead = settle(findAlb(bridge.alb, albSide));
  const groupRead = settle(findTargetGroup(bridge.targetGroup, groupSide).then(checkGroup));
  const path = alb.kind === 'arn' ? Promise.resolve(alb.path) : albRead.then(({ arn }) => pathOfArn(arn));
  const groupArn = group.kind === 'arn' ? Promise.resolve(group.arn) : groupRead.then(({ arn }) => arn);
  const interfacesRead = settle(
    path.then((tail) => albSide.network.interfacesByDescription(interfaceDescription(tail))),
  );
  const targetsRead = settle(groupArn.then((arn) => groupSide.loadBalancing.targets(arn)));
  const tagsRead = settle(groupArn.then((arn) => groupSide.loadBalancing.tags(arn)));

  // Awaited in the order in which their failures explain most: a group that is not there fails three reads.
  const loadBalancer = await albRead;
  const targetGroup = await groupRead;
  return completeFacts(
    {
      loadBalancer,
      description: interfaceDescription(pathOfArn(loadBalancer.arn)),
      targetGroup,
      interfaces: await interfacesRead,
      targets: await targetsRead,
      tags: await tagsRead,
      port: bridge.port ?? targetGroup.port,
      localSubnets: null,
      zoneIds: null,
      found: null,
    },
    bridge,
    sides,
  );
}

/** Reads again whatever may have changed since: everything but the target group itself, which never does. */
export async function refreshFacts(facts: TargetFacts, bridge: Bridge, sides: Sides): Promise<TargetFacts> {
  const { groupSide, albSide } = sides;
  const [loadBalancer, interfaces, targets, tags] = await Promise.all([
    findAlb(facts.loadBalancer.arn, albSide),
    albSide.network.interfacesByDescription(facts.description),
    groupSide.loadBalancing.targets(facts.targetGroup.arn),
    groupSide.loadBalancing.tags(facts.targetGroup.arn),
  ]);
  return completeFacts({ ...facts, loadBalancer, interfaces, targets, tags, found: null }, bridge, sides);
}

/** Adds the facts that the plan asks for, all in one wave. */
export async function completeFacts(
  facts: TargetFacts,
  policy: TargetPolicy,
  { groupSide, albSide }: Sides,
): Promise<TargetFacts> {
  const missing = missingFacts(facts, policy);
  const { vpcId } = facts.loadBalancer;
  const [localSubnets, zoneIds, found] = await Promise.all([
    missing.localSubnets ? groupSide.network.subnets(facts.targetGroup.vpcId) : facts.localSubnets,
    missing.zoneIds ? groupSide.network.zoneIds() : facts.zoneIds,
    missing.lookUp.length > 0 ? albSide.network.interfacesByAddress(vpcId, missing.lookUp) : facts.found,
  ]);
  return { ...facts, localSubnets, zoneIds, found };
}

async function findAlb(text: string, albSide: Aws): Promise<TargetFacts['loadBalancer']> {
  // `--alb` means an ALB: an NLB or gateway of the same name does not make it ambiguous.
  const found = await findLoadBalancer(text, albSide, { prefer: 'application' });
  if (found.type !== 'application') throw notAnAlb(text, found.type);
  const { arn, vpcId } = found;
  if (arn === null || vpcId === null) {
    throw new OperationError('InvalidResponse', `AWS describes ${text} without its ARN or its VPC.`);
  }
  return { ...found, arn, vpcId };
}

function notAnAlb(text: string, type: LoadBalancerType): OperationError {
  return new OperationError('NotAnAlb', `${text} is a ${type} load balancer, not an ALB: a bridge leads to an ALB.`, [
    'Name an Application Load Balancer with --alb; `lbbridge ips` lists the addresses of any kind.',
  ]);
}

function checkGroup(group: TargetGroup): TargetGroup {
  const misfit = misfitOf(group);
  if (misfit) throw misfit;
  return group;
}

/** Why a group can be no bridge's: only an `ip` group of an NLB can hold an ALB's addresses. Null where it can. */
export function misfitOf(group: TargetGroup): OperationError | null {
  const { name, targetType, protocol, loadBalancerArns } = group;
  if (targetType !== 'ip') {
    return new OperationError(
      'WrongTargetType',
      `${name} is a target group of type ${targetType}; a bridge keeps addresses, which takes type ip.`,
      targetType === 'alb'
        ? ['An alb group follows its load balancer by itself: it needs no bridge.']
        : ['The type of a target group cannot be changed: create one with --target-type ip.'],
    );
  }
  const albArn = loadBalancerArns.find((arn) => arn.includes(':loadbalancer/app/'));
  if (albArn !== undefined || !nlbProtocols.has(protocol)) {
    const why = albArn === undefined ? `its protocol is ${protocol}` : `${albArn} sends to it`;
    return new OperationError('NotAnNlbTargetGroup', `${name} is a target group of an ALB, not of an NLB: ${why}.`, [
      "Name the NLB's own target group, of protocol TCP or TLS.",
    ]);
  }
  return null;
}

const nlbProtocols = new Set(['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC']);

/** Keeps a read that fails before it is awaited from ending the process; awaiting it still throws. */
function settle<T>(read: Promise<T>): Promise<T> {
  read.catch(() => undefined);
  return read;
}
