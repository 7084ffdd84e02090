import { AwsError } from '../wire/operation.js';
import { noteResource, type Run } from './events.js';
import { type Context, handlerOf, type Properties } from './handlers.js';
import type { ResourceDefinition, ResourceFailure, StackResource } from './state.js';

/** Tells how a resource's work ended: null, or why it failed. */
export type Done = (failure: string | null) => void;

const STEP_SECONDS = 5;
const CANCELLED = 'Resource creation cancelled';

const contextOf = ({ call, stack }: Run, logicalId: string): Context => ({ call, stack, logicalId });

/** AWS's sentence about a call that a resource's handler made in vain. */
const wording = (error: AwsError, type: string): string =>
  `${error.message} (Service: ${type.split('::')[1]}, Status Code: ${error.status}, Request ID: 00000000-0000-4000-8000-000000000000) (HandlerErrorCode: ${error.code})`;

/** A rehearsed failure of this resource, if one is due. */
function failureOf({ call: { region } }: Run, logicalId: string, on: ResourceFailure['on']): string | null {
  const due = region.resourceFailures.find(
    (one) => one.logicalId === logicalId && one.on === on && (one.count === undefined || one.count > 0),
  );
  if (!due) return null;
  if (due.count !== undefined) due.count -= 1;
  return due.reason;
}

function attempt(type: string, action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof AwsError) return wording(error, type);
    throw error;
  }
}

/**
 * Creates a resource: begun a moment later, complete when it is ready.
 * @param prefix of its events: `CREATE`, or `UPDATE` where it replaces another
 */
export function create(
  run: Run,
  resource: StackResource,
  properties: Properties,
  prefix: 'CREATE' | 'UPDATE',
  isCancelled: () => boolean,
  done: Done,
): void {
  const { clock, knobs } = run.call.world;
  const handler = handlerOf(resource.type);
  const context = contextOf(run, resource.logicalId);
  const replacing = 'Requested update requires the creation of a new physical resource; hence creating one.';
  noteResource(run, resource, `${prefix}_IN_PROGRESS`, prefix === 'UPDATE' ? replacing : undefined);
  const end = (failure: string | null): void => {
    noteResource(run, resource, `${prefix}_${failure === null ? 'COMPLETE' : 'FAILED'}`, failure ?? undefined);
    done(failure);
  };
  clock.after(1, () => {
    const refused = isCancelled()
      ? CANCELLED
      : attempt(resource.type, () => {
          resource.physicalId = handler.create(context, properties);
        });
    if (refused !== null) {
      end(refused);
      return;
    }
    resource.properties = properties;
    noteResource(run, resource, `${prefix}_IN_PROGRESS`, 'Resource creation Initiated');
    const from = clock.now + (handler.seconds?.(context) ?? knobs['cfn.resourceSeconds']) * 1000;
    const watch = (): void => {
      const isDone = clock.now >= from && handler.isReady?.(context, resource.physicalId) !== false;
      if (isCancelled()) end(CANCELLED);
      else if (isDone) end(failureOf(run, resource.logicalId, prefix === 'CREATE' ? 'create' : 'update'));
      else clock.after(STEP_SECONDS, watch);
    };
    watch();
  });
}

/** Changes a resource in place. */
export function update(run: Run, resource: StackResource, properties: Properties, done: Done): void {
  const { clock, knobs } = run.call.world;
  noteResource(run, resource, 'UPDATE_IN_PROGRESS');
  clock.after(knobs['cfn.resourceSeconds'], () => {
    const context = contextOf(run, resource.logicalId);
    const broken =
      failureOf(run, resource.logicalId, 'update') ??
      attempt(resource.type, () => handlerOf(resource.type).update?.(context, resource.physicalId, properties));
    if (broken) {
      noteResource(run, resource, 'UPDATE_FAILED', broken);
      done(broken);
      return;
    }
    resource.properties = properties;
    noteResource(run, resource, 'UPDATE_COMPLETE');
    done(null);
  });
}

/** Deletes a resource, and tries again for a while where a refusal may pass by itself. */
export function remove(
  run: Run,
  resource: StackResource,
  definition: ResourceDefinition | undefined,
  done: Done,
): void {
  const { clock, knobs } = run.call.world;
  const handler = handlerOf(resource.type);
  const context = contextOf(run, resource.logicalId);
  if (resource.physicalId === '') {
    noteResource(run, resource, 'DELETE_COMPLETE');
    done(null);
    return;
  }
  if (definition?.DeletionPolicy === 'Retain') {
    noteResource(run, resource, 'DELETE_SKIPPED');
    done(null);
    return;
  }
  noteResource(run, resource, 'DELETE_IN_PROGRESS');
  const until = clock.now + knobs['cfn.patienceSeconds'] * 1000;
  const tryIt = (): void => {
    const broken =
      failureOf(run, resource.logicalId, 'delete') ??
      attempt(resource.type, () => handler.remove?.(context, resource.physicalId));
    if (broken && handler.isPatient && clock.now < until) {
      clock.after(STEP_SECONDS, tryIt);
      return;
    }
    if (broken) {
      noteResource(run, resource, 'DELETE_FAILED', broken);
      done(broken);
      return;
    }
    clock.after(handler.removeSeconds?.(context) ?? 1, () => {
      noteResource(run, resource, 'DELETE_COMPLETE');
      done(null);
    });
  };
  clock.after(1, tryIt);
}
