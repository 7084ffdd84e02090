import { noteResource, noteStack, type Run } from './events.js';
import { inOrder, reversed } from './graph.js';
import { handlerOf, type Properties } from './handlers.js';
import { create, remove, update } from './resources.js';
import { scopeOf } from './scope.js';
import type { Desired, ResourceDefinition, StackResource } from './state.js';
import { activeResources, dependenciesOf, resolve } from './template.js';

/** Creates every resource of a stack; where one fails, takes away what was made. */
export function createStack(run: Run): void {
  const { stack } = run;
  noteStack(run, 'CREATE_IN_PROGRESS', 'User Initiated');
  const definitions = new Map(activeResources(stack.desired, scopeOf(run.call, stack)));
  let isCancelled = false;
  inOrder(
    needsOf(definitions),
    (logicalId, done) => {
      const definition = definitions.get(logicalId) as ResourceDefinition;
      const resource = newResource(run, logicalId, definition);
      stack.resources.set(logicalId, resource);
      create(
        run,
        resource,
        propertiesOf(run, definition),
        'CREATE',
        () => isCancelled,
        (failure) => {
          isCancelled ||= failure !== null;
          done(failure);
        },
      );
    },
    false,
    (failed) => {
      if (failed.size === 0) {
        setOutputs(run);
        noteStack(run, 'CREATE_COMPLETE');
        return;
      }
      const names = [...failed.keys()].join(', ');
      noteStack(
        run,
        'ROLLBACK_IN_PROGRESS',
        `The following resource(s) failed to create: [${names}]. Rollback requested by user.`,
      );
      takeDown(run, [...stack.resources.values()], (left) =>
        noteStack(
          run,
          left.size === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED',
          left.size === 0 ? undefined : failedToDelete(left),
        ),
      );
    },
  );
}

/** Brings a stack to what is desired now; where that fails, back to what it was. */
export function updateStack(run: Run, desired: Desired, tags: Map<string, string>): void {
  const { stack, call } = run;
  const before = { desired: stack.desired, tags: stack.tags, resources: structuredClone(stack.resources) };
  Object.assign(stack, { desired, tags });
  noteStack(run, 'UPDATE_IN_PROGRESS', 'User Initiated');
  const definitions = new Map(activeResources(desired, scopeOf(call, stack)));
  const replaced: StackResource[] = [];
  let isCancelled = false;
  inOrder(
    needsOf(definitions),
    (logicalId, done) => {
      const definition = definitions.get(logicalId) as ResourceDefinition;
      const old = stack.resources.get(logicalId);
      const properties = propertiesOf(run, definition);
      const ended = (failure: string | null): void => {
        isCancelled ||= failure !== null;
        done(failure);
      };
      if (!old || old.status === 'DELETE_COMPLETE') {
        const resource = newResource(run, logicalId, definition);
        stack.resources.set(logicalId, resource);
        create(run, resource, properties, 'CREATE', () => isCancelled, ended);
        return;
      }
      const changed = changedProperties(old.properties, properties);
      if (changed.length === 0) {
        ended(null);
        return;
      }
      const replacing = handlerOf(old.type).replacedBy ?? [];
      if (!changed.some((name) => replacing.includes(name))) return update(run, old, properties, ended);
      if (properties.Name !== undefined && !changed.includes('Name')) {
        const reason = `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(properties.Name)} and update the stack again.`;
        noteResource(run, old, 'UPDATE_FAILED', reason);
        return ended(reason);
      }
      const fresh = newResource(run, logicalId, definition);
      stack.resources.set(logicalId, fresh);
      replaced.push(old);
      create(run, fresh, properties, 'UPDATE', () => isCancelled, ended);
    },
    false,
    (failed) => {
      if (failed.size > 0) return rollBack(run, before, replaced, [...failed.keys()]);
      const dropped = [...stack.resources.values()].filter(({ logicalId }) => !definitions.has(logicalId));
      setOutputs(run);
      noteStack(run, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      cleanUp(run, [...replaced, ...dropped], () => noteStack(run, 'UPDATE_COMPLETE'));
    },
  );
}

interface Before {
  desired: Desired;
  tags: Map<string, string>;
  resources: Map<string, StackResource>;
}

function rollBack(run: Run, before: Before, replaced: StackResource[], failed: string[]): void {
  const { stack } = run;
  const reason = `The following resource(s) failed to update: [${failed.join(', ')}].`;
  noteStack(run, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const now = stack.resources;
  Object.assign(stack, { desired: before.desired, tags: before.tags, resources: new Map() });
  const surplus: StackResource[] = [];
  const changed: [StackResource, Properties][] = [];
  for (const [logicalId, resource] of now) {
    const old = before.resources.get(logicalId);
    const kept = replaced.find((one) => one.logicalId === logicalId);
    if (kept || !old) surplus.push(resource);
    if (kept) stack.resources.set(logicalId, kept);
    else if (old) {
      stack.resources.set(logicalId, resource);
      if (changedProperties(old.properties, resource.properties).length > 0) changed.push([resource, old.properties]);
      else resource.status = old.status;
    }
  }
  const tasks = new Map(changed.map(([{ logicalId }]) => [logicalId, new Set<string>()]));
  inOrder(
    tasks,
    (logicalId, done) => {
      const [resource, properties] = changed.find(([one]) => one.logicalId === logicalId) as [
        StackResource,
        Properties,
      ];
      update(run, resource, properties, done);
    },
    true,
    (broken) => {
      if (broken.size > 0)
        return noteStack(
          run,
          'UPDATE_ROLLBACK_FAILED',
          `The following resource(s) failed to update: [${[...broken.keys()].join(', ')}].`,
        );
      noteStack(run, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
      cleanUp(run, surplus, () => noteStack(run, 'UPDATE_ROLLBACK_COMPLETE'));
    },
  );
}

/** Deletes a stack: what nothing else needs first. What cannot go leaves the stack with what it needs. */
export function deleteStack(run: Run): void {
  const { stack } = run;
  noteStack(run, 'DELETE_IN_PROGRESS', 'User Initiated');
  const standing = [...stack.resources.values()].filter(
    ({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
  );
  takeDown(run, standing, (left) => {
    if (left.size > 0) noteStack(run, 'DELETE_FAILED', failedToDelete(left));
    else noteStack(run, 'DELETE_COMPLETE');
  });
}

const failedToDelete = (failed: ReadonlyMap<string, string>): string =>
  `The following resource(s) failed to delete: [${[...failed.keys()].join(', ')}]. `;

function takeDown(run: Run, resources: StackResource[], end: (failed: ReadonlyMap<string, string>) => void): void {
  const { Resources } = run.stack.desired.template;
  const byId = new Map(resources.map((one) => [one.logicalId, one]));
  const needs = needsOf(new Map([...byId.keys()].map((id) => [id, Resources[id] ?? { Type: '' }])));
  inOrder(
    reversed(needs),
    (logicalId, done) => remove(run, byId.get(logicalId) as StackResource, Resources[logicalId], done),
    true,
    end,
  );
}

/** Deletes what an update no longer needs; what cannot go stays behind, and CloudFormation forgets it. */
function cleanUp(run: Run, resources: StackResource[], end: () => void): void {
  const queue = [...resources].reverse();
  const next = (): void => {
    const resource = queue.shift();
    if (!resource) {
      end();
      return;
    }
    remove(run, resource, undefined, () => {
      if (run.stack.resources.get(resource.logicalId) === resource) run.stack.resources.delete(resource.logicalId);
      next();
    });
  };
  next();
}

const needsOf = (definitions: ReadonlyMap<string, ResourceDefinition>): Map<string, Set<string>> =>
  new Map([...definitions].map(([logicalId, definition]) => [logicalId, dependenciesOf(definition)]));

const newResource = ({ call }: Run, logicalId: string, { Type: type }: ResourceDefinition): StackResource => ({
  logicalId,
  physicalId: '',
  type,
  status: 'CREATE_IN_PROGRESS',
  properties: {},
  changedAt: call.world.clock.now,
});

const propertiesOf = ({ call, stack }: Run, { Properties = {} }: ResourceDefinition): Properties =>
  resolve(Properties, stack.desired, scopeOf(call, stack)) as Properties;

export const changedProperties = (before: Properties, after: Properties): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );

function setOutputs({ call, stack }: Run): void {
  const scope = scopeOf(call, stack);
  stack.outputs = new Map(
    Object.entries(stack.desired.template.Outputs ?? {}).map(([name, { Value }]) => [
      name,
      String(resolve(Value, stack.desired, scope) ?? ''),
    ]),
  );
}
