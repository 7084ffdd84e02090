import type { Tags } from '../model.js';
import type { DoctorFacts } from './facts.js';
import type { Found } from './findings.js';

/** What another tool may undo, and what reaches further than was meant. */
export function setupFindings(facts: DoctorFacts): Found[] {
  const { sync, policy, albSecurity } = facts;
  const out: Found[] = [];
  const mark = terraformMark(sync.tags);
  if (mark !== null && !policy.owned) {
    out.push({
      id: 'terraform-tags',
      message: `${sync.targetGroup.name} carries the tag ${mark}: its next apply takes tags away that it does not know, lbbridge:source among them.`,
    });
  }
  for (const { id, name, tags } of albSecurity?.groups ?? []) {
    const own = terraformMark(tags);
    if (own === null) continue;
    out.push({
      id: 'terraform-rules',
      message: `The security group ${id} (${name}) of ${sync.loadBalancer.name} carries the tag ${own}: if its rules are written inline, its next apply takes ours away.`,
    });
  }
  if (sync.loadBalancer.scheme === 'internet-facing') {
    out.push({
      id: 'alb-internet-facing',
      message: `${sync.loadBalancer.name} is internet-facing: whoever its security group admits reaches it past the NLB.`,
    });
  }
  return out;
}

/** The tag by which people mark what Terraform or OpenTofu made, as `KEY=VALUE`; null where none does. */
function terraformMark(tags: Tags): string | null {
  const found = [...tags].find(([key, value]) => /terraform|opentofu/i.test(`${key}=${value}`));
  return found ? `${found[0]}=${found[1]}` : null;
}
