import type { PolicyScope, Statement } from './model.js';
import { readAddresses, readBothEnds, readOtherVpcs, reads } from './reads.js';
import { openGroups, readPrefixLists, readSecurityGroups } from './sg.js';
import { changeTargets, markTargetGroups, ourGroups, targetGroupArns } from './sync.js';

/**
 * The role of the scheduled function: for the named bridges, or else for a fleet, which is whatever carries our tag. It
 * opens security groups only where some are named.
 */
export const lambdaStatements = (scope: PolicyScope): readonly Statement[] => [
  ...(scope.targetGroups.length > 0
    ? [...changeTargets(scope), markTargetGroups(scope)]
    : [findOurGroups, changeOurTargets(scope)]),
  readBothEnds,
  readAddresses,
  readOtherVpcs,
  ...(scope.securityGroups.length > 0 ? [readSecurityGroups, readPrefixLists(scope), ...openGroups(scope)] : []),
  ...reports(scope),
];

const findOurGroups = reads('FindOurGroups', 'tag:GetResources');

const changeOurTargets = (scope: PolicyScope): Statement => ({
  Sid: 'ChangeTargetsOfOurGroups',
  Effect: 'Allow',
  Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
  Resource: targetGroupArns(scope),
  Condition: ourGroups,
});

/** Lines into the stack's own log group, which the role may not make anew, and failures into the stack's own queue. */
const reports = ({ partition, region, accountId }: PolicyScope): readonly Statement[] => [
  {
    Sid: 'WriteTheLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:*-SyncLogs-*:*`,
  },
  {
    Sid: 'TellOfFailures',
    Effect: 'Allow',
    Action: ['sqs:SendMessage'],
    Resource: `arn:${partition}:sqs:${region}:${accountId}:*-SyncFailures-*`,
  },
];
