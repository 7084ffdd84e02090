import type * as whole from '../../config/access.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from './reference.js';

/** ARNs tell their regions, and nothing can contradict them. The build puts this in the place of config/access.ts. */

export const targetGroupAccess: typeof whole.targetGroupAccess = (targetGroup) => ({
  region: regionOf(parseTargetGroupReference(targetGroup)),
});

export const loadBalancerAccess: typeof whole.loadBalancerAccess = (
  alb,
  { albRoleArn: roleArn, albExternalId: externalId },
  group,
) => {
  const region = alb === undefined ? group.region : regionOf(parseLoadBalancerReference(alb));
  return roleArn === undefined ? { ...group, region } : { region, roleArn, externalId };
};

const regionOf = (reference: { readonly kind: string; readonly region?: string }): string | undefined =>
  reference.region;
