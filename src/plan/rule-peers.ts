import { compareAddresses, contains, parseBlock } from './cidr.js';
import type { Address, LoadBalancer, PrefixList, RuleIdentity, RulePeer } from './model.js';

/** Whom rules let in: how sources are compared, and whether one covers another. */

/** The rule that lets exactly one address in. */
export const peerOfAddress = (ip: string): RulePeer => ({ kind: 'cidr', cidr: `${ip}/${ip.includes(':') ? 128 : 32}` });

/** Same source, however it is spelt: AWS writes blocks in a canonical form of its own. */
export function isSamePeer(a: RulePeer, b: RulePeer): boolean {
  if (a.kind === 'cidr' && b.kind === 'cidr') {
    const [left, right] = [parseBlock(a.cidr), parseBlock(b.cidr)];
    if (left === null || right === null) return false;
    return left.family === right.family && left.base === right.base && left.prefix === right.prefix;
  }
  // Ids of groups are unique in a region, whichever account owns them. No rule of ours names a prefix list.
  return a.kind === 'group' && b.kind === 'group' && a.groupId === b.groupId;
}

/** Same protocol, ports and source: to AWS the same rule, whatever its description. */
export const isSameRule = (a: RuleIdentity, b: RuleIdentity): boolean =>
  a.protocol === b.protocol && a.fromPort === b.fromPort && a.toPort === b.toPort && isSamePeer(a.peer, b.peer);

/** Whether the rule is about TCP on that port, alone or among others. */
export const opensPort = ({ protocol, fromPort, toPort }: RuleIdentity, port: number): boolean =>
  protocol === '-1' || ((protocol === 'tcp' || protocol === '6') && fromPort <= port && port <= toPort);

/** Whether the source takes in traffic of the load balancer that comes from the address. */
export function admitsAddress(
  peer: RulePeer,
  ip: string,
  { securityGroupIds }: LoadBalancer,
  prefixLists: ReadonlyMap<string, PrefixList>,
): boolean {
  if (peer.kind === 'group') return securityGroupIds.includes(peer.groupId);
  const cidrs = peer.kind === 'cidr' ? [peer.cidr] : (prefixLists.get(peer.prefixListId)?.cidrs ?? []);
  return cidrs.some((cidr) => {
    const block = parseBlock(cidr);
    return block !== null && contains(block, ip);
  });
}

/** By port, then by source: addresses as numbers, groups and lists behind them. */
export const compareRules = (a: RuleIdentity, b: RuleIdentity): number =>
  a.fromPort - b.fromPort || a.toPort - b.toPort || compareAddresses(sortKey(a.peer), sortKey(b.peer));

const sortKey = (peer: RulePeer): string =>
  peer.kind === 'cidr' ? peer.cidr.replace(/\/.*/, '') : peer.kind === 'group' ? peer.groupId : peer.prefixListId;

/** Whether one of the addresses is the one that the rule is for. */
export const isForOneOf = (peer: RulePeer, addresses: readonly Pick<Address, 'ip'>[]): boolean =>
  addresses.some(({ ip }) => isSamePeer(peer, peerOfAddress(ip)));
