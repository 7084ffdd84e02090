import { SOURCE_TAG, type Tags } from './model.js';

/**
 * S5: whose is the target group?
 *
 * | tag `lbbridge:source` | told by the user           | verdict   | tag written |
 * |-----------------------|----------------------------|-----------|-------------|
 * | this load balancer    |                            | `ours`    | no          |
 * | another               | `--adopt-from` that ARN    | `ours`    | yes         |
 * | another               | anything else              | `others`  | no          |
 * | none                  | `owned: true`              | `ours`    | no          |
 * | none                  | `--adopt`                  | `ours`    | yes         |
 * | none                  | `--prune all`              | `ours`    | no          |
 * | none                  | nothing foreign in it      | `ours`    | yes         |
 * | none                  | something foreign in it    | `nobodys` | no          |
 */
export type Ownership =
  | { readonly kind: 'ours'; readonly claim: boolean }
  | { readonly kind: 'others'; readonly owner: string }
  | { readonly kind: 'nobodys' };

export interface OwnershipFacts {
  readonly loadBalancerArn: string;
  readonly tags: Tags;
  /** Whether a registered target is neither wanted nor, by a second look, the load balancer's. */
  readonly hasForeign: boolean;
  readonly adopt: boolean;
  readonly adoptFrom?: string | undefined;
  readonly owned: boolean;
  readonly pruneAll: boolean;
}

export function ownership(facts: OwnershipFacts): Ownership {
  const owner = facts.tags.get(SOURCE_TAG);
  if (owner === facts.loadBalancerArn) return { kind: 'ours', claim: false };
  if (owner !== undefined) {
    return owner === facts.adoptFrom ? { kind: 'ours', claim: true } : { kind: 'others', owner };
  }
  if (facts.owned) return { kind: 'ours', claim: false };
  if (facts.adopt) return { kind: 'ours', claim: true };
  if (facts.pruneAll) return { kind: 'ours', claim: false };
  return facts.hasForeign ? { kind: 'nobodys' } : { kind: 'ours', claim: true };
}
