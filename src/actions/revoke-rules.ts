import type { SecurityGroups } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import type { SecurityGroupRule } from '../plan/model.js';

/**
 * Takes rules of one security group away, and tells after each call which are gone, and whether by this call. Where
 * another run was faster with one of them AWS refuses the whole call: then each goes alone, and one that is gone is no
 * failure.
 */
export async function revokeRules(
  securityGroups: SecurityGroups,
  groupId: string,
  rules: readonly SecurityGroupRule[],
  onGone: (rules: readonly SecurityGroupRule[], byUs: boolean) => void,
): Promise<void> {
  if (rules.length === 0) return;
  let byUs = true;
  try {
    await securityGroups.revokeIngress(
      groupId,
      rules.map(({ id }) => id),
    );
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'InvalidSecurityGroupRuleId.NotFound') throw error;
    if (rules.length > 1) {
      for (const rule of rules) await revokeRules(securityGroups, groupId, [rule], onGone);
      return;
    }
    byUs = false;
  }
  onGone(rules, byUs);
}
