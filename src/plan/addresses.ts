import { compareAddresses } from './cidr.js';
import type { Address, IgnoredInterface, NetworkInterface } from './model.js';

/** Who attaches the interfaces of AWS's load balancers: `amazon-elb` ALBs and classic ones, `amazon-aws` NLBs. */
const principals = new Set(['amazon-elb', 'amazon-aws']);

/** The tail of a load balancer's ARN, `app/NAME/ID`: what its interfaces' description repeats. */
export const pathOfArn = (arn: string): string => arn.slice(arn.indexOf('loadbalancer/') + 'loadbalancer/'.length);

/** The description that AWS gives the interfaces of a load balancer; `path` is the ARN after `loadbalancer/`. */
export const interfaceDescription = (path: string): string => `ELB ${path}`;

/**
 * S9: which of the interfaces found by description are the load balancer's own. Anybody may write our description
 * on an interface of theirs, so the description alone proves nothing: what counts is managed and attached by AWS.
 *
 * Interfaces with another description are neither addresses nor worth mentioning.
 */
export function ownAddresses(
  description: string,
  interfaces: readonly NetworkInterface[],
): { readonly addresses: readonly Address[]; readonly ignored: readonly IgnoredInterface[] } {
  const addresses: Address[] = [];
  const ignored: IgnoredInterface[] = [];
  for (const candidate of interfaces) {
    if (candidate.description !== description) continue;
    const reason = whyIgnored(candidate);
    if (reason === null) addresses.push(...addressesOf(candidate));
    else {
      const ip = candidate.addresses.find((address) => address.primary)?.ip ?? candidate.addresses[0]?.ip ?? null;
      ignored.push({ networkInterfaceId: candidate.id, ip, reason });
    }
  }
  addresses.sort((a, b) => compareAddresses(a.ip, b.ip));
  ignored.sort((a, b) => (a.networkInterfaceId < b.networkInterfaceId ? -1 : 1));
  return { addresses, ignored };
}

/** Every address that an interface holds, with where it stands. */
export function addressesOf(candidate: NetworkInterface): Address[] {
  const { zoneName, zoneId, subnetId, vpcId, status, id: networkInterfaceId } = candidate;
  return candidate.addresses.map(({ ip, family, primary, publicIp }) => ({
    ip,
    family,
    primary,
    publicIp,
    zoneName,
    zoneId,
    subnetId,
    vpcId,
    status,
    networkInterfaceId,
  }));
}

/** Whether AWS runs this interface for some load balancer, whichever it is. */
export function isLoadBalancerInterface(candidate: NetworkInterface): boolean {
  return candidate.description.startsWith('ELB ') && candidate.requesterManaged && isPrincipal(candidate);
}

function whyIgnored(candidate: NetworkInterface): string | null {
  if (!candidate.requesterManaged) return 'not managed by AWS: somebody created it with this description';
  if (!isPrincipal(candidate)) {
    const owner = candidate.attachmentOwnerId ?? candidate.requesterId ?? 'nobody';
    return `attached by ${owner}, which is no load-balancing service of AWS`;
  }
  if (candidate.status !== 'in-use') return `not in use: its status is ${candidate.status}`;
  return null;
}

function isPrincipal({ requesterId, attachmentOwnerId }: NetworkInterface): boolean {
  return principals.has(requesterId ?? '') || principals.has(attachmentOwnerId ?? '');
}
