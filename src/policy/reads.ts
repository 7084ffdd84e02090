import type { Statement } from './model.js';

/**
 * Reads. AWS authorises none of them on a single resource: `*` is the narrowest that there is.
 * Source: the service authorization reference of Elastic Load Balancing V2 and of EC2.
 */
export const reads = (Sid: string, ...Action: readonly string[]): Statement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource: '*',
});

export const readBothEnds = reads(
  'ReadLoadBalancersAndTargets',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:DescribeTags',
);

/** The addresses of a load balancer are known to EC2 alone. */
export const readAddresses = reads('ReadAddresses', 'ec2:DescribeNetworkInterfaces');

/** Asked only where the load balancer is in another VPC (S10) or another account (S4). */
export const readOtherVpcs = reads('ReadZonesOfOtherVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeAvailabilityZones');
