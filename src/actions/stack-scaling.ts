import type { Aws } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import { type Attachment, attachmentsOf, type ScalingGroup } from '../plan/scaling-groups.js';
import type { StackChange, StackResource } from '../plan/stack.js';
import type { Ports } from './ports.js';
import type { ScalingGroupReport } from './stack-outcome.js';

/** Of a template: the parameter and the output that name the Auto Scaling group, and what it is attached to. */
export const GROUP_NAME = 'AutoScalingGroupName';
const TARGET_GROUP = 'AlbTargetGroup';
const TARGET_GROUP_ARN = 'AlbTargetGroupArn';

/** What a stack says of itself. */
export type Outputs = ReadonlyMap<string, string>;

/** Milliseconds between two looks: soon at first, since a group without instances is quick. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** Milliseconds that a deployment gives instances to become healthy, and those of a former group to drain. */
export const ATTACHMENT_PATIENCE = 600_000;

export interface Planned {
  readonly stackName: string;
  /** The group that the template names. */
  readonly named: string | undefined;
  readonly before: Outputs;
  readonly changes?: readonly StackChange[];
}

/** What a deployment would attach and detach; asks AWS nothing where no Auto Scaling group is or was named. */
export async function plannedAttachments(
  { stackName, named, before, changes = [] }: Planned,
  aws: Aws,
): Promise<Attachment[]> {
  const own = before.get(TARGET_GROUP_ARN) ?? null;
  const isReplaced = changes.some(
    ({ logicalId, action, replacement }) =>
      logicalId === TARGET_GROUP && (action === 'Remove' || replacement === 'True'),
  );
  const wanted = { stackName, named, former: before.get(GROUP_NAME) };
  return own !== null && isReplaced
    ? attachments({ ...wanted, targetGroupArn: null, going: [own] }, aws)
    : attachments({ ...wanted, targetGroupArn: own, going: [] }, aws);
}

/**
 * Of what is to be detached, what has to go before the stack changes: afterwards neither the stack nor its target group
 * tells of it any more, and no later run could finish what was interrupted.
 */
export const leavingFirst = (all: readonly Attachment[], named: string | undefined): Attachment[] =>
  all.filter(
    ({ group, targetGroupArn, change }) =>
      change === 'detach' &&
      group !== named &&
      !all.some((one) => one.group === named && one.change !== 'detach' && one.targetGroupArn === targetGroupArn),
  );

interface Wanted {
  readonly stackName: string;
  readonly named: string | undefined;
  /** The group that the stack named until now. */
  readonly former: string | undefined;
  readonly targetGroupArn: string | null;
  /** Target groups that go with this deployment. */
  readonly going: readonly string[];
}

async function attachments(
  { stackName, named, former, targetGroupArn, going }: Wanted,
  aws: Aws,
): Promise<Attachment[]> {
  if (named === undefined && former === undefined) return [];
  const all = await (await aws.autoScaling()).groups();
  // A stack that no longer names a group leaves alone what others have attached.
  const groups = named === undefined ? all.filter(({ name }) => name === former) : all;
  const mine = all.find(({ name }) => name === named);
  const gone = mine ? await goneOf(mine, stackName, aws) : [];
  return attachmentsOf({ groups, named, targetGroupArn, going: new Set([...going, ...gone]) });
}

/**
 * The stack's former target groups that the group is still attached to, after a run that was interrupted. CloudFormation
 * names them after the stack, of whose name it keeps the beginning.
 */
async function goneOf({ targetGroupArns }: ScalingGroup, stackName: string, { loadBalancing }: Aws): Promise<string[]> {
  const arns = targetGroupArns.filter((arn) => arn.includes(`:targetgroup/${stackName.slice(0, 5)}`));
  const found = await Promise.all(arns.map((arn) => loadBalancing.targetGroup(arn)));
  return arns.filter((_, index) => found[index] === null);
}

/** How it stands with what is attached, or is to be. */
export const scalingGroupReports = (all: readonly Attachment[], aws: Aws): Promise<ScalingGroupReport[]> =>
  Promise.all(
    all.map(async ({ group, targetGroupArn, change }) => ({
      name: group,
      targetGroup: targetGroupArn,
      change,
      state:
        (targetGroupArn === null ? null : await (await aws.autoScaling()).attachment(group, targetGroupArn)) ??
        'absent',
    })),
  );

type WaitPorts = Pick<Ports, 'now' | 'sleep' | 'progress' | 'signal'>;

/**
 * Attaches the group that the stack names, and detaches from its target group what else is attached: only once the new
 * group serves, so that the ALB is never without a healthy instance.
 * @param before,after the stack's outputs, before the deployment and now
 * @returns what was to be done
 * @throws OperationError `StillAttached` where something stays attached, `Interrupted`
 */
export async function settleAttachments(
  { stackName, before, after }: { readonly stackName: string; readonly before: Outputs; readonly after: Outputs },
  aws: Aws,
  ports: WaitPorts,
): Promise<Attachment[]> {
  const [named, former] = [after.get(GROUP_NAME), before.get(GROUP_NAME)];
  const targetGroupArn = after.get(TARGET_GROUP_ARN) ?? null;
  const old = before.get(TARGET_GROUP_ARN);
  const going = old === undefined || old === targetGroupArn ? [] : [old];
  const all = await attachments({ stackName, named, former, targetGroupArn, going }, aws);
  const autoScaling = await aws.autoScaling();
  if (named !== undefined && targetGroupArn !== null && all.some(({ change }) => change === 'attach')) {
    await autoScaling.attach(named, targetGroupArn);
  }
  const leaving = all.filter(({ change }) => change === 'detach');
  const replaced = leaving.filter((one) => one.targetGroupArn !== targetGroupArn);
  const others = leaving.filter((one) => one.targetGroupArn === targetGroupArn);
  const deadline = ports.now().getTime() + ATTACHMENT_PATIENCE;
  // First, since a group that is attached to a target group that is gone may launch nothing that could get healthy.
  await detachAll(replaced, deadline, aws, ports);
  if (named !== undefined && targetGroupArn !== null && others.length > 0) {
    const serves = (): Promise<boolean> => hasHealthy(named, targetGroupArn, aws);
    if (!(await until(`for a healthy instance of ${named}`, serves, deadline, ports))) {
      throw nothingHealthy(named, others);
    }
  }
  await detachAll(others, deadline, aws, ports);
  return all;
}

async function hasHealthy(name: string, targetGroupArn: string, aws: Aws): Promise<boolean> {
  const [group, targets] = await Promise.all([
    (await aws.autoScaling()).group(name),
    aws.loadBalancing.targets(targetGroupArn),
  ]);
  return targets.some(({ ip, state }) => state === 'healthy' && group?.instanceIds.includes(ip));
}

/** Whatever is attached to the target groups of instances among the resources, or is just being detached from them. */
export async function attachmentsToEnd(
  resources: readonly StackResource[],
  named: string | undefined,
  aws: Aws,
): Promise<Attachment[]> {
  const arns = resources.flatMap(({ type, physicalId }) =>
    // One that could not be made may have no more than a name.
    type === 'AWS::ElasticLoadBalancingV2::TargetGroup' && physicalId?.includes(':targetgroup/') ? [physicalId] : [],
  );
  const found = await Promise.all(arns.map((arn) => aws.loadBalancing.targetGroup(arn)));
  const own = arns.filter((_, index) => found[index]?.targetType === 'instance');
  if (own.length === 0) return [];
  const autoScaling = await aws.autoScaling();
  const groups = await autoScaling.groups();
  const all = attachmentsOf({ groups, named: undefined, targetGroupArn: null, going: new Set(own) });
  // A run that was interrupted may have begun it: then AWS no longer lists the two together.
  for (const arn of named === undefined ? [] : own) {
    if (all.some(({ group, targetGroupArn }) => group === named && targetGroupArn === arn)) continue;
    if (await autoScaling.attachment(named as string, arn)) {
      all.push({ group: named as string, targetGroupArn: arn, change: 'detach' });
    }
  }
  return all;
}

/**
 * Detaches, and waits until the instances have drained.
 * @throws OperationError `StillAttached` where they have not by the deadline, `Interrupted`
 */
export async function detachAll(
  all: readonly Attachment[],
  deadline: number,
  aws: Aws,
  ports: WaitPorts,
): Promise<void> {
  if (all.length === 0) return;
  const autoScaling = await aws.autoScaling();
  const state = ({ group, targetGroupArn }: Attachment): Promise<string | null> =>
    targetGroupArn === null ? Promise.resolve(null) : autoScaling.attachment(group, targetGroupArn);
  for (const one of all) {
    const now = await state(one);
    if (now !== null && now !== 'Removing') await autoScaling.detach(one.group, one.targetGroupArn as string);
  }
  const names = [...new Set(all.map(({ group }) => group))].join(', ');
  const areGone = async (): Promise<boolean> => (await Promise.all(all.map(state))).every((one) => one === null);
  if (await until(`for the instances of ${names} to drain`, areGone, deadline, ports)) return;
  throw new OperationError('StillAttached', `AWS has not detached ${names} yet: its instances still drain.`, [
    'Run it again: it goes on from here.',
  ]);
}

/** Looks again and again; false where it does not hold by the deadline. */
async function until(
  what: string,
  holds: () => Promise<boolean>,
  deadline: number,
  { now, sleep, progress, signal }: WaitPorts,
): Promise<boolean> {
  for (let pause = FIRST_PAUSE; !(await holds()); pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    if (now().getTime() >= deadline) return false;
    progress(`waiting ${what}`);
    await sleep(pause);
    if (signal.aborted) throw new OperationError('Interrupted', `Interrupted while waiting ${what}.`);
  }
  return true;
}

const nothingHealthy = (named: string, leaving: readonly Attachment[]): OperationError =>
  new OperationError(
    'StillAttached',
    `No instance of ${named} is healthy yet: ${leaving.map(({ group }) => group).join(', ')} stays attached beside it.`,
    [`See why: lbbridge stack status, and the activities of ${named}. Then deploy again: it goes on from here.`],
  );
