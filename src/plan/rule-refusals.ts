import type { Address } from './model.js';
import type { Refusal } from './refusals.js';
import type { RuleFacts } from './rule-facts.js';

/** S2 and S3, of the NLB: a view that may not be whole takes no rule away. */
export function partialNlb({ nlb }: RuleFacts, addresses: readonly Address[]): Refusal | null {
  if (addresses.length === 0) {
    return {
      rule: 'S2',
      message: `No address of ${nlb.name} was found: there is nothing to let in, and no rule is taken away.`,
      suggestions: [
        nlb.state === 'active'
          ? 'Run again; an active NLB always has an address in each of its zones.'
          : 'Run again when the NLB is active.',
      ],
      scope: 'everything',
    };
  }
  if (nlb.state !== 'active' && nlb.state !== 'active_impaired') {
    return {
      rule: 'S3',
      message: `${nlb.name} is ${nlb.state ?? 'in no known state'}, not active: its addresses may not be all there yet; no rule is taken away.`,
      suggestions: ['Run again when it is active.'],
      scope: 'removals',
    };
  }
  const dark = nlb.zones.filter(({ zoneName }) => !addresses.some((address) => address.zoneName === zoneName));
  if (dark.length === 0) return null;
  return {
    rule: 'S3',
    message: `${nlb.name} is enabled in ${nlb.zones.length} zones but shows no address in ${dark.map(({ zoneName }) => zoneName).join(', ')}; no rule is taken away.`,
    suggestions: ['Run again when every zone shows an address: a zone that was just added takes a minute.'],
    scope: 'removals',
  };
}

interface Room {
  readonly standing: number;
  readonly needed: number;
  readonly lost: number;
  readonly limit: number;
}

/** S12: the group cannot hold what is needed; nothing is written. */
export function withoutRoom({ securityGroup, nlb }: RuleFacts, { standing, needed, lost, limit }: Room): Refusal {
  const { id, name } = securityGroup;
  return {
    rule: 'S12',
    message: `${id} (${name}) holds ${standing} of at most ${limit} inbound rules; ${needed} more ${needed === 1 ? 'is' : 'are'} needed and ${lost} of ours could go first. Nothing was written.`,
    suggestions: [
      nlb.securityGroupIds.length > 0
        ? 'Reference the security group of the NLB, one rule a port: --source security-group'
        : 'An NLB that was created with a security group needs one rule a port: the group is referenced.',
      'Or let one rule with a managed prefix list, or with the CIDR block of the NLB’s subnets, take the place of many.',
      'Where the account’s quota is higher: --max-rules N',
    ],
    scope: 'everything',
  };
}
