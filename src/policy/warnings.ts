import type { PolicyDocument, PolicyScope } from './model.js';

/** The most that IAM takes as a managed policy; it does not count white space. */
const LONGEST = 6144;

/** What to mind about a policy: that IAM will not take it, or that part of the scope narrows nothing. */
export function policyWarnings(
  policy: PolicyDocument,
  scope: PolicyScope,
): { readonly code: string; readonly message: string }[] {
  const warnings = [];
  const { length } = JSON.stringify(policy);
  if (length > LONGEST) {
    const message = `The policy has ${length} characters, and IAM takes ${LONGEST}: print one for each part of the groups.`;
    warnings.push({ code: 'PolicyTooLong', message });
  }
  const named = new Set(policy.Statement.flatMap(({ Resource }) => Resource));
  const unused = [...scope.targetGroups, ...scope.securityGroups].filter((arn) => !named.has(arn));
  if (unused.length > 0) {
    const message = `Nothing in this policy writes to ${unused.join(', ')}.`;
    warnings.push({ code: 'ScopeNotUsed', message });
  }
  return warnings;
}
