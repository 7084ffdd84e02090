import { validationError } from '../wire/errors.js';
import { List, type Operation, type Xml } from '../wire/operation.js';
import { noteStack } from './events.js';
import { existingStack, page, stackNamed } from './find.js';
import { deleteStack as takeDown } from './operations.js';
import type { Stack } from './state.js';

const STACKS_PER_PAGE = 100;
const time = (at: number): string => new Date(at).toISOString();

export const describeStacks: Operation = (call) => {
  const { params, region, account } = call;
  const all = [...region.stacks.values()].filter(
    ({ ownerId, status }) => ownerId === account.id && status !== 'DELETE_COMPLETE',
  );
  const { items, NextToken } = page(call, params.has('StackName') ? [existingStack(call)] : all, STACKS_PER_PAGE);
  return { Stacks: new List(items.map(stackXml)), NextToken };
};

const stackXml = (stack: Stack): Xml => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: time(stack.createdAt),
  StackStatus: stack.status,
  StackStatusReason: stack.reason,
  EnableTerminationProtection: stack.isProtected,
  Parameters: new List(
    [...stack.desired.parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  ),
  Outputs: new List([...stack.outputs].map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }))),
  Tags: new List([...stack.tags].map(([Key, Value]) => ({ Key, Value }))),
});

export const listStackResources: Operation = (call) => {
  const stack = existingStack(call);
  const { items, NextToken } = page(call, [...stack.resources.values()], call.world.knobs['cfn.eventsPerPage']);
  return {
    StackResourceSummaries: new List(
      items.map((one) => ({
        LogicalResourceId: one.logicalId,
        PhysicalResourceId: one.physicalId === '' ? undefined : one.physicalId,
        ResourceType: one.type,
        LastUpdatedTimestamp: time(one.changedAt),
        ResourceStatus: one.status,
        ResourceStatusReason: one.reason,
        DriftInformation: { StackResourceDriftStatus: driftOf(stack, one.logicalId, call.world.clock.now) },
      })),
    ),
    NextToken,
  };
};

function driftOf({ drifted, driftDetectedAt }: Stack, logicalId: string, now: number): string {
  if (driftDetectedAt === undefined || driftDetectedAt > now) return 'NOT_CHECKED';
  return drifted.has(logicalId) ? 'MODIFIED' : 'IN_SYNC';
}

export const describeStackEvents: Operation = (call) => {
  const stack = existingStack(call);
  const { clock, knobs } = call.world;
  const shown = stack.events.filter(({ shownAt }) => shownAt <= clock.now).reverse();
  const { items, NextToken } = page(call, shown, knobs['cfn.eventsPerPage']);
  return {
    StackEvents: new List(
      items.map((one) => ({
        StackId: stack.id,
        EventId: one.id,
        StackName: stack.name,
        LogicalResourceId: one.logicalId,
        PhysicalResourceId: one.physicalId,
        ResourceType: one.type,
        Timestamp: time(one.at),
        ResourceStatus: one.status,
        ResourceStatusReason: one.reason,
        ClientRequestToken: one.token,
      })),
    ),
    NextToken,
  };
};

export const deleteStack: Operation = (call) => {
  const stack = stackNamed(call);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
  if (stack.isProtected) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  const run = { call, stack, token: call.params.string('ClientRequestToken') };
  if (/^(UPDATE|ROLLBACK|UPDATE_ROLLBACK|CREATE)_IN_PROGRESS$/.test(stack.status)) {
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  if (stack.status === 'REVIEW_IN_PROGRESS') noteStack(run, 'DELETE_COMPLETE');
  else takeDown(run);
  return {};
};

export const updateTerminationProtection: Operation = (call) => {
  const stack = existingStack(call);
  stack.isProtected = call.params.boolean('EnableTerminationProtection') === true;
  return { StackId: stack.id };
};

export const detectStackDrift: Operation = (call) => {
  const stack = existingStack(call);
  stack.driftDetectedAt = call.world.clock.now + call.world.knobs['cfn.resourceSeconds'] * 1000;
  return { StackDriftDetectionId: Buffer.from(stack.id).toString('base64url') };
};

export const describeStackDriftDetectionStatus: Operation = (call) => {
  const id = call.params.string('StackDriftDetectionId') ?? '';
  const stack = call.region.stacks.get(Buffer.from(id, 'base64url').toString());
  if (stack?.driftDetectedAt === undefined) throw validationError(`Drift detection with id ${id} does not exist`);
  const isDone = stack.driftDetectedAt <= call.world.clock.now;
  return {
    StackId: stack.id,
    StackDriftDetectionId: id,
    DetectionStatus: isDone ? 'DETECTION_COMPLETE' : 'DETECTION_IN_PROGRESS',
    StackDriftStatus: isDone ? (stack.drifted.size > 0 ? 'DRIFTED' : 'IN_SYNC') : undefined,
    Timestamp: time(stack.driftDetectedAt),
  };
};
