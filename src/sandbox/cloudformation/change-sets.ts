import { authorize } from '../iam/index.js';
import { partitionOf } from '../regions.js';
import { objectText } from '../s3/index.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import { Params } from '../wire/params.js';
import { changesOf } from './changes.js';
import { noteStack } from './events.js';
import { existingStack, page, stackNamed } from './find.js';
import { createStack, updateStack } from './operations.js';
import type { ChangeSet, Desired, Stack, Template } from './state.js';
import { parametersOf, parseTemplate } from './template.js';

const MAX_TEMPLATE = 51_200;
/** Bytes of a template that lies in a bucket. */
const MAX_OBJECT = 1_000_000;
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const updatable = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

export const createChangeSet: Operation = (call) => {
  const { params, world } = call;
  const existing = stackNamed(call);
  const stackName = params.string('StackName') ?? '';
  const name = params.string('ChangeSetName') ?? '';
  const type = params.string('ChangeSetType') === 'CREATE' ? 'CREATE' : 'UPDATE';
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw constraint(name, 'changeSetName', 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  }
  const template = templateGiven(call, existing);
  checkState(existing, type, stackName, name);
  const parameters = parametersOf(template, parametersGiven(call), existing?.desired.parameters ?? new Map());
  const desired: Desired = { template, parameters };
  const stack = existing ?? newStack(call, stackName, desired);
  if ([...stack.changeSets.values()].some((one) => one.name === name)) {
    throw new AwsError(
      400,
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attributes`,
    );
  }
  const changeSet: ChangeSet = {
    id: `${prefixOf(call)}:changeSet/${name}/${world.random.uuid()}`,
    name,
    type,
    status: 'CREATE_IN_PROGRESS',
    executionStatus: 'UNAVAILABLE',
    desired,
    tags: new Map(params.list('Tags').map((tag) => [tag.string('Key') ?? '', tag.string('Value') ?? ''])),
    changes: [],
    createdAt: world.clock.now,
  };
  stack.changeSets.set(changeSet.id, changeSet);
  if (!existing) noteStack({ call, stack, token: undefined }, 'REVIEW_IN_PROGRESS', 'User Initiated');
  world.clock.after(world.knobs['cfn.resourceSeconds'], () => {
    changeSet.changes = changesOf(call, stack, desired);
    const isEmpty = type === 'UPDATE' && changeSet.changes.length === 0 && sameTags(stack.tags, changeSet.tags);
    if (isEmpty) Object.assign(changeSet, { status: 'FAILED', reason: NO_CHANGES });
    else Object.assign(changeSet, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' });
  });
  return { Id: changeSet.id, StackId: stack.id };
};

const sameTags = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);

function checkState(existing: Stack | null, type: ChangeSet['type'], stackName: string, name: string): void {
  if (type === 'CREATE') {
    if (!existing || existing.status === 'REVIEW_IN_PROGRESS') return;
    throw validationError(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  if (!existing) throw validationError(`Stack [${stackName}] does not exist`);
  if (updatable.test(existing.status)) return;
  throw validationError(`Stack:${existing.id} is in ${existing.status} state and can not be updated.`);
}

function templateGiven(call: Call, existing: Stack | null): Template {
  const { params } = call;
  if (params.boolean('UsePreviousTemplate') && existing) return existing.desired.template;
  const template = parseTemplate(bodyGiven(call));
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  const capabilities = params.strings('Capabilities');
  if (types.includes('AWS::IAM::Role') && !capabilities.some((one) => /^CAPABILITY_(NAMED_)?IAM$/.test(one))) {
    throw new AwsError(400, 'InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]');
  }
  const [unknown] = types.filter((one) => !/^(AWS::\w+::\w+|Custom::[\w@-]+)$/.test(one));
  if (unknown !== undefined) throw validationError(`Template format error: Unrecognized resource types: [${unknown}]`);
  return template;
}

function bodyGiven(call: Call): string {
  const body = call.params.string('TemplateBody');
  const url = call.params.string('TemplateURL');
  if ((body === undefined) === (url === undefined)) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  if (url !== undefined) return templateAt(call, url);
  if (Buffer.byteLength(body ?? '') > MAX_TEMPLATE) {
    throw constraint('…', 'templateBody', `Member must have length less than or equal to ${MAX_TEMPLATE}`);
  }
  return body ?? '';
}

/** CloudFormation reads an object with the permissions of whoever calls it. */
function templateAt(call: Call, url: string): string {
  const [, Bucket, Key] = URL.canParse(url) ? (/^\/([^/]+)\/(.+)$/.exec(new URL(url).pathname) ?? []) : [];
  if (Bucket === undefined || Key === undefined) throw validationError('TemplateURL must be a supported URL.');
  const asked = { ...call, params: Params.parse(new URLSearchParams({ Bucket, Key }).toString(), 'query') };
  let text: string;
  try {
    authorize('s3', 'GetObject', asked);
    text = objectText(asked);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const said = error.code === 'AccessDenied' ? 'Access Denied' : error.message;
    throw validationError(
      `S3 error: ${said}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
    );
  }
  if (Buffer.byteLength(text) > MAX_OBJECT)
    throw validationError(`Template may not exceed ${MAX_OBJECT} bytes in size.`);
  return text;
}

const parametersGiven = ({ params }: Call): Map<string, string | undefined> =>
  new Map(
    params
      .list('Parameters')
      .map((one) => [
        one.string('ParameterKey') ?? '',
        one.boolean('UsePreviousValue') ? undefined : one.string('ParameterValue'),
      ]),
  );

const prefixOf = ({ region, account }: Call): string =>
  `arn:${partitionOf(region.name)}:cloudformation:${region.name}:${account.id}`;

function newStack(call: Call, name: string, desired: Desired): Stack {
  const { world, region, account } = call;
  const stack: Stack = {
    id: `${prefixOf(call)}:stack/${name}/${world.random.uuid()}`,
    name,
    ownerId: account.id,
    status: 'REVIEW_IN_PROGRESS',
    createdAt: world.clock.now,
    desired,
    tags: new Map(),
    outputs: new Map(),
    resources: new Map(),
    events: [],
    changeSets: new Map(),
    isProtected: false,
    drifted: new Set(),
  };
  region.stacks.set(stack.id, stack);
  return stack;
}

function changeSetNamed({ region, account, params }: Call): { stack: Stack; changeSet: ChangeSet } {
  const asked = params.string('ChangeSetName') ?? '';
  const stackName = params.string('StackName');
  for (const stack of region.stacks.values()) {
    if (stack.ownerId !== account.id) continue;
    for (const changeSet of stack.changeSets.values()) {
      const isNamed = changeSet.name === asked && (stack.name === stackName || stack.id === stackName);
      if (changeSet.id === asked || isNamed) return { stack, changeSet };
    }
  }
  throw new AwsError(404, 'ChangeSetNotFound', `ChangeSet [${asked}] does not exist`);
}

export const describeChangeSet: Operation = (call) => {
  const { stack, changeSet } = changeSetNamed(call);
  const { items, NextToken } = page(call, changeSet.changes, call.world.knobs['cfn.eventsPerPage']);
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(changeSet.createdAt).toISOString(),
    Status: changeSet.status,
    StatusReason: changeSet.reason,
    ExecutionStatus: changeSet.executionStatus,
    Changes: new List(
      items.map(({ action, logicalId, physicalId, type, replacement, properties }) => ({
        Type: 'Resource',
        ResourceChange: {
          Action: action,
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          Replacement: replacement,
          Scope: new List(properties.length > 0 ? ['Properties'] : []),
          Details: new List(properties.map((Name) => ({ Target: { Attribute: 'Properties', Name } }))),
        },
      })),
    ),
    NextToken,
  };
};

export const executeChangeSet: Operation = (call) => {
  const { stack, changeSet } = changeSetNamed(call);
  if (changeSet.executionStatus !== 'AVAILABLE') {
    const text = `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`;
    throw new AwsError(400, 'InvalidChangeSetStatus', text);
  }
  checkState(stack, changeSet.type, stack.name, changeSet.name);
  const run = { call, stack, token: call.params.string('ClientRequestToken') };
  stack.changeSets.clear();
  if (changeSet.type === 'UPDATE') updateStack(run, changeSet.desired, changeSet.tags);
  else {
    Object.assign(stack, { desired: changeSet.desired, tags: changeSet.tags });
    createStack(run);
  }
  return {};
};

export const deleteChangeSet: Operation = (call) => {
  if (call.params.string('StackName') !== undefined) existingStack(call);
  try {
    const { stack, changeSet } = changeSetNamed(call);
    stack.changeSets.delete(changeSet.id);
  } catch (error) {
    // A change set that is gone is what was asked for.
    if (!(error instanceof AwsError && error.code === 'ChangeSetNotFound')) throw error;
  }
  return {};
};
