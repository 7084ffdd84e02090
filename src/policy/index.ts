import { doctorStatements } from './doctor.js';
import { lambdaStatements } from './lambda.js';
import { type PolicyDocument, type PolicyScope, type PolicyUse, policyUses, type Statement } from './model.js';
import { sgStatements } from './sg.js';
import { stackStatements } from './stack.js';
import { syncStatements } from './sync.js';

const statements: Record<PolicyUse, (scope: PolicyScope) => readonly Statement[]> = {
  sync: syncStatements,
  sg: sgStatements,
  doctor: doctorStatements,
  stack: stackStatements,
  lambda: lambdaStatements,
};

/** The least identity policy for a use of lbbridge, ready for `aws iam create-policy`. */
export const leastPolicy = (use: PolicyUse, scope: PolicyScope): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements[use](scope),
});

/** The use whose policy allows an action: the one that is meant, if it does, else the first that does. */
export function useThatAllows(action: string, meant: PolicyUse): PolicyUse {
  const allows = (use: PolicyUse) => leastPolicy(use, anywhere).Statement.some(({ Action }) => Action.includes(action));
  return [meant, ...policyUses].find(allows) ?? meant;
}

const anywhere: PolicyScope = { partition: 'aws', region: '*', accountId: '*', targetGroups: [], securityGroups: [] };
