import { handlerOf, type Properties } from './handlers.js';
import { changedProperties } from './operations.js';
import { type Caller, scopeOf } from './scope.js';
import type { Desired, ResourceChange, Stack } from './state.js';
import { activeResources, dependenciesOf, resolve } from './template.js';

/** What an execution would do, as far as it can be told before: what depends on a replacement is conditional. */
export function changesOf(call: Caller, stack: Stack, desired: Desired): ResourceChange[] {
  const scope = scopeOf(call, stack);
  const definitions = new Map(activeResources(desired, scope));
  const replaced = new Set<string>();
  const changes: ResourceChange[] = [];
  for (const [logicalId, definition] of definitions) {
    const { Type: type, Properties: raw = {} } = definition;
    const old = stack.resources.get(logicalId);
    if (!old || old.physicalId === '') {
      changes.push({ action: 'Add', logicalId, type, properties: [] });
      continue;
    }
    const replacing = handlerOf(type).replacedBy ?? [];
    const changed = changedProperties(old.properties, resolve(raw, desired, scope) as Properties);
    const following = Object.entries(raw)
      .filter(([, value]) => [...dependenciesOf({ Type: type, Properties: { value } })].some((id) => replaced.has(id)))
      .map(([name]) => name);
    if (changed.length === 0 && following.length === 0) continue;
    const isReplaced = changed.some((name) => replacing.includes(name));
    const mayBeReplaced = following.some((name) => replacing.includes(name));
    if (isReplaced || mayBeReplaced) replaced.add(logicalId);
    changes.push({
      action: 'Modify',
      logicalId,
      physicalId: old.physicalId,
      type,
      replacement: isReplaced ? 'True' : mayBeReplaced ? 'Conditional' : 'False',
      properties: [...new Set([...changed, ...following])],
    });
  }
  for (const { logicalId, physicalId, type } of stack.resources.values()) {
    if (definitions.has(logicalId)) continue;
    changes.push({ action: 'Remove', logicalId, physicalId, type, properties: [] });
  }
  return changes;
}
