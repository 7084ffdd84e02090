import { contains, format, parse } from '../ip.js';
import type { NetworkInterface, RegionState, Subnet } from '../state.js';
import { AwsError } from '../wire/operation.js';
import type { World } from '../world.js';

/** Every IPv4 address that an interface of the subnet holds. */
export function usedAddresses(region: RegionState, subnet: Subnet): Set<string> {
  const used = new Set<string>();
  for (const one of region.interfaces.values()) {
    if (one.subnetId === subnet.id) for (const { ip } of one.privateIps) used.add(ip);
  }
  return used;
}

/** How many addresses the subnet has left; AWS keeps five of each block for itself. */
export function freeCount(region: RegionState, subnet: Subnet): number {
  const { first, last } = parse(subnet.cidrBlock);
  return last - first + 1 - 5 - usedAddresses(region, subnet).size;
}

/** The first four addresses of a block and its last are never given out. */
export function isReserved(subnet: Subnet, ip: string): boolean {
  const { first, last } = parse(subnet.cidrBlock);
  const value = parse(ip).first;
  return value < first + 4 || value === last;
}

/** A free address, by chance; one that was just given back comes up again only when its time has passed. */
export function freeAddress(world: World, region: RegionState, subnet: Subnet): string {
  const { first, last } = parse(subnet.cidrBlock);
  const used = usedAddresses(region, subnet);
  const { now } = world.clock;
  const count = last - first + 1 - 5;
  const start = world.random.below(Math.max(count, 1));
  for (let step = 0; step < count; step++) {
    const ip = format(first + 4 + ((start + step) % count));
    if (!used.has(ip) && (subnet.freed.get(ip) ?? 0) <= now) return ip;
  }
  throw new AwsError(
    400,
    'InsufficientFreeAddressesInSubnet',
    'The specified subnet does not have enough free addresses to satisfy the request.',
  );
}

/** Gives an interface's addresses back to the subnet. */
export function freeAddresses(world: World, region: RegionState, { subnetId, privateIps }: NetworkInterface): void {
  const subnet = region.subnets.get(subnetId);
  const until = world.clock.now + world.random.next() * world.knobs['alb.ipReuseSeconds'] * 1000;
  for (const { ip } of privateIps) subnet?.freed.set(ip, until);
}

/** The subnet of the VPC that holds the address, if any: AWS compares subnets, not the VPC's blocks. */
export function subnetHolding(region: RegionState, vpcId: string, ip: string): Subnet | null {
  for (const subnet of region.subnets.values()) {
    if (subnet.vpcId !== vpcId) continue;
    const block = ip.includes(':') ? subnet.ipv6CidrBlock : subnet.cidrBlock;
    if (block !== undefined && contains(block, ip)) return subnet;
  }
  return null;
}

/** The interface that holds the address: in the VPC itself first, else wherever a route may lead. */
export function interfaceHolding(
  world: World,
  region: RegionState,
  vpcId: string,
  ip: string,
): NetworkInterface | null {
  let elsewhere: NetworkInterface | null = null;
  for (const place of [region, ...[...world.regions.values()].filter((other) => other !== region)]) {
    for (const one of place.interfaces.values()) {
      if (!holds(one, ip)) continue;
      if (one.vpcId === vpcId) return one;
      elsewhere ??= one;
    }
  }
  return elsewhere;
}

const holds = (one: NetworkInterface, ip: string): boolean =>
  one.privateIps.some((address) => address.ip === ip) || one.ipv6Addresses.includes(ip);
