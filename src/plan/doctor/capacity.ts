import { isRegistered } from '../health.js';
import { count } from '../text.js';
import { type DoctorFacts, isCrossZone, type NlbFacts } from './facts.js';
import type { Found } from './findings.js';

/** Free addresses that a load balancer needs in a subnet to grow. Source: Application Load Balancers user guide. */
const FREE_ADDRESSES = 8;

/** Targets that AWS allows unless the account has more. Source: "Quotas for your Network Load Balancers". */
const byDefault: Readonly<Record<string, number>> = {
  'targets-per-target-group': 1000,
  'targets-per-network-load-balancer': 3000,
  'targets-per-availability-zone-per-network-load-balancer': 500,
};
/** The quota that AWS states for an NLB with cross-zone balancing; DescribeAccountLimits does not name it. */
const CROSS_ZONE = 500;

/** Whether there is room: for the ALB to grow, and for its addresses in the target group. */
export const capacityFindings = (facts: DoctorFacts): Found[] => [...albRoom(facts), ...targetRoom(facts)];

function albRoom({ sync: { loadBalancer }, albSubnets }: DoctorFacts): Found[] {
  const out: Found[] = [];
  if (loadBalancer.state === 'active_impaired') {
    out.push({
      id: 'alb-impaired',
      message: `${loadBalancer.name} is active_impaired: it cannot get what it needs to grow.`,
    });
  }
  const own = new Set(loadBalancer.zones.map(({ subnetId }) => subnetId));
  const tight = (albSubnets ?? []).filter(
    ({ id, freeAddresses }) => own.has(id) && freeAddresses !== null && freeAddresses < FREE_ADDRESSES,
  );
  if (tight.length > 0) {
    const which = tight.map(({ id, zoneName, freeAddresses }) => `${id} in ${zoneName} (${freeAddresses} free)`);
    out.push({
      id: 'subnet-nearly-full',
      message: `${loadBalancer.name} has ${count(tight.length, 'subnet')} with fewer than ${FREE_ADDRESSES} free addresses: ${which.join(', ')}.`,
    });
  }
  return out;
}

interface Room {
  readonly what: string;
  readonly used: number;
  readonly limit: number;
  /** How many more a sync would register there. */
  readonly needed: number;
  /** How many of the ALB's there will be then. */
  readonly wanted: number;
}

function targetRoom(facts: DoctorFacts): Found[] {
  const rooms = [groupRoom(facts), ...(facts.nlbs ?? []).flatMap((nlb) => nlbRooms(facts, nlb))];
  const short = rooms.filter(({ used, needed, limit }) => needed > 0 && used + needed > limit);
  if (short.length > 0) {
    const words = short.map(({ needed, ...room }) => `${holds(room)}, and ${needed} more are to be registered`);
    return [{ id: 'quota-exceeded', message: `${words.join('; ')}.` }];
  }
  // When AWS replaces the ALB's nodes, old and new ones stand side by side for a while.
  const near = rooms.filter(({ used, needed, wanted, limit }) => used + needed + wanted > limit);
  if (near.length === 0) return [];
  const words = near.map(({ wanted, ...room }) => `${holds(room)}, and would need ${wanted} more for a while`);
  return [{ id: 'quota-near', message: `If all nodes of the ALB are replaced: ${words.join('; ')}.` }];
}

const holds = ({ what, used, limit }: Pick<Room, 'what' | 'used' | 'limit'>): string =>
  `${what} holds ${used} of at most ${count(limit, 'target')}`;

const limitOf = ({ limits }: DoctorFacts, name: string): number => limits?.get(name) ?? (byDefault[name] as number);

/** How many more, and how many in all, of the zone; of every zone without one. */
function demand({ plan: { register, unchanged } }: DoctorFacts, zone?: string): Pick<Room, 'needed' | 'wanted'> {
  const isThere = (target: { readonly zone: string | null }): boolean =>
    zone === undefined || target.zone === zone || target.zone === 'all';
  const needed = register.filter(isThere).length;
  return { needed, wanted: needed + unchanged.filter(isThere).length };
}

const groupRoom = (facts: DoctorFacts): Room => ({
  what: facts.sync.targetGroup.name,
  used: facts.sync.targets.filter(isRegistered).length,
  limit: limitOf(facts, 'targets-per-target-group'),
  ...demand(facts),
});

function nlbRooms(facts: DoctorFacts, nlb: NlbFacts): Room[] {
  const all = [...facts.sync.targets, ...(nlb.otherTargets ?? [])].filter(isRegistered);
  const { name } = nlb.loadBalancer;
  const whole = { used: all.length, ...demand(facts) };
  if (isCrossZone(facts, nlb)) return [{ ...whole, what: `${name}, with cross-zone balancing,`, limit: CROSS_ZONE }];
  return [
    { ...whole, what: name, limit: limitOf(facts, 'targets-per-network-load-balancer') },
    ...nlb.loadBalancer.zones.map(({ zoneName }) => ({
      what: `${name} in ${zoneName}`,
      used: all.filter(({ zone }) => zone === zoneName || zone === 'all').length,
      limit: limitOf(facts, 'targets-per-availability-zone-per-network-load-balancer'),
      ...demand(facts, zoneName),
    })),
  ];
}
