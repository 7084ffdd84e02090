import type { AutoScalingClientConfig, AutoScalingGroup as SdkGroup } from '@aws-sdk/client-auto-scaling';
import type { ScalingGroup } from '../plan/scaling-groups.js';
import { orNull, type Send, unreadable, withRemedies } from './call.js';
import { everyPage } from './paging.js';
import type { AutoScaling } from './ports.js';

const GROUPS = 'autoscaling:DescribeAutoScalingGroups';
const ATTACHED = 'autoscaling:DescribeLoadBalancerTargetGroups';
/** AWS gives no more on a page, and half of that unless told. */
const PAGE = 100;

/** The Auto Scaling side of the ports. `send` makes one call and words its failure. */
export async function autoScaling(config: AutoScalingClientConfig, send: Send): Promise<AutoScaling> {
  const sdk = await import('./stack-clients.js');
  const client = new sdk.AutoScalingClient(config);

  const groups = (names?: string[]): Promise<ScalingGroup[]> =>
    everyPage(GROUPS, async (NextToken) => {
      const command = new sdk.DescribeAutoScalingGroupsCommand({
        AutoScalingGroupNames: names,
        MaxRecords: PAGE,
        NextToken,
      });
      const page = await send(GROUPS, () => client.send(command));
      if (!page.AutoScalingGroups) throw unreadable(GROUPS, 'no list of groups');
      return { items: page.AutoScalingGroups.map(toGroup), marker: page.NextToken };
    });

  return {
    group: async (name) => (await groups([name])).find((one) => one.name === name) ?? null,

    groups: () => groups(),

    async attachment(AutoScalingGroupName, targetGroupArn) {
      const attached = await everyPage(ATTACHED, async (NextToken) => {
        const command = new sdk.DescribeLoadBalancerTargetGroupsCommand({
          AutoScalingGroupName,
          MaxRecords: PAGE,
          NextToken,
        });
        // AWS has no code of its own for a group that is gone.
        const page = await orNull(
          'ValidationError',
          send(ATTACHED, () => client.send(command)),
        );
        if (page === null) return { items: [], marker: undefined };
        if (!page.LoadBalancerTargetGroups) throw unreadable(ATTACHED, 'no list of target groups');
        return { items: page.LoadBalancerTargetGroups, marker: page.NextToken };
      });
      const found = attached.find((one) => one.LoadBalancerTargetGroupARN === targetGroupArn)?.State;
      if (found === 'Removed') return null;
      if (found !== undefined) return found;
      const [group] = await groups([AutoScalingGroupName]);
      return group?.targetGroupArns.includes(targetGroupArn) ? 'TrafficSource' : null;
    },

    async attach(AutoScalingGroupName, arn) {
      const command = new sdk.AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs: [arn] });
      await send('autoscaling:AttachLoadBalancerTargetGroups', () => client.send(command));
    },

    async detach(AutoScalingGroupName, arn) {
      const command = new sdk.DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs: [arn] });
      await withRemedies(
        send('autoscaling:DetachLoadBalancerTargetGroups', () => client.send(command)),
        (code) => (code === 'ValidationError' ? [asTrafficSource(AutoScalingGroupName, arn)] : []),
      );
    },
  };
}

/** What was attached by AttachTrafficSources, AWS detaches by its counterpart alone. */
const asTrafficSource = (group: string, arn: string): string =>
  `Where it was attached as a traffic source: aws autoscaling detach-traffic-sources --auto-scaling-group-name '${group}' --traffic-sources Identifier=${arn}`;

function toGroup(one: SdkGroup): ScalingGroup {
  if (!one.AutoScalingGroupName) throw unreadable(GROUPS, 'a group without its name');
  return {
    name: one.AutoScalingGroupName,
    subnetIds: (one.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
    targetGroupArns: [
      ...new Set([
        ...(one.TargetGroupARNs ?? []),
        ...(one.TrafficSources ?? []).flatMap(({ Identifier: id }) => (id?.includes(':targetgroup/') ? id : [])),
      ]),
    ],
    instanceIds: (one.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
    isBeingDeleted: one.Status !== undefined,
  };
}
