import type { Access, Aws, CloudFormation, TemplateSource } from '../aws/ports.js';
import { AwsFailure, OperationError } from '../errors.js';
import {
  type ChangeSet,
  deploymentOf,
  existing,
  firstCause,
  isFailed,
  outageOf,
  STACK_TAG,
  type Stack,
  type StackChange,
  type StackEvent,
} from '../plan/stack.js';
import type { ErrorReport, Outcome, Warning } from './outcome.js';
import { readOnlyLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { errorReport } from './report.js';
import { type Followed, followStack } from './stack-follow.js';
import { checkInputs, type StackInputs } from './stack-inputs.js';
import type { StackResult } from './stack-outcome.js';
import { resourceReport, stackReport } from './stack-report.js';
import {
  ATTACHMENT_PATIENCE,
  detachAll,
  GROUP_NAME,
  leavingFirst,
  plannedAttachments,
  scalingGroupReports,
  settleAttachments,
} from './stack-scaling.js';
import { anotherStack, nextStep, notOurStack, wrongState } from './stack-states.js';
import { byWayOf } from './stack-template.js';
import { declined, refused } from './verdict.js';

export interface DeployOptions {
  readonly stackName: string;
  readonly access: Access;
  /** The template as CloudFormation gets it. */
  readonly template: string;
  /** The S3 bucket by way of which it gets it; undefined: in the call itself. */
  readonly bucket?: string | undefined;
  readonly inputs: StackInputs;
  /** Stops after the change set, and removes it. */
  readonly dryRun: boolean;
  /** The lock of S7. */
  readonly readOnly: boolean;
  /**
   * Shows what is going to change, and asks.
   * @throws UsageError where nobody is there to ask
   */
  readonly confirm: (plan: StackResult) => Promise<boolean>;
  /** The same where the change is an outage; gives the name that was said, or null: a no. */
  readonly confirmOutage: (plan: StackResult, outage: readonly StackChange[]) => Promise<string | null>;
  readonly onEvent: (event: StackEvent, elapsed: number) => void;
}

type DeployPorts = Pick<Ports, 'connect' | 'now' | 'sleep' | 'progress' | 'signal'>;

/** Creates or updates a stack by a change set: what is shown and agreed to is what is carried out. */
export async function deployStack(options: DeployOptions, ports: DeployPorts): Promise<Outcome<StackResult>> {
  const { stackName, access, bucket, template, inputs, readOnly } = options;
  const aws = ports.connect(access);
  const cloudFormation = await aws.cloudFormation();
  const before = await cloudFormation.stack(stackName);
  const kind = deploymentOf(before);
  const stop = readOnlyLock(readOnly) ?? (before && kind !== 'CREATE' ? notOurStack(before) : null);
  if (stop) return { result: stackReport(stackName, before), warnings: [], ...refused(stop) };
  if (before && kind === 'blocked') throw wrongState(before, 'deployed to');
  const notices = await checkInputs(inputs, kind === 'CREATE', aws, ports.now);

  const deployment = { ...options, aws, cloudFormation, before, kind: kind === 'UPDATE' ? kind : 'CREATE' } as const;
  const outcome =
    bucket === undefined
      ? await byChangeSet({ body: template }, deployment, ports)
      : await byWayOf(bucket, options, aws, (source) => byChangeSet(source, deployment, ports));
  return { ...outcome, warnings: [...notices, ...outcome.warnings] };
}

interface Deployment extends DeployOptions {
  readonly aws: Aws;
  readonly cloudFormation: CloudFormation;
  readonly before: Stack | null;
  readonly kind: 'CREATE' | 'UPDATE';
}

async function byChangeSet(
  source: TemplateSource,
  deployment: Deployment,
  ports: DeployPorts,
): Promise<Outcome<StackResult>> {
  const { stackName, inputs, aws, cloudFormation, before, kind } = deployment;
  const token = `lbbridge-${ports.now().toISOString().replace(/\D/g, '')}`;
  const { id, stackId } = await cloudFormation.createChangeSet({
    stackName,
    kind,
    name: token,
    template: source,
    parameters: inputs.parameters,
    tags: new Map([[STACK_TAG, stackName]]),
  });
  let isExecuted = false;
  try {
    const changeSet = await readyChangeSet(id, cloudFormation, ports);
    const stack = before ?? (await cloudFormation.stack(stackId));
    const isUnchanged = isWithoutChanges(changeSet);
    if (changeSet.status === 'FAILED' && !isUnchanged) throw unusable(stackName, changeSet);
    const { changes } = changeSet;
    const wanted = { stackName, named: inputs.parameters.get(GROUP_NAME), before: outputsOf(before), changes };
    const attachments = await plannedAttachments(wanted, aws);
    const autoScalingGroups = await scalingGroupReports(attachments, aws);
    const plan = stackReport(stackName, stack, { changes, autoScalingGroups });
    if (isUnchanged && attachments.every(({ change }) => change === null)) {
      return { result: plan, warnings: [], status: 0 };
    }
    const outage = before === null ? [] : outageOf(changes);
    if (deployment.dryRun) return { result: plan, warnings: outageWarning(outage), status: 0 };
    const verdict = await agreed(deployment, plan, outage);
    if (verdict) return { result: plan, warnings: [], ...verdict };
    if (isUnchanged) return await attached({ result: plan, warnings: [], status: 0 }, deployment, ports);
    await detachAll(leavingFirst(attachments, wanted.named), ports.now().getTime() + ATTACHMENT_PATIENCE, aws, ports);
    await cloudFormation.executeChangeSet(id, token);
    isExecuted = true;
    const outcome = await followed({ ...deployment, stackId, token, plan }, ports);
    return outcome.status === 0 ? await attached(outcome, deployment, ports) : outcome;
  } finally {
    if (!isExecuted) await discard(id, before === null ? stackId : null, token, cloudFormation);
  }
}

const outputsOf = (stack: Stack | null): ReadonlyMap<string, string> => stack?.outputs ?? new Map();

/** What no resource does: the Auto Scaling group that the stack names is attached, once the stack stands. */
async function attached(
  outcome: Outcome<StackResult>,
  { stackName, aws, before }: Deployment,
  ports: DeployPorts,
): Promise<Outcome<StackResult>> {
  const { outputs, autoScalingGroups } = outcome.result;
  if (autoScalingGroups.length === 0) return outcome;
  const done = autoScalingGroups
    .filter(({ change }) => change === 'detach')
    .map((one) => ({ ...one, state: 'absent' }));
  const after = new Map(Object.entries(outputs));
  try {
    const settled = await settleAttachments({ stackName, before: outputsOf(before), after }, aws, ports);
    const now = await scalingGroupReports(settled, aws);
    const earlier = done.filter(
      (one) => !now.some(({ name, targetGroup }) => name === one.name && targetGroup === one.targetGroup),
    );
    return { ...outcome, result: { ...outcome.result, autoScalingGroups: [...now, ...earlier] } };
  } catch (error) {
    const message = `The stack stands; its Auto Scaling group is not settled yet. Deploy ${stackName} again: it goes on from there.`;
    return { ...outcome, warnings: [...outcome.warnings, { code: 'NotAttached', message }], ...failure(error) };
  }
}

/** Waits until AWS has worked out what would change. */
async function readyChangeSet(
  id: string,
  cloudFormation: CloudFormation,
  { sleep, signal }: Pick<Ports, 'sleep' | 'signal'>,
): Promise<ChangeSet> {
  for (let pause = 500; ; pause = Math.min(5000, pause * 1.5)) {
    const changeSet = await cloudFormation.changeSet(id);
    if (!changeSet.status.endsWith('_PENDING') && !changeSet.status.endsWith('_IN_PROGRESS')) return changeSet;
    if (signal.aborted) throw new OperationError('Interrupted', 'Interrupted: nothing was changed.');
    await sleep(pause);
  }
}

/** AWS has no code for this, only the two sentences that every client of its own looks for. */
const isWithoutChanges = ({ status, changes, reason }: ChangeSet): boolean =>
  status === 'FAILED' &&
  changes.length === 0 &&
  /didn't contain changes|No updates are to be performed/.test(reason ?? '');

const unusable = (name: string, { reason }: ChangeSet): OperationError =>
  new OperationError('ChangeSetFailed', `AWS cannot make a change set for ${name}: ${reason ?? 'no reason given'}`, [
    'Mend the template or its parameters. Nothing was changed.',
  ]);

/** Asks; null: go on. */
async function agreed(
  { stackName, confirm, confirmOutage }: DeployOptions,
  plan: StackResult,
  outage: readonly StackChange[],
): Promise<{ status: number; error?: ErrorReport } | null> {
  if (outage.length === 0) return (await confirm(plan)) ? null : declined;
  const said = await confirmOutage(plan, outage);
  if (said === null) return declined;
  return said === stackName ? null : refused(anotherStack(stackName, said));
}

const outageWarning = (outage: readonly StackChange[]): Warning[] =>
  outage.length === 0
    ? []
    : [
        {
          code: 'Outage',
          message: `This is an outage of minutes: ${outage.map(({ logicalId }) => logicalId).join(', ')} would be replaced, removed or moved to another port, and clients get no answer until what takes its place is filled, and known to them.`,
        },
      ];

interface Execution extends Deployment {
  readonly stackId: string;
  readonly token: string;
  readonly plan: StackResult;
}

/** From the execution to its end, good or bad; whatever happens, the result tells what was agreed to. */
async function followed(
  { stackName, stackId, token, onEvent, plan, cloudFormation }: Execution,
  ports: DeployPorts,
): Promise<Outcome<StackResult>> {
  let end: Followed;
  try {
    end = await followStack({ stackId, token, onEvent }, cloudFormation, ports);
  } catch (error) {
    return { result: plan, warnings: [goesOn(stackName)], ...failure(error) };
  }
  const { status } = end.stack;
  const { changes, autoScalingGroups } = plan;
  const result = { ...stackReport(stackName, end.stack), changes, autoScalingGroups };
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') {
    const left = lost(end);
    return { result: { ...result, left }, warnings: left.map(lostWarning), status: 0 };
  }
  const left = existing(await cloudFormation.resources(stackId));
  const cause = firstCause(end.events, end.stack);
  const what = cause ? `${cause.logicalId} (${cause.type}) failed first: ${cause.reason ?? cause.status}` : status;
  return {
    result: { ...result, left: left.map(resourceReport) },
    warnings: [],
    // What AWS has rolled back is not there, or is as it was before.
    status: isFailed(status) ? 4 : 1,
    error: {
      code: 'DeploymentFailed',
      message: `${stackName} is in ${status}: ${what}`,
      suggestions: nextStep(end.stack),
    },
  };
}

const failure = (error: unknown): { status: number; error: ErrorReport } => ({ status: 4, error: errorReport(error) });

const goesOn = (name: string): Warning => ({
  code: 'StillRunning',
  message: `AWS goes on with ${name} by itself: lbbridge stack status ${name}`,
});

/** What an update no longer needs and could not delete: CloudFormation forgets it, so it is told. */
const lost = ({ events }: Followed): StackResult['left'] =>
  events
    .filter(({ status }) => status === 'DELETE_FAILED')
    .map(({ logicalId, type, physicalId, status, reason }) => ({ logicalId, type, physicalId, status, reason }));

const lostWarning = ({ logicalId, physicalId, reason }: StackResult['left'][number]): Warning => ({
  code: 'LeftBehind',
  message:
    `The former ${logicalId} could not be deleted and is no longer part of the stack: ${physicalId}. ${reason ?? ''}`.trim(),
});

/**
 * Leaves nothing of a change set that is not carried out, nor of a stack that only it has made. While a person thought,
 * somebody else may have carried out another change set: then the stack is theirs, and stays.
 */
async function discard(
  id: string,
  madeStackId: string | null,
  token: string,
  cloudFormation: CloudFormation,
): Promise<void> {
  try {
    await cloudFormation.deleteChangeSet(id);
    if (madeStackId === null) return;
    const stack = await cloudFormation.stack(madeStackId, { evenInterrupted: true });
    if (stack?.status === 'REVIEW_IN_PROGRESS') await cloudFormation.deleteStack(madeStackId, token);
  } catch (error) {
    // What led here is the news; a change set that stays does nothing.
    if (!(error instanceof AwsFailure)) throw error;
  }
}
