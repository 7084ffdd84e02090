import type { Access, Aws, CloudFormation } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import { SOURCE_TAG } from '../plan/model.js';
import type { Refusal } from '../plan/refusals.js';
import { isOurRule } from '../plan/rule-plan.js';
import {
  existing,
  firstCause,
  isBusy,
  isFailed,
  type Stack,
  type StackEvent,
  type StackResource,
} from '../plan/stack.js';
import type { ErrorReport, Outcome, Warning } from './outcome.js';
import { pauseOrLock, readOnlyLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { errorReport } from './report.js';
import { revokeRules } from './revoke-rules.js';
import { type Followed, followStack } from './stack-follow.js';
import { type Hold, holdsOn } from './stack-holds.js';
import type { StackResourceReport, StackResult } from './stack-outcome.js';
import { resourceReport, stackReport } from './stack-report.js';
import { attachmentsToEnd, detachAll, GROUP_NAME, scalingGroupReports } from './stack-scaling.js';
import { anotherStack, notOurStack, wrongState } from './stack-states.js';
import { declined, refused } from './verdict.js';

export interface DestroyOptions {
  readonly stackName: string;
  readonly access: Access;
  /** Milliseconds to go on for while AWS releases late. */
  readonly wait: number;
  /** The lock of S7. */
  readonly readOnly: boolean;
  /**
   * Asks for the stack's name, and gives what was said; null: a no.
   * @throws UsageError where nobody is there to ask
   */
  readonly confirm: (plan: StackResult) => Promise<string | null>;
  readonly onEvent: (event: StackEvent, elapsed: number) => void;
  /** Takes a line about what is waited for. */
  readonly onHold: (message: string) => void;
}

type DestroyPorts = Pick<Ports, 'connect' | 'now' | 'sleep' | 'progress' | 'signal'>;

/** Milliseconds until a deletion that AWS refused is tried again. */
const RETRY_PAUSE = 30_000;

/**
 * Takes a stack down until nothing of it is left: one deletion, whose order is the template's, and again what AWS
 * refuses while it still holds on to something itself. A run after one that was interrupted goes on from there.
 */
export async function destroyStack(options: DestroyOptions, ports: DestroyPorts): Promise<Outcome<StackResult>> {
  const { stackName, access, readOnly, confirm } = options;
  const aws = ports.connect(access);
  const cloudFormation = await aws.cloudFormation();
  const stack = await cloudFormation.stack(stackName);
  if (!stack) throw notFound(stackName, aws.region);
  const all = await cloudFormation.resources(stack.id);
  const standing = existing(all);
  const attached = await attachmentsToEnd(standing, stack.outputs.get(GROUP_NAME), aws);
  const autoScalingGroups = await scalingGroupReports(attached, aws);
  const before = stackReport(stackName, stack, { left: standing, autoScalingGroups });
  const stop = readOnlyLock(readOnly) ?? notOurStack(stack) ?? (await pausedBridge(standing, aws, ports.now()));
  if (stop) return { result: before, warnings: [], ...refused(stop) };
  if (stack.isProtected) throw isProtected(stackName);
  if (isBusy(stack.status) && stack.status !== 'DELETE_IN_PROGRESS') throw wrongState(stack, 'deleted');
  const said = await confirm(before);
  if (said === null) return { result: before, warnings: [], ...declined };
  if (said !== stackName) return { result: before, warnings: [], ...refused(anotherStack(stackName, said)) };

  // Better found now than with half of it gone.
  const holds = (await holdsOn(standing, all, aws)).filter(({ remedy }) => remedy !== null);
  if (holds.length > 0)
    return { result: before, warnings: [], status: 1, error: heldUp(stackName, holds, 'Nothing was deleted.') };
  try {
    // A target group that goes while a group is attached to it would keep that group from launching instances.
    await detachAll(attached, ports.now().getTime() + options.wait, aws, ports);
  } catch (error) {
    return { result: before, warnings: [], status: 4, error: errorReport(error) };
  }
  const detached = autoScalingGroups.map((one) => ({ ...one, state: 'absent' }));
  try {
    const failed = await takeDown(stack, options, aws, cloudFormation, ports);
    if (failed) return { ...failed, result: { ...failed.result, autoScalingGroups: detached } };
    const left = await leftovers(all, options, aws, cloudFormation, stack, ports);
    const gone = { ...stack, status: 'DELETE_COMPLETE', outputs: new Map() };
    const result = { ...stackReport(stackName, gone, { autoScalingGroups: detached }), left };
    return { result, warnings: left.map(leftWarning), status: 0 };
  } catch (error) {
    const message = `AWS goes on with ${stackName} by itself; to see it through: lbbridge stack destroy ${stackName}`;
    return { result: before, warnings: [{ code: 'StillRunning', message }], status: 4, error: errorReport(error) };
  }
}

/**
 * S7: a bridge that is paused is not emptied, so that its stack cannot go either. Its physical id is its group's ARN, with
 * a mark where the deletion leaves the group as it is: then its pause is no matter.
 */
async function pausedBridge(
  standing: readonly StackResource[],
  { loadBalancing }: Aws,
  now: Date,
): Promise<Refusal | null> {
  for (const { type, physicalId } of standing) {
    if (!type.startsWith('Custom::') || !physicalId?.includes(':targetgroup/') || physicalId.includes('#')) continue;
    const targetGroup = await loadBalancing.targetGroup(physicalId);
    if (!targetGroup) continue;
    const paused = pauseOrLock({ targetGroup, tags: await loadBalancing.tags(physicalId) }, false, now);
    if (paused) return paused.refusal;
  }
  return null;
}

/** Deletes, and again while what holds it passes by itself; null when the stack is gone. */
async function takeDown(
  stack: Stack,
  { stackName, wait, onEvent, onHold }: DestroyOptions,
  aws: Aws,
  cloudFormation: CloudFormation,
  ports: DestroyPorts,
): Promise<Outcome<StackResult> | null> {
  const deadline = ports.now().getTime() + wait;
  // Whoever began it, a deletion that is under way is only followed.
  let token = stack.status === 'DELETE_IN_PROGRESS' ? undefined : await begin(stack, cloudFormation, ports);
  for (;;) {
    const end = await followStack({ stackId: stack.id, token, onEvent }, cloudFormation, ports);
    if (end.stack.status === 'DELETE_COMPLETE') return null;
    const all = await cloudFormation.resources(stack.id);
    const left = existing(all);
    const holds = await holdsOn(
      left.filter(({ status }) => isFailed(status)),
      all,
      aws,
    );
    const lasting = holds.filter(({ remedy }) => remedy !== null);
    if (lasting.length > 0 || ports.now().getTime() + RETRY_PAUSE > deadline) {
      const error = lasting.length > 0 ? heldUp(stackName, lasting, 'The rest is gone.') : stuck(end, stackName);
      return { result: stackReport(stackName, end.stack, { left }), warnings: [], status: 4, error };
    }
    onHold(`${holds[0]?.message ?? reasonOf(end)} Trying again.`);
    await ports.sleep(RETRY_PAUSE);
    if (ports.signal.aborted) throw new OperationError('Interrupted', 'Interrupted.');
    token = await begin(stack, cloudFormation, ports);
  }
}

async function begin({ id }: Stack, cloudFormation: CloudFormation, { now }: Pick<Ports, 'now'>): Promise<string> {
  const token = `lbbridge-${now().toISOString().replace(/\D/g, '')}`;
  await cloudFormation.deleteStack(id, token);
  return token;
}

/**
 * What outlives the stack: what its template keeps, and interfaces of its load balancers, which are waited for. Rules of
 * ours for its NLB, in whatever group, go; those for an NLB that is kept still let traffic in, and stay.
 */
async function leftovers(
  all: readonly StackResource[],
  { wait, onHold }: DestroyOptions,
  { network, securityGroups }: Aws,
  cloudFormation: CloudFormation,
  stack: Stack,
  { now, sleep, signal }: DestroyPorts,
): Promise<StackResourceReport[]> {
  const kept = (await cloudFormation.resources(stack.id)).filter(({ status }) => status === 'DELETE_SKIPPED');
  const balancers = all.filter(
    ({ type, physicalId, logicalId }) =>
      type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' &&
      physicalId !== null &&
      !kept.some((one) => one.logicalId === logicalId),
  );
  for (const { physicalId } of balancers) {
    const nlbArn = physicalId as string;
    const rules = await securityGroups.rulesTagged(SOURCE_TAG, nlbArn);
    for (const rule of rules.filter((one) => isOurRule(one, nlbArn)))
      await revokeRules(securityGroups, rule.groupId, [rule], () => undefined);
  }
  const deadline = now().getTime() + wait;
  for (;;) {
    const found = await Promise.all(
      balancers.map(async (balancer) => {
        const path = balancer.physicalId?.split(':loadbalancer/')[1] ?? '';
        const interfaces = await network.interfacesByDescription(`ELB ${path}`);
        return interfaces.filter(({ requesterManaged }) => requesterManaged).map(({ id }) => interfaceOf(balancer, id));
      }),
    );
    const interfaces = found.flat();
    if (interfaces.length === 0 || now().getTime() >= deadline || signal.aborted) {
      return [...kept.map(resourceReport), ...interfaces];
    }
    onHold(`${interfaces.length} interfaces of load balancers that are gone are still there.`);
    await sleep(RETRY_PAUSE);
  }
}

const interfaceOf = ({ logicalId }: StackResource, physicalId: string): StackResourceReport => ({
  logicalId,
  type: 'AWS::EC2::NetworkInterface',
  physicalId,
  status: 'in-use',
  reason: 'AWS has not deleted it yet',
});

const leftWarning = ({ logicalId, physicalId, status, reason }: StackResourceReport): Warning => ({
  code: 'LeftBehind',
  message: `${logicalId} is still there: ${physicalId} (${reason ?? status})`,
});

const reasonOf = ({ events, stack }: Followed): string => {
  const cause = firstCause(events, stack);
  return cause
    ? `${cause.logicalId} (${cause.type}): ${cause.reason ?? cause.status}`
    : `${stack.name} is in ${stack.status}.`;
};

const heldUp = (name: string, holds: readonly Hold[], what: string): ErrorReport => ({
  code: 'HeldUp',
  message: [`${name} is held up. ${what}`, ...holds.map(({ message }) => message)].join('\n'),
  suggestions: [...holds.flatMap(({ remedy }) => remedy ?? []), `Then go on: lbbridge stack destroy ${name}`],
});

const stuck = (end: Followed, name: string): ErrorReport => ({
  code: 'DeletionFailed',
  message: `${name} is in ${end.stack.status}: ${reasonOf(end)}`,
  suggestions: [
    `Try again: lbbridge stack destroy ${name}`,
    `Or give up what cannot go: aws cloudformation delete-stack --stack-name ${name} --retain-resources LOGICAL_ID`,
  ],
});

const notFound = (name: string, region: string): OperationError =>
  new OperationError('StackNotFound', `There is no stack ${name} in ${region}.`, [
    'Look at its name, --region, --profile and --role-arn. One that has been destroyed is not found either.',
  ]);

const isProtected = (name: string): OperationError =>
  new OperationError('StackProtected', `Termination protection is on for ${name}: AWS would refuse to delete it.`, [
    `aws cloudformation update-termination-protection --stack-name ${name} --no-enable-termination-protection`,
  ]);
