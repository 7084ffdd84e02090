import { SOURCE_TAG } from '../plan/model.js';
import type { PolicyScope, Statement } from './model.js';
import { readAddresses, readBothEnds, reads } from './reads.js';
import { oneOrMany, onlyTags } from './sync.js';

/** `sg diff` and `sg sync`: the ALB's security group lets the NLB in. */
export const sgStatements = (scope: PolicyScope): readonly Statement[] => [
  readBothEnds,
  readAddresses,
  readSecurityGroups,
  readPrefixLists(scope),
  ...openGroups(scope),
];

/** Lets an NLB in and shuts it out; AWS authorises the latter on the group, not on the rule. */
export const openGroups = (scope: PolicyScope): readonly Statement[] => [
  {
    Sid: 'LetTheNlbIn',
    Effect: 'Allow',
    Action: ['ec2:AuthorizeSecurityGroupIngress'],
    // A rule that is tagged as it is made is a resource of the call, beside the group that it is made in.
    Resource: [securityGroupArns(scope), newRules(scope)].flat(),
  },
  {
    Sid: 'TagNewRules',
    Effect: 'Allow',
    Action: ['ec2:CreateTags'],
    Resource: newRules(scope),
    Condition: {
      StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' },
      ...onlyTags(SOURCE_TAG),
    },
  },
  {
    Sid: 'TakeStaleRulesAway',
    Effect: 'Allow',
    Action: ['ec2:RevokeSecurityGroupIngress'],
    Resource: securityGroupArns(scope),
  },
];

export const readSecurityGroups = reads(
  'ReadSecurityGroups',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeManagedPrefixLists',
);

/** A prefix list may be AWS's own or another account's, shared: the account stays open. */
export const readPrefixLists = ({ partition, region }: PolicyScope): Statement => ({
  Sid: 'ReadPrefixLists',
  Effect: 'Allow',
  Action: ['ec2:GetManagedPrefixListEntries'],
  Resource: `arn:${partition}:ec2:${region}:*:prefix-list/*`,
});

const securityGroupArns = ({ partition, region, accountId, securityGroups }: PolicyScope): string | readonly string[] =>
  oneOrMany(
    securityGroups.length > 0 ? securityGroups : [`arn:${partition}:ec2:${region}:${accountId}:security-group/*`],
  );

const newRules = ({ partition, region, accountId }: PolicyScope): string =>
  `arn:${partition}:ec2:${region}:${accountId}:security-group-rule/*`;
