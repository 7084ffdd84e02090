import { addressesOf, isLoadBalancerInterface, ownAddresses } from './addresses.js';
import { type Block, compareAddresses, contains, parseBlock } from './cidr.js';
import { isForeignAccount, isOutside, type TargetFacts, targetKey } from './facts.js';
import { isRegistered } from './health.js';
import type { Address, Subnet, Target } from './model.js';
import { compareZones, type Zones } from './zones.js';

/** Facts side by side: what both sides show, before any rule has spoken. */
export interface View {
  /** Every address of the load balancer, whatever its family. */
  readonly addresses: readonly Address[];
  /** Of the group's family, and not a stranger's. */
  readonly wanted: readonly Address[];
  /** Addresses of another VPC that a subnet of the group's own VPC holds too: there they would name a stranger. */
  readonly strangers: readonly Address[];
  readonly toRegister: readonly Address[];
  readonly unchanged: readonly { readonly target: Target; readonly address: Address }[];
  readonly stale: readonly Target[];
  readonly draining: ReadonlyMap<string, Target>;
  /** Stale addresses that are the load balancer's own after all, and those that somebody else has got. */
  readonly own: ReadonlySet<string>;
  readonly givenAway: ReadonlySet<string>;
  readonly zones: Zones;
}

export function viewOf(facts: TargetFacts): View {
  const { targetGroup, port } = facts;
  const { addresses } = ownAddresses(facts.description, facts.interfaces);
  const ofFamily = addresses.filter(({ family }) => family === targetGroup.ipAddressType);
  const local = isOutside(facts) ? subnetBlocks(facts.localSubnets ?? []) : [];
  const isLocal = ({ ip }: Address) => local.some((block) => contains(block, ip));
  const strangers = ofFamily.filter(isLocal);
  const wanted = ofFamily.filter((address) => !isLocal(address));

  const byAddress = [...facts.targets].sort((a, b) => compareAddresses(a.ip, b.ip) || a.port - b.port);
  const registered = new Map(byAddress.filter(isRegistered).map((target) => [targetKey(target), target]));
  const wantedKeys = new Map(wanted.map((address) => [targetKey({ ip: address.ip, port }), address]));
  return {
    addresses,
    wanted,
    strangers,
    toRegister: wanted.filter((address) => !registered.has(targetKey({ ip: address.ip, port }))),
    unchanged: [...registered].flatMap(([key, target]) => {
      const address = wantedKeys.get(key);
      return address ? [{ target, address }] : [];
    }),
    stale: [...registered].flatMap(([key, target]) => (wantedKeys.has(key) ? [] : [target])),
    draining: new Map(byAddress.filter((target) => !isRegistered(target)).map((target) => [targetKey(target), target])),
    ...secondLook(facts),
    zones: compareZones(facts, ofFamily, isForeignAccount(facts)),
  };
}

/** S14: what the search by address says of the stale ones. */
function secondLook({ found, description }: TargetFacts): Pick<View, 'own' | 'givenAway'> {
  const own = new Set(ownAddresses(description, found ?? []).addresses.map(({ ip }) => ip));
  const givenAway = new Set(
    (found ?? [])
      .filter((candidate) => candidate.status === 'in-use' && !isLoadBalancerInterface(candidate))
      .flatMap(addressesOf)
      .map(({ ip }) => ip)
      .filter((ip) => !own.has(ip)),
  );
  return { own, givenAway };
}

function subnetBlocks(subnets: readonly Subnet[]): Block[] {
  return subnets
    .flatMap(({ cidrBlock, ipv6CidrBlocks }) => [...(cidrBlock ? [cidrBlock] : []), ...ipv6CidrBlocks])
    .map(parseBlock)
    .filter((block) => block !== null);
}
