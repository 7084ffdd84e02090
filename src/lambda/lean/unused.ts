import type { listenerReads as wholeListeners } from '../../aws/listeners.js';
import type { securityGroups as wholeGroups } from '../../aws/security-groups.js';

/** What no sync asks for: in the place of aws/listeners.ts and, mostly, of aws/security-groups.ts. */

/** Of any port that a function has no business with. */
export const unused = (): Promise<never> => Promise.reject(new Error('this function was built without that part'));

export const listenerReads: typeof wholeListeners = () => ({
  listeners: unused,
  listenerRules: unused,
  loadBalancerAttributes: unused,
  targetGroupAttributes: unused,
  accountLimits: unused,
});

export const securityGroups: typeof wholeGroups = (_client, region) => ({
  region,
  securityGroup: unused,
  rules: unused,
  referringTo: unused,
  rulesTagged: unused,
  prefixList: unused,
  authorizeIngress: unused,
  revokeIngress: unused,
  mayAuthorizeIngress: unused,
});
