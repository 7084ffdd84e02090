import type * as whole from '../../actions/find.js';
import { OperationError } from '../../errors.js';

/** By ARN there is one or none, and nothing to guess at. The build puts this in the place of actions/find.ts. */

const notFound = (code: string, what: string): OperationError =>
  new OperationError(code, `${what} was not found: it is gone, or the function may not see it.`);

export const findLoadBalancer: typeof whole.findLoadBalancer = async (arn, { loadBalancing }) => {
  const found = await loadBalancing.loadBalancer(arn);
  if (found) return found;
  throw notFound('LoadBalancerNotFound', `Load balancer ${arn}`);
};

export const findTargetGroup: typeof whole.findTargetGroup = async (arn, { loadBalancing }) => {
  const found = await loadBalancing.targetGroup(arn);
  if (found) return found;
  throw notFound('TargetGroupNotFound', `Target group ${arn}`);
};
