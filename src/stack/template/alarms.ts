import type { StackOptions } from '../options.js';
import { type Properties, type Resource, ref, type Section, type Value } from './model.js';
import { nlbArn, nlbFullName, tags, targetGroupFullName } from './names.js';

/** The namespace of the function's own metrics. */
export const METRICS = 'lbbridge';

export function alarmSection(options: StackOptions): Section[] {
  if (!options.alarms) return [];
  const actions: Properties = options.alarms.topic === undefined ? {} : { AlarmActions: [ref('AlarmTopicArn')] };
  const alarm = (description: string, properties: Properties): Resource => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { AlarmDescription: description, ...properties, ...actions, Tags: tags() },
  });
  const functionMetric = (MetricName: string): Properties => ({
    Namespace: 'AWS/Lambda',
    MetricName,
    Dimensions: [dimension('FunctionName', ref('SyncFunction'))],
  });
  const invocations = (Id: string, name: string): Properties => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: functionMetric(name), Period: 60, Stat: 'Sum' },
  });
  return [
    {
      comment: 'What somebody should be told of.',
      resources: {
        SyncFails: alarm('The sync has failed in 3 of 5 minutes.', {
          ...functionMetric('Errors'),
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 5,
          DatapointsToAlarm: 3,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        }),
        SyncIsSilent: alarm('No sync has succeeded for 5 minutes: the bridge no longer follows the ALB.', {
          Metrics: [
            { Id: 'succeeded', Expression: 'FILL(runs, 0) - FILL(errors, 0)', Label: 'Runs that succeeded' },
            invocations('runs', 'Invocations'),
            invocations('errors', 'Errors'),
          ],
          EvaluationPeriods: 5,
          Threshold: 1,
          ComparisonOperator: 'LessThanThreshold',
          TreatMissingData: 'breaching',
        }),
        SyncIsRefused: alarm('A safety rule has refused a bridge for 10 minutes: its log names the rule.', {
          Namespace: METRICS,
          MetricName: 'refused',
          Dimensions: [dimension('stack', ref('AWS::StackName'))],
          Statistic: 'Maximum',
          Period: 60,
          EvaluationPeriods: 10,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        }),
        ...(options.kind === 'bridge' && nlbArn(options) !== null
          ? {
              NothingIsHealthy: alarm('No target of the bridge is healthy: nothing answers behind the NLB.', {
                Namespace: 'AWS/NetworkELB',
                MetricName: 'HealthyHostCount',
                Dimensions: [
                  dimension('TargetGroup', targetGroupFullName(options)),
                  dimension('LoadBalancer', nlbFullName(options)),
                ],
                Statistic: 'Maximum',
                Period: 60,
                EvaluationPeriods: 2,
                Threshold: 1,
                ComparisonOperator: 'LessThanThreshold',
                TreatMissingData: 'breaching',
              }),
            }
          : {}),
      },
    },
  ];
}

const dimension = (Name: string, value: Value): Properties => ({ Name, Value: value });
