import { STACK_TAG } from '../../plan/stack.js';
import type { BridgeStack, StackOptions } from '../options.js';
import { get, type Properties, ref, type Value } from './model.js';

/** Tags as most types take them. */
export const tags = (...more: readonly Properties[]): Value => [
  { Key: STACK_TAG, Value: ref('AWS::StackName') },
  ...more,
];

/** Tags as the types take them that came with API Gateway's second version. */
export const tagMap = (): Value => ({ [STACK_TAG]: ref('AWS::StackName') });

/** How the parts of a bridge are named in the template, whether the stack makes them or a parameter names them. */
export const albArn = ({ back }: BridgeStack): Properties => ref(back.kind === 'own' ? 'Alb' : 'AlbArn');

export const targetGroupArn = ({ front }: BridgeStack): Properties =>
  ref(front.kind === 'target-group' ? 'TargetGroupArn' : 'NlbTargetGroup');

/** Null where the stack is told of a target group only. */
export function nlbArn({ front }: BridgeStack): Properties | null {
  if (front.kind === 'own') return ref('Nlb');
  return front.nlb === undefined ? null : ref('NlbArn');
}

/** The security groups of both sides; null where the stack knows of none. */
export function albSecurityGroup({ back }: BridgeStack): Properties | null {
  if (back.kind === 'own') return get('AlbSecurityGroup', 'GroupId');
  return back.securityGroup === undefined ? null : ref('AlbSecurityGroupId');
}

export function nlbSecurityGroup({ front }: BridgeStack): Properties | null {
  if (front.kind === 'own') return get('NlbSecurityGroup', 'GroupId');
  return front.securityGroup === undefined ? null : ref('NlbSecurityGroupId');
}

/**
 * Whether the function opens the ALB's group itself: only where a rule of the template cannot, because the NLB has no
 * group that such a rule could name.
 */
export const opensGroupItself = (options: StackOptions): boolean =>
  options.kind === 'bridge' && albSecurityGroup(options) !== null && nlbSecurityGroup(options) === null;

/** Whether requests reach the far end by TLS, so that the API needs the name on its certificate. */
export const speaksTls = ({ front, back }: BridgeStack): boolean =>
  back.protocol === 'HTTPS' || front.protocol === 'TLS';

/** The port that the ALB listens on; both sides' health checks and rules follow it. */
export const albPort = ref('AlbPort');

/** The last part of an ARN of ELB's, as its metrics want it. */
export const targetGroupFullName = (options: BridgeStack): Value =>
  options.front.kind === 'target-group'
    ? { 'Fn::Select': [5, { 'Fn::Split': [':', ref('TargetGroupArn')] }] }
    : get('NlbTargetGroup', 'TargetGroupFullName');

export const nlbFullName = ({ front }: BridgeStack): Value =>
  front.kind === 'own'
    ? get('Nlb', 'LoadBalancerFullName')
    : { 'Fn::Select': [1, { 'Fn::Split': ['loadbalancer/', ref('NlbArn')] }] };

/** Findings of the policy scanner that stay, each with the reason. */
export const skip = (id: string, comment: string, ...others: readonly string[]): Properties => ({
  checkov: { skip: [id, ...others].map((one) => ({ id: one, comment })) },
});
