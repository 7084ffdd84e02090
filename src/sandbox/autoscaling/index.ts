import type { ServiceTable } from '../wire/operation.js';
import {
  attachLoadBalancerTargetGroups,
  describeLoadBalancerTargetGroups,
  detachLoadBalancerTargetGroups,
} from './attachments.js';
import { createAutoScalingGroup, describeAutoScalingGroups } from './groups.js';

/** Auto Scaling, as far as it registers a group's instances with target groups. No group ever scales here. */
export const autoscaling: ServiceTable = {
  version: '2011-01-01',
  operations: {
    CreateAutoScalingGroup: createAutoScalingGroup,
    DescribeAutoScalingGroups: describeAutoScalingGroups,
    AttachLoadBalancerTargetGroups: attachLoadBalancerTargetGroups,
    DetachLoadBalancerTargetGroups: detachLoadBalancerTargetGroups,
    DescribeLoadBalancerTargetGroups: describeLoadBalancerTargetGroups,
  },
};
