import type { PrefixList, RuleIdentity } from './model.js';

/** AWS's default of inbound rules in a security group, IPv4 and IPv6 apart. */
export const RULES_PER_GROUP = 60;
/** Rules of a group times groups of an interface: AWS grants no quota beyond this product. */
const RULES_PER_INTERFACE = 1000;

/** How many inbound rules a group of the ALB may hold in each family. */
export const ruleLimit = (maxRules: number, groupsPerInterface: number): number =>
  Math.min(maxRules, Math.floor(RULES_PER_INTERFACE / Math.max(1, groupsPerInterface)));

export interface RuleCount {
  readonly ipv4: number;
  readonly ipv6: number;
}

/**
 * How many rules AWS counts, IPv4 and IPv6 apart: a referenced group counts in both, a prefix list with all the entries
 * that it may get.
 * Source: Amazon VPC user guide, "Amazon VPC quotas", security groups.
 */
export function countRules(
  rules: readonly Pick<RuleIdentity, 'peer'>[],
  prefixLists: ReadonlyMap<string, PrefixList>,
): RuleCount {
  let ipv4 = 0;
  let ipv6 = 0;
  for (const { peer } of rules) {
    if (peer.kind === 'cidr') {
      if (peer.cidr.includes(':')) ipv6 += 1;
      else ipv4 += 1;
      continue;
    }
    const list = peer.kind === 'prefix-list' ? prefixLists.get(peer.prefixListId) : undefined;
    const weight = list ? (list.maxEntries ?? list.cidrs.length) : 1;
    const family = list?.cidrs[0];
    if (!family?.includes(':')) ipv4 += weight;
    if (family === undefined || family.includes(':')) ipv6 += weight;
  }
  return { ipv4, ipv6 };
}
