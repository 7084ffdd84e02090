import { interfaceDescription, ownAddresses, pathOfArn } from './addresses.js';
import { accountOf } from './facts.js';
import {
  type Address,
  type Family,
  type RuleIdentity,
  type RulePeer,
  type SecurityGroupRule,
  SOURCE_TAG,
} from './model.js';
import type { Refusal } from './refusals.js';
import type { RuleFacts, RulePolicy } from './rule-facts.js';
import {
  admitsAddress,
  compareRules,
  isForOneOf,
  isSamePeer,
  isSameRule,
  opensPort,
  peerOfAddress,
} from './rule-peers.js';
import { countRules, ruleLimit } from './rule-quota.js';
import { partialNlb, withoutRoom } from './rule-refusals.js';

export interface PlannedRule extends RuleIdentity {
  readonly description: string;
}

/**
 * The verdict over one security group, every list ordered by port and source.
 *
 * | the rule is                               | there           | not there   |
 * |-------------------------------------------|-----------------|-------------|
 * | wanted, and ours                          | `unchanged`     | `authorize` |
 * | somebody else's that lets the NLB in      | `foreign`       | -           |
 * | ours, and needed by another of our bridges | `unchanged`    | -           |
 * | ours, and no longer wanted                | `revoke`        | -           |
 * | anything else                             | never mentioned | -           |
 */
export interface RulePlan {
  readonly authorize: readonly PlannedRule[];
  readonly revoke: readonly SecurityGroupRule[];
  /** Those of `revoke` that have to make room before anything can be added (S12). */
  readonly makeRoom: readonly SecurityGroupRule[];
  readonly unchanged: readonly SecurityGroupRule[];
  readonly foreign: readonly SecurityGroupRule[];
  readonly refusal: Refusal | null;
}

/** S12: ours are the inbound rules whose tag holds this NLB's ARN. */
export const isOurRule = ({ isEgress, tags }: SecurityGroupRule, nlbArn: string): boolean =>
  !isEgress && tags.get(SOURCE_TAG) === nlbArn;

/** All of the NLB's private addresses: traffic comes from secondary ones too. */
export const nlbAddresses = ({ nlb, interfaces }: Pick<RuleFacts, 'nlb' | 'interfaces'>): readonly Address[] =>
  ownAddresses(interfaceDescription(pathOfArn(nlb.arn)), interfaces).addresses;

/** Whether something of ours stands on a port that nobody asks for: then other bridges have to be looked at. */
export const needsOtherPorts = ({ rules, nlb, ports, otherPorts }: RuleFacts): boolean =>
  otherPorts === null && rules.some((rule) => isOurRule(rule, nlb.arn) && !isOnPort(rule, ports));

/**
 * S12: compares what lets the NLB in with what should. The NLB's traffic is TCP whatever its listener, since that is
 * all an ALB takes.
 */
export function planRules(facts: RuleFacts, policy: RulePolicy): RulePlan {
  const { rules, nlb, ports } = facts;
  const addresses = nlbAddresses(facts);
  const reference = referenceOf(facts, policy);
  const peers = reference ? [reference] : addresses.map(({ ip }) => peerOfAddress(ip));
  const ours = rules.filter((rule) => isOurRule(rule, nlb.arn));
  const others = rules.filter((rule) => !rule.isEgress && !isOurRule(rule, nlb.arn));

  const wanted = ports.flatMap((port) => peers.map((peer) => toRule(peer, port, facts, addresses)));
  const standing = ours.filter((rule) => wanted.some((one) => isSameRule(one, rule)));
  const foreign = others.filter((rule) => admitsAny(rule, facts, addresses));
  const authorize = wanted.filter(
    (one) => !ours.some((rule) => isSameRule(one, rule)) && !isMet(one, foreign, facts, addresses),
  );
  const spared = ours.filter((rule) => !standing.includes(rule) && isAnotherBridges(rule, facts, addresses));
  const stale = ours.filter((rule) => !standing.includes(rule) && !spared.includes(rule));

  // With the group referenced no address has to be seen: the rule holds for those that come, too.
  const partial = reference ? null : partialNlb(facts, addresses);
  const revoke = partial ? [] : stale;
  const room = roomFor(authorize, revoke, facts, policy, addresses);
  const refusal = room.refusal ?? partial;
  const stays = refusal ? [...standing, ...spared, ...stale] : [...standing, ...spared];
  return {
    authorize: [...authorize].sort(compareRules),
    revoke: refusal ? [] : [...revoke].sort(compareRules),
    makeRoom: room.makeRoom,
    unchanged: stays.sort(compareRules),
    foreign: [...foreign].sort(compareRules),
    refusal,
  };
}

/** The NLB's security group as a source, where the policy wants it and it can be referenced; else null. */
function referenceOf({ nlb, securityGroup, rules, ports }: RuleFacts, { source }: RulePolicy): RulePeer | null {
  const isNear = nlb.vpcId === securityGroup.vpcId;
  if (source === 'ips' || nlb.securityGroupIds.length === 0 || (source === 'auto' && !isNear)) return null;
  // Any of its groups would do: one that is referenced already needs no new rule.
  const known = nlb.securityGroupIds.find((id) =>
    rules.some(({ isEgress, peer, ...rule }) => {
      return (
        !isEgress &&
        peer.kind === 'group' &&
        peer.groupId === id &&
        ports.some((port) => opensPort({ ...rule, peer }, port))
      );
    }),
  );
  const groupId = known ?? (nlb.securityGroupIds[0] as string);
  const owner = accountOf(nlb.arn);
  return { kind: 'group', groupId, userId: owner === securityGroup.ownerId ? null : owner };
}

function toRule(peer: RulePeer, port: number, { nlb }: RuleFacts, addresses: readonly Address[]): PlannedRule {
  const zone = addresses.find(({ ip }) => isSamePeer(peer, peerOfAddress(ip)))?.zoneName;
  const description = `lbbridge: NLB ${nlb.name}${zone ? ` in ${zone}` : ''}`;
  return { protocol: 'tcp', fromPort: port, toPort: port, peer, description };
}

/** Whether somebody else's rules let in all that the wanted one would. */
function isMet(
  { fromPort: port, peer }: PlannedRule,
  foreign: readonly SecurityGroupRule[],
  { nlb, prefixLists }: RuleFacts,
  addresses: readonly Address[],
): boolean {
  const opening = foreign.filter((rule) => opensPort(rule, port));
  if (peer.kind === 'group' && opening.some((rule) => rule.peer.kind === 'group')) return true;
  const needed = peer.kind === 'group' ? addresses : addresses.filter(({ ip }) => isSamePeer(peer, peerOfAddress(ip)));
  return (
    needed.length > 0 &&
    needed.every(({ ip }) => opening.some((rule) => admitsAddress(rule.peer, ip, nlb, prefixLists)))
  );
}

/** Whether the rule lets the NLB in on a port that is asked for. */
function admitsAny(
  rule: SecurityGroupRule,
  { nlb, ports, prefixLists }: RuleFacts,
  addresses: readonly Address[],
): boolean {
  if (!ports.some((port) => opensPort(rule, port))) return false;
  if (rule.peer.kind === 'group') return nlb.securityGroupIds.includes(rule.peer.groupId);
  return addresses.some(({ ip }) => admitsAddress(rule.peer, ip, nlb, prefixLists));
}

/** Whether the rule lets the NLB in, as it is now, on a port that another bridge needs. */
function isAnotherBridges(
  { fromPort, toPort, peer }: SecurityGroupRule,
  { nlb, otherPorts }: RuleFacts,
  addresses: readonly Address[],
): boolean {
  if (fromPort !== toPort || !otherPorts?.has(fromPort)) return false;
  return peer.kind === 'group' ? nlb.securityGroupIds.includes(peer.groupId) : isForOneOf(peer, addresses);
}

/** S12: whether what is to come fits, and what of ours would have to go before it. */
function roomFor(
  authorize: readonly PlannedRule[],
  revoke: readonly SecurityGroupRule[],
  facts: RuleFacts,
  { maxRules }: RulePolicy,
  addresses: readonly Address[],
): { readonly makeRoom: readonly SecurityGroupRule[]; readonly refusal: Refusal | null } {
  const { rules, prefixLists, groupsPerInterface } = facts;
  const inbound = rules.filter(({ isEgress }) => !isEgress);
  const limit = ruleLimit(maxRules, groupsPerInterface);
  const added = countRules(authorize, prefixLists);
  // A family that gets nothing new is no matter, however full it is.
  const fits = (gone: readonly SecurityGroupRule[]): boolean => {
    const standing = countRules(
      inbound.filter((rule) => !gone.includes(rule)),
      prefixLists,
    );
    return families.every((family) => added[family] === 0 || standing[family] + added[family] <= limit);
  };
  if (authorize.length === 0 || fits([])) return { makeRoom: [], refusal: null };
  // Only what admits nobody any more may go before its successor stands.
  const lost = revoke.filter(({ peer }) => peer.kind === 'cidr' && !isForOneOf(peer, addresses));
  if (fits(lost)) return { makeRoom: lost, refusal: null };
  const standing = countRules(inbound, prefixLists);
  const full = families.find((family) => added[family] > 0 && standing[family] + added[family] > limit) as Family;
  const numbers = { standing: standing[full], needed: added[full], lost: lost.length, limit };
  return { makeRoom: [], refusal: withoutRoom(facts, numbers) };
}

const families = ['ipv4', 'ipv6'] as const;

const isOnPort = ({ fromPort, toPort }: SecurityGroupRule, ports: readonly number[]): boolean =>
  fromPort === toPort && ports.includes(fromPort);
