import { PAUSE_TAGS, SOURCE_TAG } from '../plan/model.js';
import type { PolicyScope, Statement } from './model.js';
import { readAddresses, readBothEnds, readOtherVpcs, reads } from './reads.js';

/** A bridge's day: ips, diff, sync, list, pause, resume and release. */
export const syncStatements = (scope: PolicyScope): readonly Statement[] => [
  readBothEnds,
  readAddresses,
  readOtherVpcs,
  readRulesOfBridges,
  ...changeTargets(scope),
  markTargetGroups(scope),
];

/** `release` looks for the rules that a bridge leaves behind; to take some away is for who holds the policy for sg. */
const readRulesOfBridges = reads('ReadRulesOfBridges', 'ec2:DescribeSecurityGroupRules');

/** Where no group is named, IAM itself holds S5: targets go only from groups that carry our tag. */
export const changeTargets = (scope: PolicyScope): readonly Statement[] => {
  const Resource = targetGroupArns(scope);
  const [register, deregister] = ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'];
  if (scope.targetGroups.length > 0) {
    return [{ Sid: 'ChangeTargets', Effect: 'Allow', Action: [register, deregister], Resource }];
  }
  return [
    { Sid: 'RegisterTargets', Effect: 'Allow', Action: [register], Resource },
    { Sid: 'DeregisterFromOurGroups', Effect: 'Allow', Action: [deregister], Resource, Condition: ourGroups },
  ];
};

/** Those that carry our tag, whatever it says. */
export const ourGroups = { Null: { [`aws:ResourceTag/${SOURCE_TAG}`]: 'false' } };

export const markTargetGroups = (scope: PolicyScope): Statement => ({
  Sid: 'MarkTargetGroups',
  Effect: 'Allow',
  Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
  Resource: targetGroupArns(scope),
  Condition: onlyTags(SOURCE_TAG, ...PAUSE_TAGS),
});

export const targetGroupArns = ({
  partition,
  region,
  accountId,
  targetGroups,
}: PolicyScope): string | readonly string[] =>
  oneOrMany(
    targetGroups.length > 0
      ? targetGroups
      : [`arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/*/*`],
  );

/** IAM takes a single value as a text, and shows it so. */
export const oneOrMany = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

/** `ForAllValues` holds for a call without any tag too, so that the second operator demands one. */
export const onlyTags = (...keys: readonly string[]): Statement['Condition'] & object => ({
  'ForAllValues:StringEquals': { 'aws:TagKeys': keys },
  Null: { 'aws:TagKeys': 'false' },
});
