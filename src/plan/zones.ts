import type { TargetFacts } from './facts.js';
import type { Address } from './model.js';

/**
 * Zones of two accounts on common ground. `us-east-1a` of one account may be `us-east-1c` of another, so where the
 * load balancer's account is another, zones are compared by zone id; in one account the name serves.
 */
export interface Zones {
  /** Is the load balancer enabled in the zone that the target group's account calls so? Null: cannot be told. */
  isEnabled(localName: string): boolean | null;
  /** Whether the address lies in that zone; null where it cannot be told. */
  holds(localName: string, address: Address): boolean | null;
  /** What the target group's account calls the address's zone; null where it cannot be told. */
  localName(address: Address): string | null;
}

export function compareZones(
  { loadBalancer, zoneIds }: Pick<TargetFacts, 'loadBalancer' | 'zoneIds'>,
  addresses: readonly Address[],
  otherAccount: boolean,
): Zones {
  if (!otherAccount) {
    const enabled = new Set(loadBalancer.zones.map(({ zoneName }) => zoneName));
    return {
      isEnabled: (localName) => enabled.has(localName),
      holds: (localName, address) => address.zoneName === localName,
      localName: (address) => address.zoneName,
    };
  }
  const idOfTheirs = new Map(addresses.map(({ zoneName, zoneId }) => [zoneName, zoneId]));
  const enabledIds = loadBalancer.zones.map(({ zoneName }) => idOfTheirs.get(zoneName) ?? null);
  const namesById = new Map([...(zoneIds ?? [])].map(([name, id]) => [id, name]));
  return {
    isEnabled: (localName) => {
      const id = zoneIds?.get(localName);
      if (id === undefined) return null;
      if (enabledIds.includes(id)) return true;
      return enabledIds.includes(null) ? null : false;
    },
    holds: (localName, { zoneId }) => {
      const id = zoneIds?.get(localName);
      return id === undefined || zoneId === null ? null : id === zoneId;
    },
    localName: ({ zoneId }) => (zoneId === null ? null : (namesById.get(zoneId) ?? null)),
  };
}
