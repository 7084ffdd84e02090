import type { PolicyScope, Statement } from './model.js';
import { reads } from './reads.js';

/**
 * `stack deploy`, `status` and `destroy`: what they call themselves, and what CloudFormation calls with the caller's
 * permissions for the resources of the template. Source of the latter: the handlers' permissions in CloudFormation's
 * resource schemas, but for those of properties that the template does not use.
 *
 * What CloudFormation names itself is told by that name, `STACK-LOGICALID-RANDOM`; of the others only the type is known.
 */
export const stackStatements = ({ partition, region, accountId }: PolicyScope): readonly Statement[] => {
  const arn = (service: string, path: string, place = region, account = accountId): string =>
    `arn:${partition}:${service}:${place}:${account}:${path}`;
  const roles = ['SyncRole', 'ScheduleRole'].map((name) => arn('iam', `role/*-${name}-*`, ''));
  const api = ['/restapis*', '/vpclinks*', '/tags/*'].map((path) => arn('apigateway', path, region, ''));
  return [
    allow('DriveStacks', arn('cloudformation', 'stack/*'), 'cloudformation', [
      'CreateChangeSet',
      'DeleteChangeSet',
      'DeleteStack',
      'DescribeChangeSet',
      'DescribeStackEvents',
      'DescribeStacks',
      'DetectStackDrift',
      'ExecuteChangeSet',
      'ListStackResources',
    ]),
    reads(
      'LookAround',
      // Alone of these it could be narrowed, to every certificate: that is no less.
      'acm:DescribeCertificate',
      'cloudformation:DescribeStackDriftDetectionStatus',
      'ec2:DescribeInstances',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcEndpointServiceConfigurations',
      'ec2:DescribeVpcs',
      'elasticloadbalancing:Describe*',
      'logs:Describe*',
    ),
    allow('BalanceLoad', arn('elasticloadbalancing', '*'), 'elasticloadbalancing', [
      'AddTags',
      'CreateListener',
      'CreateLoadBalancer',
      'CreateRule',
      'CreateTargetGroup',
      'DeleteListener',
      'DeleteLoadBalancer',
      'DeleteRule',
      'DeleteTargetGroup',
      'DeregisterTargets',
      'ModifyListener',
      'ModifyListenerAttributes',
      'ModifyLoadBalancerAttributes',
      'ModifyRule',
      'ModifyTargetGroup',
      'ModifyTargetGroupAttributes',
      'RegisterTargets',
      'RemoveTags',
      'SetIpAddressType',
      'SetRulePriorities',
      'SetSecurityGroups',
      'SetSubnets',
    ]),
    allow('GuardLoadBalancers', [arn('ec2', 'security-group*/*'), arn('ec2', 'vpc/*')], 'ec2', [
      'AuthorizeSecurityGroupEgress',
      'AuthorizeSecurityGroupIngress',
      'CreateSecurityGroup',
      'CreateTags',
      'DeleteSecurityGroup',
      'DeleteTags',
      'RevokeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
      'UpdateSecurityGroupRuleDescriptionsEgress',
      'UpdateSecurityGroupRuleDescriptionsIngress',
    ]),
    allow('LinkApiToNlb', arn('ec2', 'vpc-endpoint-service/*'), 'ec2', [
      'CreateVpcEndpointServiceConfiguration',
      'DeleteVpcEndpointServiceConfigurations',
      'ModifyVpcEndpointServicePermissions',
    ]),
    allow('ServeApi', api, 'apigateway', ['DELETE', 'PATCH', 'POST', 'PUT']),
    // The role for logs is the account's: looked at, and never set.
    allow('ReadApi', [...api, arn('apigateway', '/account', region, '')], 'apigateway', ['GET']),
    allow('MakeRoles', roles, 'iam', [
      'CreateRole',
      'DeleteRole',
      'DeleteRolePolicy',
      'Get*',
      'List*',
      'PutRolePolicy',
      'TagRole',
      'UntagRole',
      'UpdateAssumeRolePolicy',
      'UpdateRole',
      'UpdateRoleDescription',
    ]),
    {
      ...allow('HandRolesOn', roles, 'iam', ['PassRole']),
      Condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
    },
    {
      ...allow('LetServicesIn', arn('iam', 'role/aws-service-role/*', ''), 'iam', ['CreateServiceLinkedRole']),
      Condition: {
        StringEquals: { 'iam:AWSServiceName': ['elasticloadbalancing.amazonaws.com', 'ops.apigateway.amazonaws.com'] },
      },
    },
    allow('RunFunction', arn('lambda', 'function:*-SyncFunction-*'), 'lambda', [
      'AddPermission',
      'CreateFunction',
      'DeleteFunction',
      'DeleteFunctionEventInvokeConfig',
      'Get*',
      'InvokeFunction',
      'PutFunctionEventInvokeConfig',
      'RemovePermission',
      'TagResource',
      'UntagResource',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'UpdateFunctionEventInvokeConfig',
    ]),
    allow('KeepFailures', arn('sqs', '*-SyncFailures-*'), 'sqs', [
      'CreateQueue',
      'DeleteQueue',
      'Get*',
      'ListQueueTags',
      'SetQueueAttributes',
      'TagQueue',
      'UntagQueue',
    ]),
    allow(
      'KeepLogs',
      ['SyncLogs', 'AccessLog'].map((name) => arn('logs', `log-group:*-${name}-*`)),
      'logs',
      [
        'CreateLogGroup',
        'DeleteLogGroup',
        'DeleteRetentionPolicy',
        'FilterLogEvents',
        'GetDataProtectionPolicy',
        'ListTagsForResource',
        'PutRetentionPolicy',
        'TagResource',
        'UntagResource',
      ],
    ),
    allow('Schedule', arn('scheduler', 'schedule/default/*-Schedule-*'), 'scheduler', [
      'CreateSchedule',
      'DeleteSchedule',
      'GetSchedule',
      'UpdateSchedule',
    ]),
    allow('FollowChanges', arn('events', 'rule/*-InterfaceChanges-*'), 'events', [
      'DeleteRule',
      'DescribeRule',
      'List*',
      'PutRule',
      'PutTargets',
      'RemoveTargets',
      'TagResource',
      'UntagResource',
    ]),
    allow('Alarm', arn('cloudwatch', 'alarm:*'), 'cloudwatch', [
      'DeleteAlarms',
      'DescribeAlarms',
      'ListTagsForResource',
      'PutMetricAlarm',
      'TagResource',
      'UntagResource',
    ]),
  ];
};

const allow = (
  Sid: string,
  Resource: string | readonly string[],
  service: string,
  actions: readonly string[],
): Statement => ({ Sid, Effect: 'Allow', Action: actions.map((action) => `${service}:${action}`), Resource });
