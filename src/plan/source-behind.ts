import { addressesOf, interfaceDescription, isLoadBalancerInterface } from './addresses.js';
import { isRegistered } from './health.js';
import type { NetworkInterface, Target, TargetGroup } from './model.js';

/** An address that some ALB holds now. */
export interface AlbAddress {
  /** The tail of the ALB's ARN, `app/NAME/ID`. */
  readonly path: string;
  readonly vpcId: string;
  /** The account of the ALB. */
  readonly ownerId: string | null;
}

/** Addresses -> the ALBs that hold them; two VPCs may each have one of the same number. */
export type AlbAddresses = ReadonlyMap<string, readonly AlbAddress[]>;

const prefix = interfaceDescription('app/');

/** The description of every ALB's interfaces, as EC2's filters take it. */
export const anyAlb = `${prefix}*`;

/** The ALBs behind interfaces. Only what AWS runs and what is in use counts (S9). */
export function albAddresses(interfaces: readonly NetworkInterface[]): AlbAddresses {
  const known = new Map<string, AlbAddress[]>();
  for (const one of interfaces) {
    const { description, status, ownerId } = one;
    if (!description.startsWith(prefix) || !isLoadBalancerInterface(one) || status !== 'in-use') continue;
    const path = `app/${description.slice(prefix.length)}`;
    for (const { ip, vpcId } of addressesOf(one)) {
      known.set(ip, [...(known.get(ip) ?? []), { path, vpcId, ownerId }]);
    }
  }
  return known;
}

/**
 * The ALB whose addresses most of the registered targets are; null where none is an ALB's. With as many of each, the
 * first by its path.
 */
export function sourceBehind(
  group: TargetGroup,
  targets: readonly Target[],
  known: AlbAddresses,
): Pick<AlbAddress, 'path' | 'ownerId'> | null {
  const votes = new Map<string, { readonly alb: AlbAddress; count: number }>();
  for (const target of targets.filter(isRegistered)) {
    for (const alb of known.get(target.ip) ?? []) {
      if (!isMeant(target, alb, group)) continue;
      const vote = votes.get(alb.path) ?? { alb, count: 0 };
      votes.set(alb.path, vote);
      vote.count += 1;
    }
  }
  const [first] = [...votes.values()].sort((a, b) => b.count - a.count || (a.alb.path < b.alb.path ? -1 : 1));
  return first ? first.alb : null;
}

/** A target of zone `all` stands for an address outside the group's VPC, any other for one inside. */
const isMeant = ({ zone }: Target, { vpcId }: AlbAddress, group: TargetGroup): boolean =>
  (zone === 'all') === (vpcId !== group.vpcId);

/**
 * The port of a bridge that nobody names: that of the registered targets at the ALB's addresses (of all, where none
 * stands there), if they agree; else the group's own.
 */
export function bridgePort(
  group: TargetGroup,
  targets: readonly Target[],
  interfaces: readonly NetworkInterface[],
): number {
  const current = new Set(interfaces.flatMap(addressesOf).map(({ ip }) => ip));
  const registered = targets.filter(isRegistered);
  const standing = registered.filter(({ ip }) => current.has(ip));
  const ports = new Set((standing.length > 0 ? standing : registered).map(({ port }) => port));
  const [port] = ports;
  return port !== undefined && ports.size === 1 ? port : group.port;
}
