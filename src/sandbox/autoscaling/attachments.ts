import { deregister, register } from '../engine/targets.js';
import type { RegionState, TargetGroup } from '../state.js';
import { validationError } from '../wire/errors.js';
import { List, type Operation } from '../wire/operation.js';
import { groupNamed } from './groups.js';
import type { AutoScalingGroup } from './state.js';

const targetsOf = (region: RegionState, { instanceIds }: AutoScalingGroup, arn: string) =>
  [...(region.targetGroups.get(arn)?.targets.values() ?? [])].filter(({ id }) => instanceIds.includes(id));

export const attachLoadBalancerTargetGroups: Operation = (call) => {
  const { world, region, params } = call;
  const group = groupNamed(call);
  const found = params.strings('TargetGroupARNs').map((arn) => region.targetGroups.get(arn));
  for (const one of found) if (!one || !fits(region, group, one)) throw notValid();
  for (const targetGroup of found as TargetGroup[]) {
    group.attachments.set(targetGroup.arn, 'attached');
    for (const id of group.instanceIds) {
      register(world, region, targetGroup, { id, port: targetGroup.port, zone: undefined });
    }
  }
  return {};
};

/** Of instances, and in the VPC of the group's subnets. */
const fits = (region: RegionState, { subnetIds }: AutoScalingGroup, { targetType, vpcId }: TargetGroup): boolean =>
  targetType === 'instance' && subnetIds.every((id) => region.subnets.get(id)?.vpcId === vpcId);

const notValid = () =>
  validationError('Provided Target Groups may not be valid. Please ensure they exist and try again.');

export const detachLoadBalancerTargetGroups: Operation = (call) => {
  const { world, region, params } = call;
  const group = groupNamed(call);
  const arns = params.strings('TargetGroupARNs');
  const strange = arns.filter((arn) => group.attachments.get(arn) !== 'attached');
  if (strange.length > 0) {
    throw validationError(`Trying to remove Target Groups that are not part of the group: ${strange.join(', ')}`);
  }
  for (const arn of arns) {
    group.attachments.set(arn, 'removing');
    const targetGroup = region.targetGroups.get(arn);
    if (targetGroup) for (const target of targetsOf(region, group, arn)) deregister(world, targetGroup, target);
  }
  return {};
};

export const describeLoadBalancerTargetGroups: Operation = (call) => {
  const group = groupNamed(call);
  for (const [arn, phase] of group.attachments) {
    if (phase === 'removing' && targetsOf(call.region, group, arn).length === 0) group.attachments.delete(arn);
  }
  return {
    LoadBalancerTargetGroups: new List(
      [...group.attachments.keys()].map((arn) => ({
        LoadBalancerTargetGroupARN: arn,
        State: stateOf(call.region, group, arn),
      })),
    ),
  };
};

/** `InService` is only for groups that go by the load balancer's health checks. */
function stateOf(region: RegionState, group: AutoScalingGroup, arn: string): string {
  if (group.attachments.get(arn) === 'removing') return 'Removing';
  const targets = targetsOf(region, group, arn);
  if (targets.some(({ reason }) => reason === 'Elb.RegistrationInProgress')) return 'Adding';
  const serves = group.healthCheckType === 'ELB' && targets.some(({ state }) => state === 'healthy');
  return serves ? 'InService' : 'Added';
}
