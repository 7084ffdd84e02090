import type { BridgeStack, StackOptions } from '../options.js';
import { get, type Properties, type Resource, ref, type Section, sub } from './model.js';
import { albArn, albSecurityGroup, opensGroupItself, skip, tags, targetGroupArn } from './names.js';
import { functionPolicies, policy, trust } from './policies.js';

/** Seconds. A deployment waits for an NLB to find its new targets healthy, which takes minutes. */
const FUNCTION_TIMEOUT = 600;
/** Seconds. The function answers before it is cut off; whoever waits for the answer waits a little longer. */
const SERVICE_TIMEOUT = FUNCTION_TIMEOUT + 30;

/** The function, what it may do, and where its words and failures go. */
export function functionSection(options: StackOptions, code: string): Section {
  return {
    comment:
      'The function that keeps the bridge true: the same sync as `lbbridge sync`, packed to fit in here. `npm run build` makes it from src/lambda; dist/function.cjs is the same code to read.',
    resources: {
      SyncLogs: logGroup(),
      SyncFailures: {
        Type: 'AWS::SQS::Queue',
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Metadata: skip('CKV_AWS_27', 'Encrypted with the key of SQS itself; it holds no payload but the failed event.'),
        Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600, Tags: tags() },
      },
      SyncRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Description: 'What the function of an lbbridge stack may do, and nothing else',
          AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
          Policies: functionPolicies(options),
          Tags: tags(),
        },
      },
      SyncFunction: {
        Type: 'AWS::Lambda::Function',
        Metadata: {
          checkov: {
            skip: [
              {
                id: 'CKV_AWS_115',
                comment: 'Two runs at once do no harm, and small accounts have nothing to reserve.',
              },
              { id: 'CKV_AWS_116', comment: 'Failed runs go to the queue by SyncInvocations.' },
              { id: 'CKV_AWS_117', comment: "Outside the VPC on purpose: it calls AWS's services and nothing else." },
              { id: 'CKV_AWS_173', comment: 'The environment holds ARNs, no secrets.' },
            ],
          },
        },
        Properties: {
          Description: 'Keeps the target group of an NLB filled with the addresses of an ALB',
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: 'index.handler',
          MemorySize: 512,
          Timeout: FUNCTION_TIMEOUT,
          Role: get('SyncRole', 'Arn'),
          LoggingConfig: { LogGroup: ref('SyncLogs') },
          Environment: { Variables: environment(options) },
          Code: { ZipFile: code },
          Tags: tags(),
        },
      },
      SyncInvocations: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: ref('SyncFunction'),
          Qualifier: '$LATEST',
          // The next minute's run is the retry.
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: 60,
          DestinationConfig: { OnFailure: { Destination: get('SyncFailures', 'Arn') } },
        },
      },
    },
  };
}

/** Makes a deployment wait until the bridge stands, and a tear-down take its targets out first. */
export function bridgeSection(options: BridgeStack, standing: readonly string[]): Section {
  const group = opensGroupItself(options) ? albSecurityGroup(options) : null;
  return {
    comment:
      'The bridge itself: the deployment is complete when its targets are healthy. It waits for everything that traffic needs, and in a tear-down it goes before all of that.',
    resources: {
      Bridge: {
        Type: 'Custom::LbbridgeBridge',
        DependsOn: standing,
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: {
          ServiceToken: get('SyncFunction', 'Arn'),
          ServiceTimeout: SERVICE_TIMEOUT,
          Alb: albArn(options),
          TargetGroup: targetGroupArn(options),
          ...(group ? { SecurityGroup: group } : {}),
        },
      },
    },
  };
}

/** @param after what has to stand before anything runs by itself, and goes after it */
export function scheduleSection(after: readonly string[]): Section {
  return {
    comment:
      'Every minute. It comes last and goes first, so that nothing registers targets again while the stack goes.',
    resources: {
      ScheduleRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Description: 'Lets the schedule of an lbbridge stack start its function',
          AssumeRolePolicyDocument: trust('scheduler.amazonaws.com', {
            StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
          }),
          Policies: [
            policy('start', [
              { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: get('SyncFunction', 'Arn') },
              { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: get('SyncFailures', 'Arn') },
            ]),
          ],
          Tags: tags(),
        },
      },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        ...(after.length > 0 ? { DependsOn: after } : {}),
        Properties: {
          Description: sub('The sync of ${AWS::StackName}'),
          ScheduleExpression: 'rate(1 minute)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: get('SyncFunction', 'Arn'),
            RoleArn: get('ScheduleRole', 'Arn'),
            Input: '{}',
            RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
            DeadLetterConfig: { Arn: get('SyncFailures', 'Arn') },
          },
        },
      },
    },
  };
}

export function eventsSection(after: readonly string[]): Section {
  return {
    comment:
      'Where the account has a CloudTrail trail: a run as soon as AWS gives a load balancer an interface, or takes one away. The schedule does the same within a minute; without a trail this does nothing.',
    resources: {
      InterfaceChanges: {
        Type: 'AWS::Events::Rule',
        ...(after.length > 0 ? { DependsOn: after } : {}),
        Properties: {
          Description: 'Interfaces that Elastic Load Balancing makes or deletes',
          EventPattern: {
            source: ['aws.ec2'],
            'detail-type': ['AWS API Call via CloudTrail'],
            detail: {
              eventSource: ['ec2.amazonaws.com'],
              eventName: ['CreateNetworkInterface', 'DeleteNetworkInterface'],
              userIdentity: { invokedBy: ['elasticloadbalancing.amazonaws.com'] },
            },
          },
          Targets: [
            {
              Id: 'sync',
              Arn: get('SyncFunction', 'Arn'),
              InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate: '{"changedAt": <time>}' },
              RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
            },
          ],
          Tags: tags(),
        },
      },
      InterfaceChangesMayStart: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: ref('SyncFunction'),
          Principal: 'events.amazonaws.com',
          SourceArn: get('InterfaceChanges', 'Arn'),
        },
      },
    },
  };
}

/** What the function is told: its bridge as a list of one, in the words of lbbridge.yaml, or to find its bridges. */
function environment(options: StackOptions): Properties {
  const stack = { LBBRIDGE_STACK: ref('AWS::StackName') };
  if (options.kind === 'fleet') return { ...stack, LBBRIDGE_DISCOVER: '1' };
  const alb = nameOf(albArn(options));
  const group = nameOf(targetGroupArn(options));
  const id = opensGroupItself(options) ? `,"securityGroup":{"id":"${nameOf(albSecurityGroup(options))}"}` : '';
  return {
    ...stack,
    LBBRIDGE_BRIDGES: sub(`[{"name":"\${AWS::StackName}","alb":"${alb}","targetGroup":"${group}"${id}}]`),
  };
}

/** A reference as it stands in a text of Fn::Sub. */
function nameOf(reference: Properties | null): string {
  const { Ref, 'Fn::GetAtt': attribute } = reference ?? {};
  return `\${${Ref ?? (attribute as readonly string[]).join('.')}}`;
}

/** A log group of the stack's own, whose end is the stack's: the roles may write to it, but never bring it back. */
export const logGroup = (): Resource => ({
  Type: 'AWS::Logs::LogGroup',
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Delete',
  Metadata: skip('CKV_AWS_158', 'Encrypted with the key of CloudWatch Logs itself; it holds addresses and ARNs.'),
  Properties: { RetentionInDays: ref('LogRetentionDays'), Tags: tags() },
});
