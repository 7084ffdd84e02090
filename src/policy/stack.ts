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
    together(
      'DriveStacks',
      part(arn('cloudformation', 'stack/*'), 'cloudformation', [
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
      part(arn('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/*'), 'autoscaling', [
        'AttachLoadBalancerTargetGroups',
        'DetachLoadBalancerTargetGroups',
      ]),
      part(arn('s3', '*/lbbridge/*', '', ''), 's3', ['DeleteObject', 'GetObject', 'PutObject']),
      part(arn('acm', 'certificate/*'), 'acm', ['DescribeCertificate']),
      // The role for logs is the account's: looked at, and never set.
      part(arn('apigateway', '/account', region, ''), 'apigateway', ['GET']),
    ),
    reads(
      'LookAround',
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeLoadBalancerTargetGroups',
      'cloudformation:DescribeStackDriftDetectionStatus',
      'ec2:DescribeInstances',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcEndpointServiceConfigurations',
      'ec2:DescribeVpcs',
      'elasticloadbalancing:Describe*',
      'logs:DescribeIndexPolicies',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
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
    together(
      'MakeTheRest',
      part(arn('ec2', 'vpc-endpoint-service/*'), 'ec2', [
        'CreateVpcEndpointServiceConfiguration',
        'DeleteVpcEndpointServiceConfigurations',
        'ModifyVpcEndpointServicePermissions',
      ]),
      part(api, 'apigateway', ['DELETE', 'GET', 'PATCH', 'POST', 'PUT']),
      part(roles, 'iam', [
        'CreateRole',
        'DeleteRole',
        'DeleteRolePolicy',
        'GetRole',
        'GetRolePolicy',
        'ListAttachedRolePolicies',
        'ListRolePolicies',
        'PutRolePolicy',
        'TagRole',
        'UntagRole',
        'UpdateAssumeRolePolicy',
        'UpdateRole',
        'UpdateRoleDescription',
      ]),
      part(arn('lambda', 'function:*-SyncFunction-*'), 'lambda', [
        'AddPermission',
        'CreateFunction',
        'DeleteFunction',
        'DeleteFunctionEventInvokeConfig',
        'GetFunction',
        'GetFunctionCodeSigningConfig',
        'GetFunctionEventInvokeConfig',
        'GetFunctionRecursionConfig',
        'GetFunctionScalingConfig',
        'GetPolicy',
        'GetRuntimeManagementConfig',
        'InvokeFunction',
        'PutFunctionEventInvokeConfig',
        'RemovePermission',
        'TagResource',
        'UntagResource',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'UpdateFunctionEventInvokeConfig',
      ]),
      part(arn('sqs', '*-SyncFailures-*'), 'sqs', [
        'CreateQueue',
        'DeleteQueue',
        'GetQueueAttributes',
        'GetQueueUrl',
        'ListQueueTags',
        'SetQueueAttributes',
        'TagQueue',
        'UntagQueue',
      ]),
      part(
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
      part(arn('scheduler', 'schedule/default/*-Schedule-*'), 'scheduler', [
        'CreateSchedule',
        'DeleteSchedule',
        'GetSchedule',
        'UpdateSchedule',
      ]),
      part(arn('events', 'rule/*-InterfaceChanges-*'), 'events', [
        'DeleteRule',
        'DescribeRule',
        'ListTagsForResource',
        'ListTargetsByRule',
        'PutRule',
        'PutTargets',
        'RemoveTargets',
        'TagResource',
        'UntagResource',
      ]),
      part(arn('cloudwatch', 'alarm:*'), 'cloudwatch', [
        'DeleteAlarms',
        'DescribeAlarms',
        'ListTagsForResource',
        'PutMetricAlarm',
        'TagResource',
        'UntagResource',
      ]),
    ),
  ];
};

type Part = Pick<Statement, 'Action' | 'Resource'>;

const part = (Resource: string | readonly string[], service: string, actions: readonly string[]): Part => ({
  Action: actions.map((action) => `${service}:${action}`),
  Resource,
});

/**
 * Several services in one statement, because IAM counts characters: an action reaches the resources of its own service
 * alone, so that it allows what one statement for each would.
 */
const together = (Sid: string, ...parts: readonly Part[]): Statement => ({
  Sid,
  Effect: 'Allow',
  Action: parts.flatMap(({ Action }) => Action),
  Resource: parts.flatMap(({ Resource }) => Resource),
});

const allow = (
  Sid: string,
  Resource: string | readonly string[],
  service: string,
  actions: readonly string[],
): Statement => ({ Sid, Effect: 'Allow', ...part(Resource, service, actions) });
