import type { Aws } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import { OperationError } from '../errors.js';
import { interfaceDescription, pathOfArn } from '../plan/addresses.js';
import { checksHttp, type DoctorFacts, healthCheckPort, type NlbFacts, type Security } from '../plan/doctor/facts.js';
import type { TargetFacts } from '../plan/facts.js';
import { wouldWrite } from '../plan/guards.js';
import { isRegistered } from '../plan/health.js';
import { type Listener, type ListenerRule, type LoadBalancer, SOURCE_TAG } from '../plan/model.js';
import { isOurRule } from '../plan/rule-plan.js';
import { RULES_PER_GROUP } from '../plan/rule-quota.js';
import { planTargets } from '../plan/target-plan.js';
import { findLoadBalancer } from './find.js';
import { pauseOrLock } from './pause-or-lock.js';
import { readBridge, type Sides } from './read-bridge.js';
import { mayLeadBehind, portsOf, portsOfOtherBridges, readPrefixLists } from './read-ingress.js';

/** A part that could not be looked at. */
export interface Gap {
  /** In words that stand after "could not look at". */
  readonly what: string;
  readonly failure: OperationError;
  /** Whether an error may hide there: then nobody can say that the bridge is sound. */
  readonly hidesErrors: boolean;
}

export interface Diagnosed {
  readonly facts: DoctorFacts;
  readonly gaps: readonly Gap[];
}

/** Waits for one read; what AWS refuses or does not find becomes a gap, and null. */
type Look = <T>(what: string, read: Promise<T>, hidesErrors?: boolean) => Promise<T | null>;

/**
 * Reads all that a diagnosis is made from. What a sync reads must be readable; of the rest, whatever is refused is a gap.
 * Behind a sync's own reads wait two more waves at most, and equal reads of other bridges share calls.
 * @throws OperationError or AwsFailure where a sync could not read the bridge either.
 */
export async function readDiagnosis(
  bridge: Bridge,
  sides: Sides,
  { now, readOnly }: { readonly now: Date; readonly readOnly: boolean },
): Promise<Diagnosed> {
  const { groupSide, albSide } = sides;
  const sync = await readBridge(bridge, sides);
  const plan = planTargets(sync, bridge);
  const gaps: Gap[] = [];
  const look: Look = async (what, read, hidesErrors = true) => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      gaps.push({ what, failure: error, hidesErrors });
      return null;
    }
  };
  const { loadBalancer: alb, targetGroup: group } = sync;
  const settings = bridge.securityGroup ?? {};
  const securityGroupId = settings.id ?? alb.securityGroupIds[0];
  const rulePorts = settings.ports ?? portsOf(group, bridge.port);
  const albSecurityRead = look(`the security groups of ${alb.name}`, readSecurity(alb, albSide));
  const albListenersRead = look(`the listeners of ${alb.name}`, albSide.loadBalancing.listeners(alb.arn));
  const [groupAttributes, nlbs, albListeners, healthRules, albSubnets, albSecurity, limits, mayAuthorize, ownerExists] =
    await Promise.all([
      look(`the attributes of ${group.name}`, groupSide.loadBalancing.targetGroupAttributes(group.arn)),
      look(
        `the NLBs of ${group.name}`,
        readNlbs(bridge, sync, groupSide, { look, rulePorts, albSide, albSecurityRead }),
      ),
      albListenersRead,
      albListenersRead.then((found) =>
        look(`the rules of ${alb.name}`, readHealthRules(found ?? [], { sync }, albSide)),
      ),
      look(`the subnets of ${alb.name}`, albSide.network.subnets(alb.vpcId), false),
      albSecurityRead,
      look('the quotas of the account', groupSide.loadBalancing.accountLimits(), false),
      look(
        `whether rules may be added to ${securityGroupId}`,
        securityGroupId === undefined
          ? Promise.resolve(null)
          : albSide.securityGroups.mayAuthorizeIngress(securityGroupId),
        false,
      ),
      look('the load balancer that the tag lbbridge:source names', readOwner(sync, sides), false),
    ]);
  const facts: DoctorFacts = {
    sync,
    policy: bridge,
    plan,
    paused: pauseOrLock(sync, false, now)?.refusal.message ?? null,
    locked: wouldWrite(plan) ? (pauseOrLock(sync, readOnly, now)?.refusal.message ?? null) : null,
    ownerExists,
    groupAttributes,
    nlbs,
    albListeners,
    healthRules,
    albSubnets,
    albSecurity,
    rulePorts,
    rulePolicy: { source: settings.source ?? 'auto', maxRules: settings.maxRules ?? RULES_PER_GROUP },
    ruleGroupId: settings.id,
    limits,
    mayAuthorize,
  };
  return { facts, gaps };
}

interface NlbReading {
  readonly look: Look;
  readonly rulePorts: readonly number[];
  readonly albSide: Aws;
  readonly albSecurityRead: Promise<Security | null>;
}

/** The NLBs that send to the group; where nobody does, the one that the bridge names. */
async function readNlbs(
  bridge: Bridge,
  { targetGroup, loadBalancer: alb }: TargetFacts,
  aws: Aws,
  { look, rulePorts, albSide, albSecurityRead }: NlbReading,
): Promise<NlbFacts[]> {
  const { loadBalancing } = aws;
  const named = bridge.securityGroup?.nlb;
  const found =
    targetGroup.loadBalancerArns.length === 0 && named !== undefined
      ? [(await findLoadBalancer(named, aws, { type: 'network' })).arn]
      : targetGroup.loadBalancerArns;
  const read = found.map(async (arn): Promise<NlbFacts[]> => {
    if (arn === null) return [];
    const balancerRead = findLoadBalancer(arn, aws);
    const listenersRead = look(`the listeners of ${pathOfArn(arn)}`, loadBalancing.listeners(arn));
    const [balancer, attributes, listeners, rules, interfaces, otherTargets, otherPorts, security] = await Promise.all([
      balancerRead,
      look(`the attributes of ${pathOfArn(arn)}`, loadBalancing.loadBalancerAttributes(arn)),
      listenersRead,
      listenersRead.then((all) =>
        look(`the rules of ${pathOfArn(arn)}`, readRules(rulesNeeded(all ?? [], targetGroup.arn), aws)),
      ),
      look(
        `the addresses of ${pathOfArn(arn)}`,
        aws.network.interfacesByDescription(interfaceDescription(pathOfArn(arn))),
      ),
      look(`the other targets of ${pathOfArn(arn)}`, readOtherTargets(arn, targetGroup.arn, aws), false),
      look(
        `the other bridges of ${pathOfArn(arn)}`,
        albSecurityRead.then(async (found) =>
          found?.rules.some((rule) => isOurRule(rule, arn) && !rulePorts.includes(rule.fromPort))
            ? portsOfOtherBridges(arn, targetGroup.arn, await mayLeadBehind(alb.securityGroupIds, alb, albSide), aws)
            : [],
        ),
      ),
      look(
        `the security groups of ${pathOfArn(arn)}`,
        balancerRead.then((one) => readSecurity(one, aws)),
      ),
    ]);
    if (!balancer.arn || balancer.vpcId === null) return [];
    const loadBalancer = { ...balancer, arn, vpcId: balancer.vpcId };
    return [
      {
        loadBalancer,
        attributes,
        listeners,
        rules,
        interfaces,
        otherTargets,
        otherPorts: otherPorts && new Set(otherPorts),
        security,
      },
    ];
  });
  return (await Promise.all(read)).flat();
}

/** A group may be attached by a rule: rules are looked at where the default actions do not tell. */
function rulesNeeded(listeners: readonly Listener[], groupArn: string): readonly Listener[] {
  const isAttached = listeners.some(({ actions }) =>
    actions.some(
      (action) =>
        action.type === 'forward' && action.targetGroups.some(({ arn, weight }) => arn === groupArn && weight > 0),
    ),
  );
  return isAttached ? [] : listeners;
}

const readRules = async (
  listeners: readonly Listener[],
  { loadBalancing }: Aws,
): Promise<ReadonlyMap<string, readonly ListenerRule[]>> =>
  new Map(
    await Promise.all(
      listeners.map(
        async ({ arn }): Promise<[string, readonly ListenerRule[]]> => [arn, await loadBalancing.listenerRules(arn)],
      ),
    ),
  );

/** Rules decide what an HTTP check is answered, and nothing else that is asked here. */
async function readHealthRules(
  listeners: readonly Listener[],
  facts: Pick<DoctorFacts, 'sync'>,
  { loadBalancing }: Aws,
): Promise<readonly ListenerRule[]> {
  const port = healthCheckPort(facts);
  const listener = checksHttp(facts) ? listeners.find((one) => one.port === port) : undefined;
  return listener ? loadBalancing.listenerRules(listener.arn) : [];
}

/** Quotas count a target in every group that the NLB sends to. */
async function readOtherTargets(nlbArn: string, groupArn: string, { loadBalancing }: Aws) {
  const groups = (await loadBalancing.targetGroupsOf(nlbArn)).filter(({ arn }) => arn !== groupArn);
  const targets = await Promise.all(groups.map(({ arn }) => loadBalancing.targets(arn)));
  return targets.flat().filter(isRegistered);
}

async function readSecurity(balancer: LoadBalancer | null, aws: Aws): Promise<Security> {
  const { securityGroups } = aws;
  const ids = balancer?.securityGroupIds ?? [];
  const [groups, rules] = await Promise.all([
    Promise.all(ids.map((id) => securityGroups.securityGroup(id))),
    Promise.all(ids.map((id) => securityGroups.rules(id))),
  ]);
  return {
    groups: groups.filter((one) => one !== null),
    rules: rules.flat(),
    prefixLists: await readPrefixLists(rules.flat(), aws),
  };
}

/** Only an account and region that we are in can be asked whether it has the load balancer; null elsewhere. */
async function readOwner({ tags, loadBalancer, targetGroup }: TargetFacts, sides: Sides): Promise<boolean | null> {
  const owner = tags.get(SOURCE_TAG);
  if (owner === undefined || owner === loadBalancer.arn) return true;
  const place = (arn: string): string => arn.split(':').slice(0, 5).join(':');
  if (!owner.includes(':loadbalancer/')) return null;
  if (place(owner) === place(loadBalancer.arn)) return (await sides.albSide.loadBalancing.loadBalancer(owner)) !== null;
  if (place(owner) === place(targetGroup.arn)) {
    return (await sides.groupSide.loadBalancing.loadBalancer(owner)) !== null;
  }
  return null;
}
