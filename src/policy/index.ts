import { doctorStatements } from './doctor.js';
import type { PolicyDocument, PolicyScope, PolicyUse, Statement } from './model.js';
import { sgStatements } from './sg.js';
import { syncStatements } from './sync.js';

const statements: Record<PolicyUse, (scope: PolicyScope) => readonly Statement[]> = {
  sync: syncStatements,
  sg: sgStatements,
  doctor: doctorStatements,
};

/** The least identity policy for a use of lbbridge, ready for `aws iam create-policy`. */
export const leastPolicy = (use: PolicyUse, scope: PolicyScope): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements[use](scope),
});
