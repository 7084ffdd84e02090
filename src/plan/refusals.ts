import { type TargetFacts, type TargetPolicy, targetKey } from './facts.js';
import type { Target } from './model.js';
import type { Ownership } from './ownership.js';
import { count, some } from './text.js';
import type { View } from './view.js';

export type RuleId = 'S2' | 'S3' | 'S4' | 'S5' | 'S7' | 'S8' | 'S10' | 'S11' | 'S12' | 'S13' | 'S14';

export interface Refusal {
  readonly rule: RuleId;
  /** What was found, with its numbers. */
  readonly message: string;
  /** The narrowest thing that would lift it. */
  readonly suggestions: readonly string[];
  /** What may not be written: any part of the bridge, or only removals. */
  readonly scope: 'everything' | 'removals';
}

export function othersRefusal({ targetGroup, loadBalancer }: TargetFacts, owner: Ownership): Refusal | null {
  if (owner.kind !== 'others') return null;
  return {
    rule: 'S5',
    message: `${targetGroup.name} belongs to another load balancer: its tag lbbridge:source holds ${owner.owner || 'an empty value'}, not ${loadBalancer.arn}.`,
    suggestions: [`To take the group over from it: --adopt-from ${owner.owner || "''"}`],
    scope: 'everything',
  };
}

export function nobodysRefusal(owner: Ownership, stale: readonly Target[]): Refusal | null {
  if (owner.kind !== 'nobodys' || stale.length === 0) return null;
  const one = stale.length === 1;
  return {
    rule: 'S5',
    message: `The group carries no tag of ours and holds ${stale.length} ${one ? 'target that is' : 'targets that are'} not the load balancer's: ${some(stale.map(targetKey))}. ${one ? 'It stays' : 'They stay'}.`,
    suggestions: [
      "To make the group this bridge's, and let them go: --adopt",
      `To keep them on purpose: ${[...new Set(stale.map(({ ip }) => ip))]
        .slice(0, 3)
        .map((ip) => `--keep ${ip}`)
        .join(' ')}`,
    ],
    scope: 'removals',
  };
}

/** S2, S3 and S10: a view that may not be whole takes nothing away. */
export function partialView(facts: TargetFacts, view: View, policy: TargetPolicy): Refusal | null {
  const { loadBalancer, targetGroup } = facts;
  const stays = `${count(view.stale.length, 'stale target')} ${view.stale.length === 1 ? 'stays' : 'stay'}`;
  const seen = [...view.wanted, ...view.strangers];
  if (seen.length === 0) {
    if (policy.allowEmpty) return null;
    return {
      rule: 'S2',
      message: `No ${targetGroup.ipAddressType} address of ${loadBalancer.name} was found: ${stays}.`,
      suggestions: ['If the bridge is to be emptied on purpose: --allow-empty'],
      scope: 'removals',
    };
  }
  if (loadBalancer.state !== 'active' && loadBalancer.state !== 'active_impaired') {
    return {
      rule: 'S3',
      message: `${loadBalancer.name} is ${loadBalancer.state ?? 'in no known state'}, not active: its addresses may not be all there yet; ${stays}.`,
      suggestions: [
        loadBalancer.state === 'failed'
          ? 'A load balancer that failed to set up never becomes active: create it anew.'
          : 'Run again when it is active.',
      ],
      scope: 'removals',
    };
  }
  if (loadBalancer.zones.length === 0) {
    return {
      rule: 'S3',
      message: `AWS names no Availability Zone of ${loadBalancer.name}: the view cannot be whole; ${stays}.`,
      suggestions: ['Run again; an active load balancer always has a zone.'],
      scope: 'removals',
    };
  }
  const dark = loadBalancer.zones.filter(({ zoneName }) => !seen.some((address) => address.zoneName === zoneName));
  if (dark.length > 0) {
    const total = loadBalancer.zones.length;
    return {
      rule: 'S3',
      message: `${loadBalancer.name} is enabled in ${total} zones but shows an address in ${total - dark.length} of them, none in ${dark.map(({ zoneName }) => zoneName).join(', ')}; ${stays}.`,
      suggestions: ['Run again when every zone shows an address; if a zone is to go, disable it on the load balancer.'],
      scope: 'removals',
    };
  }
  if (view.strangers.length > 0) {
    return {
      rule: 'S10',
      message: `${count(view.strangers.length, 'address', 'addresses')} of ${loadBalancer.name} (${some(view.strangers.map(({ ip }) => ip))}) also lie in a subnet of ${targetGroup.vpcId}, the target group's own VPC, where they name somebody else; ${stays}.`,
      suggestions: [`Give ${loadBalancer.name} subnets whose addresses ${targetGroup.vpcId} does not use.`],
      scope: 'removals',
    };
  }
  return null;
}
