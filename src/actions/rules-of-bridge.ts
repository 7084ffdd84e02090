import { parseAlbArn } from '../config/reference.js';
import { type SecurityGroupRule, SOURCE_TAG, type TargetGroup } from '../plan/model.js';
import { isOurRule } from '../plan/rule-plan.js';
import type { Sides } from './read-bridge.js';
import { mayLeadBehind, portsOfOtherBridges } from './read-ingress.js';

/**
 * The rules that a bridge leaves behind when it ends (S12): ours, with the ARN of the group's NLB in their tag, in the
 * ALB's security groups; if the ALB is gone, wherever they are in its account and region. What another bridge of the
 * NLB may need stays: a port that leads to the same ALB or to one that shares a security group with it, and, with the ALB
 * gone, a group that another one uses.
 * @returns none where no listener sends to the group: then nobody knows of which NLB they would be
 */
export async function rulesOfBridge(
  targetGroup: TargetGroup,
  sourceArn: string,
  { groupSide, albSide }: Sides,
): Promise<readonly SecurityGroupRule[]> {
  const [nlbArn] = targetGroup.loadBalancerArns;
  if (nlbArn === undefined) return [];
  const alb = parseAlbArn(sourceArn) && (await albSide.loadBalancing.loadBalancer(sourceArn));
  const found = alb
    ? (await Promise.all(alb.securityGroupIds.map((id) => albSide.securityGroups.rules(id)))).flat()
    : await albSide.securityGroups.rulesTagged(SOURCE_TAG, nlbArn);
  const ours = found.filter((rule) => isOurRule(rule, nlbArn));
  if (ours.length === 0) return [];
  const leadsThere = alb
    ? await mayLeadBehind(alb.securityGroupIds, alb, albSide)
    : (source: string | undefined): boolean => source === sourceArn;
  const [ports, siblings, balancers] = await Promise.all([
    portsOfOtherBridges(nlbArn, targetGroup.arn, leadsThere, groupSide),
    groupSide.loadBalancing.targetGroupsOf(nlbArn),
    alb ? [] : albSide.loadBalancing.allLoadBalancers(),
  ]);
  const isAlone = siblings.every(({ arn }) => arn === targetGroup.arn);
  const used = isAlone ? [] : balancers.flatMap(({ securityGroupIds }) => securityGroupIds);
  return ours.filter(
    ({ groupId, fromPort, toPort }) => !used.includes(groupId) && !(fromPort === toPort && ports.includes(fromPort)),
  );
}
