import { PAUSE_TAGS, SOURCE_TAG } from '../../plan/model.js';
import { onlyTags, ourGroups } from '../../policy/sync.js';
import type { BridgeStack, StackOptions } from '../options.js';
import { get, type Properties, sub, type Value } from './model.js';
import { albSecurityGroup, opensGroupItself, targetGroupArn } from './names.js';

/**
 * The least that the function needs. What EC2 and ELB describe cannot be narrowed to a resource; what is written can,
 * and is: to the bridge's own target group, and to the ALB's security group only where no rule of the template does it.
 */
export function functionPolicies(options: StackOptions): Properties[] {
  const statements =
    options.kind === 'fleet'
      ? [discover, ...fleetStatements]
      : [reads(options), ...targets(options), ...(opensGroupItself(options) ? groupStatements(options) : [])];
  return [policy('sync', [...statements, ...reports])];
}

/** Both sides of the bridge. Subnets and zones are asked for only where the ALB may be in another VPC or account. */
const reads = (options: BridgeStack): Properties => ({
  Sid: 'SeeBothSides',
  Effect: 'Allow',
  Action: [
    'ec2:DescribeNetworkInterfaces',
    ...(options.back.kind === 'own' ? [] : elsewhere),
    ...balancerReads,
    ...(opensGroupItself(options) ? groupReads : []),
    ...(opensGroupItself(options) && options.back.kind === 'alb' ? listReads : []),
  ],
  Resource: '*',
});

const elsewhere = ['ec2:DescribeSubnets', 'ec2:DescribeAvailabilityZones'];
const balancerReads = [
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];
const groupReads = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'];
/** The group of an ALB that was there may hold somebody's rules by prefix list, which may let the NLB in already. */
const listReads = ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'];
const targetWrites = ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'];

/** The targets, and our tags on their group: no others. */
const targets = (options: BridgeStack): Properties[] => [
  { Sid: 'KeepTheTargets', Effect: 'Allow', Action: targetWrites, Resource: targetGroupArn(options) },
  {
    Sid: 'MarkTheGroup',
    Effect: 'Allow',
    Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
    Resource: targetGroupArn(options),
    Condition: onlyTags(SOURCE_TAG, ...PAUSE_TAGS),
  },
];

const groupStatements = (options: BridgeStack): Properties[] => {
  const id = albSecurityGroup(options)?.Ref === undefined ? 'AlbSecurityGroup.GroupId' : 'AlbSecurityGroupId';
  return [
    {
      Sid: 'OpenTheGroup',
      Effect: 'Allow',
      Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
      // A rule that is tagged as it is made is a resource of the call, beside the group that it is made in.
      Resource: [
        sub(`arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:security-group/\${${id}}`),
        newRules,
      ],
    },
    {
      Sid: 'TagItsRules',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: newRules,
      Condition: {
        StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' },
        ...onlyTags(SOURCE_TAG),
      },
    },
  ];
};

const newRules = sub('arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group-rule/*');

/** A fleet is found by its tag, and its targets may be written only where the tag stands. */
const discover: Properties = {
  Sid: 'FindTheBridges',
  Effect: 'Allow',
  Action: ['tag:GetResources', 'ec2:DescribeNetworkInterfaces', ...elsewhere, ...balancerReads],
  Resource: '*',
};
const fleetStatements: Properties[] = [
  {
    Sid: 'KeepTheTargets',
    Effect: 'Allow',
    Action: targetWrites,
    Resource: sub('arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/*'),
    Condition: ourGroups,
  },
];

/** Log lines into the stack's own group, which the role may not make anew; failures into the stack's own queue. */
const reports: Properties[] = [
  {
    Sid: 'WriteTheLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: get('SyncLogs', 'Arn'),
  },
  { Sid: 'TellOfFailures', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: get('SyncFailures', 'Arn') },
];

export const policy = (PolicyName: string, Statement: readonly Value[]): Properties => ({
  PolicyName,
  PolicyDocument: { Version: '2012-10-17', Statement },
});

/** Who may take a role. */
export const trust = (Service: string, Condition?: Properties): Properties => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) },
  ],
});
