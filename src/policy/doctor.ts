import type { PolicyScope, Statement } from './model.js';
import { readAddresses, readBothEnds, readOtherVpcs, reads } from './reads.js';
import { readPrefixLists, readSecurityGroups } from './sg.js';

/** `doctor` writes nothing: whoever holds this may look at a bridge from end to end, and may list and diff it. */
export const doctorStatements = (scope: PolicyScope): readonly Statement[] => [
  readBothEnds,
  readAddresses,
  readOtherVpcs,
  readSecurityGroups,
  readPrefixLists(scope),
  reads(
    'ReadListenersAndAttributes',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeAccountLimits',
  ),
];
