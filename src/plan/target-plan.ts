import { type Block, contains, parseBlock } from './cidr.js';
import { isForeignAccount, isOutside, type TargetFacts, type TargetPolicy, targetKey } from './facts.js';
import { servingTest } from './health.js';
import { type Removal, removalGuard } from './make-before-break.js';
import type { Address, Target } from './model.js';
import { type Ownership, ownership } from './ownership.js';
import { nobodysRefusal, othersRefusal, partialView, type Refusal, type RuleId } from './refusals.js';
import { type View, viewOf } from './view.js';

export interface PlannedTarget {
  readonly ip: string;
  readonly port: number;
  /** What AWS is told (`all`), has told, or will find out by the subnet; null where that is not known. */
  readonly zone: string | null;
  /** AWS's state name, or `absent`. */
  readonly health: string;
  readonly reason: string | null;
}

export interface HeldTarget extends PlannedTarget {
  readonly heldBy: RuleId;
  readonly why: string;
}

/**
 * The verdict over one bridge, every list ordered by address and port.
 *
 * | the target is              | registered            | not registered (or draining) |
 * |----------------------------|-----------------------|------------------------------|
 * | wanted                     | `unchanged`           | `register`                   |
 * | not wanted, spared         | `kept`                | -                            |
 * | not wanted, a rule forbids | `held`                | -                            |
 * | not wanted                 | `deregister`          | -                            |
 */
export interface TargetPlan {
  readonly register: readonly PlannedTarget[];
  readonly deregister: readonly PlannedTarget[];
  readonly held: readonly HeldTarget[];
  readonly kept: readonly PlannedTarget[];
  readonly unchanged: readonly PlannedTarget[];
  readonly refusal: Refusal | null;
  /** Whether the group's tag is to be written before the first target (S5). */
  readonly claim: boolean;
  /** Whether each registration names the zone `all`, as it must where the address is outside the group's VPC. */
  readonly sendsZone: boolean;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Facts that the plan needs and does not have yet, each one more read. */
export interface MissingFacts {
  readonly localSubnets: boolean;
  readonly zoneIds: boolean;
  /** Addresses to look up in the load balancer's VPC; empty if none. */
  readonly lookUp: readonly string[];
}

export function missingFacts(facts: TargetFacts, policy: TargetPolicy): MissingFacts {
  const view = viewOf(facts);
  const changes = view.toRegister.length + view.stale.length > 0;
  const shown = new Set(view.addresses.map(({ ip }) => ip));
  const owner = ownershipOf(facts, policy, view);
  const refused = othersRefusal(facts, owner) ?? partialView(facts, view, policy);
  const removable = refused || policy.prune === 'none' ? [] : view.stale;
  const unknown = removable.filter((target) => !shown.has(target.ip) && !isKept(target, policy));
  return {
    localSubnets: facts.localSubnets === null && isOutside(facts),
    zoneIds: facts.zoneIds === null && isForeignAccount(facts) && changes,
    lookUp: facts.found === null ? [...new Set(unknown.map(({ ip }) => ip))] : [],
  };
}

/**
 * Compares what the load balancer shows with what is registered, and puts every rule's word to it.
 *
 * Terms: *wanted* is each address of the load balancer, of the group's family, at the bridge's port; *stale* is what is
 * registered and not wanted. A run adds whatever is wanted unless the group is somebody else's; all caution is about
 * taking away: S2, S3, S10 and S5 forbid it for the whole bridge, S14 and S4 for single targets.
 */
export function planTargets(facts: TargetFacts, policy: TargetPolicy): TargetPlan {
  const view = viewOf(facts);
  const owner = ownershipOf(facts, policy, view);
  const kept = view.stale.filter((target) => isKept(target, policy));
  const stale = view.stale.filter((target) => !isKept(target, policy));
  const refusal = othersRefusal(facts, owner) ?? partialView(facts, view, policy) ?? nobodysRefusal(owner, stale);

  const removal = removalGuard({
    policy,
    view,
    emptied: policy.allowEmpty && view.wanted.length === 0,
    isServing: servingTest(facts.targets),
  });
  const verdicts = stale.map((target) => ({ target, verdict: judge(target, refusal, view, removal) }));
  return {
    register: view.toRegister.map((address) => plannedAddress(address, facts, view)),
    deregister: verdicts.filter(({ verdict }) => verdict === null).map(({ target }) => planned(target)),
    held: verdicts.flatMap(({ target, verdict }) => (verdict ? [{ ...planned(target), ...verdict }] : [])),
    kept: kept.map(planned),
    unchanged: view.unchanged.map(({ target }) => planned(target)),
    refusal,
    claim: owner.kind === 'ours' && owner.claim && refusal?.rule !== 'S2',
    sendsZone: isOutside(facts),
    warnings: zoneWarnings(facts, view),
  };
}

function ownershipOf(facts: TargetFacts, policy: TargetPolicy, view: View): Ownership {
  return ownership({
    loadBalancerArn: facts.loadBalancer.arn,
    tags: facts.tags,
    hasForeign: view.stale.some(({ ip }) => !view.own.has(ip)),
    adopt: policy.adopt,
    adoptFrom: policy.adoptFrom,
    owned: policy.owned,
    pruneAll: policy.prune === 'all',
  });
}

function judge(
  target: Target,
  refusal: Refusal | null,
  view: View,
  removal: Removal,
): Omit<HeldTarget, keyof PlannedTarget> | null {
  if (refusal) return { heldBy: refusal.rule, why: heldWhy(refusal) };
  if (view.own.has(target.ip)) {
    return { heldBy: 'S14', why: "it is still the load balancer's: the first look missed it" };
  }
  if (view.givenAway.has(target.ip)) return null;
  const why = removal(target);
  return why === null ? null : { heldBy: 'S4', why };
}

/** Every rule that refuses a whole plan, in the words of a single target. */
const refusedBecause: Readonly<Record<string, string>> = {
  S2: 'no address of the load balancer was found',
  S3: 'the view of the load balancer is partial',
  S5: 'the group is not ours',
  S10: 'an address of the load balancer names a stranger here',
};

const heldWhy = ({ rule }: Refusal): string => refusedBecause[rule] as string;

function zoneWarnings(facts: TargetFacts, view: View): TargetPlan['warnings'] {
  return view.unchanged.flatMap(({ target, address }) => {
    const expected = isOutside(facts) ? 'all' : view.zones.localName(address);
    if (expected === null || target.zone === null || target.zone === expected) return [];
    const where = `${targetKey(target)} of ${facts.targetGroup.name} is registered under zone ${target.zone}, not ${expected}`;
    return [{ code: 'ZoneDiffers', message: `${where}; it is left as it is.` }];
  });
}

const isKept = ({ ip }: Target, { prune, keep }: TargetPolicy): boolean =>
  prune === 'none' || keep.some((text) => blockHolds(parseBlock(text), ip));

const blockHolds = (block: Block | null, ip: string): boolean => block !== null && contains(block, ip);

const planned = ({ ip, port, zone, state, reason }: Target): PlannedTarget => ({
  ip,
  port,
  zone,
  health: state,
  reason,
});

function plannedAddress(address: Address, facts: TargetFacts, view: View): PlannedTarget {
  const { ip } = address;
  const { port } = facts;
  const leaving = view.draining.get(targetKey({ ip, port }));
  const zone = isOutside(facts) ? 'all' : view.zones.localName(address);
  return { ip, port, zone, health: leaving?.state ?? 'absent', reason: leaving?.reason ?? null };
}
