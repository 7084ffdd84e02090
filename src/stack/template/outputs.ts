import type { StackOptions } from '../options.js';
import { get, type Output, ref, sub } from './model.js';
import { albArn, targetGroupArn } from './names.js';

/** What the next command, or the next stack, wants to know. */
export function outputsOf(options: StackOptions): Readonly<Record<string, Output>> {
  const outputs: Record<string, Output> = {
    FunctionName: { Description: 'The function that syncs', Value: ref('SyncFunction') },
    LogGroupName: { Description: 'Its log', Value: ref('SyncLogs') },
  };
  if (options.kind === 'fleet') return outputs;
  outputs.AlbArn = { Description: 'The ALB', Value: albArn(options) };
  outputs.TargetGroupArn = { Description: 'The target group that follows it', Value: targetGroupArn(options) };
  if (options.back.kind === 'own' && options.back.backend) {
    outputs.AlbTargetGroupArn = { Description: 'Where the ALB leads', Value: ref('AlbTargetGroup') };
    if (options.back.backend.autoScalingGroup !== undefined) {
      outputs.AutoScalingGroupName = { Description: 'What serves there', Value: ref('AutoScalingGroupName') };
    }
  }
  if (options.front.kind === 'own') {
    outputs.NlbDnsName = { Description: "The NLB's name", Value: get('Nlb', 'DNSName') };
  }
  if (options.api) {
    const url = 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}';
    outputs.ApiUrl = { Description: 'The API', Value: sub(url) };
  }
  return outputs;
}
