/** The tag of a stack's target group that names the Auto Scaling group behind it. */
export const SCALING_GROUP_TAG = 'lbbridge:auto-scaling-group';

/** An EC2 Auto Scaling group, as DescribeAutoScalingGroups reports it. */
export interface ScalingGroup {
  readonly name: string;
  readonly subnetIds: readonly string[];
  /** The target groups that its instances are registered with; not those that are being detached. */
  readonly targetGroupArns: readonly string[];
  readonly instanceIds: readonly string[];
  readonly isBeingDeleted: boolean;
}

/** What a stack's target group and an Auto Scaling group have to do with each other. */
export interface Attachment {
  readonly group: string;
  /** Null where the target group is still to be made. */
  readonly targetGroupArn: string | null;
  /** What is to be done about it; null: it is as it should be. */
  readonly change: 'attach' | 'detach' | null;
}

export interface AttachmentFacts {
  readonly groups: readonly ScalingGroup[];
  /** The group that is to serve behind the ALB; undefined: none. */
  readonly named: string | undefined;
  /** The stack's own target group of instances; null while there is none. */
  readonly targetGroupArn: string | null;
  /** Target groups that are gone or about to go. */
  readonly going: ReadonlySet<string>;
}

/**
 * The named group is attached, and whatever else is attached to the stack's own target group is not. No group stays
 * attached to a target group that goes: EC2 Auto Scaling then launches no instances any more.
 * Source: Troubleshoot load balancer issues in Amazon EC2 Auto Scaling.
 */
export function attachmentsOf({ groups, named, targetGroupArn, going }: AttachmentFacts): Attachment[] {
  const found = groups.flatMap(({ name, targetGroupArns }) =>
    targetGroupArns
      .filter((arn) => arn === targetGroupArn || going.has(arn))
      .map((arn): Attachment => {
        const stays = arn === targetGroupArn && name === named && !going.has(arn);
        return { group: name, targetGroupArn: arn, change: stays ? null : 'detach' };
      }),
  );
  if (named === undefined || found.some(({ change }) => change === null)) return found;
  return [{ group: named, targetGroupArn, change: 'attach' }, ...found];
}
