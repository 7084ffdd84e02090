import type { Account, RegionState } from './state.js';
import type { World } from './world.js';

/** How AWS abbreviates Regions in zone ids, and how many zones it offers there; others get a made-up abbreviation. */
const known: Record<string, { code: string; zones: number }> = {
  'us-east-1': { code: 'use1', zones: 6 },
  'us-east-2': { code: 'use2', zones: 3 },
  'us-west-2': { code: 'usw2', zones: 4 },
  'eu-west-1': { code: 'euw1', zones: 3 },
  'eu-central-1': { code: 'euc1', zones: 3 },
  'cn-north-1': { code: 'cnn1', zones: 3 },
  'us-gov-west-1': { code: 'usgw1', zones: 3 },
};

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The Region's state; an empty one where nobody has been there yet. */
export function regionOf(world: World, name: string): RegionState {
  const existing = world.regions.get(name);
  if (existing) return existing;
  const { code, zones } = known[name] ?? { code: name.replace(/[^a-z0-9]/g, ''), zones: 3 };
  const region: RegionState = {
    name,
    zoneIds: Array.from({ length: zones }, (_, index) => `${code}-az${index + 1}`),
    vpcs: new Map(),
    subnets: new Map(),
    interfaces: new Map(),
    securityGroups: new Map(),
    prefixLists: new Map(),
    loadBalancers: new Map(),
    targetGroups: new Map(),
    listeners: new Map(),
    rules: new Map(),
    stacks: new Map(),
    resourceFailures: [],
    certificates: new Map(),
    loggingRoles: new Map(),
    logGroups: new Map(),
    buckets: new Map(),
    autoScalingGroups: new Map(),
  };
  world.regions.set(name, region);
  return region;
}

/** Zone id -> what this account calls it. AWS shuffles the names for each account; so do we, once. */
export function zoneNamesOf(world: World, account: Account, region: RegionState): Map<string, string> {
  const existing = account.zoneNames.get(region.name);
  if (existing) return existing;
  const letters = world.random.shuffle(region.zoneIds.map((_, index) => String.fromCharCode(97 + index)));
  const names = new Map(region.zoneIds.map((id, index) => [id, `${region.name}${letters[index]}`]));
  account.zoneNames.set(region.name, names);
  return names;
}

/** A zone id as the account names it; `all` stays as it is. */
export const zoneName = (world: World, account: Account, region: RegionState, zoneId: string): string =>
  zoneNamesOf(world, account, region).get(zoneId) ?? zoneId;

/** The zone id behind an account's zone name; null where there is none of that name. */
export function zoneIdOf(world: World, account: Account, region: RegionState, name: string): string | null {
  for (const [id, known] of zoneNamesOf(world, account, region)) if (known === name) return id;
  return null;
}
