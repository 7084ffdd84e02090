import { partitionOf } from '../regions.js';
import type { Call } from '../wire/operation.js';
import { handlerOf } from './handlers.js';
import type { Stack } from './state.js';
import type { Scope } from './template.js';

/** Whoever works on a stack: a request's own call, or time itself. */
export type Caller = Omit<Call, 'params'>;

/** What a stack's functions can name: its pseudo parameters, and the resources that exist. */
export function scopeOf(call: Caller, stack: Stack): Scope {
  const { name: region } = call.region;
  const existing = (logicalId: string) => {
    const found = stack.resources.get(logicalId);
    return found && found.physicalId !== '' ? found : undefined;
  };
  return {
    pseudo: new Map([
      ['AWS::Region', region],
      ['AWS::AccountId', stack.ownerId],
      ['AWS::StackName', stack.name],
      ['AWS::StackId', stack.id],
      ['AWS::Partition', partitionOf(region)],
      ['AWS::URLSuffix', region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'],
    ]),
    ref: (logicalId) => existing(logicalId)?.physicalId,
    attribute(logicalId, attribute) {
      const found = existing(logicalId);
      if (!found) return undefined;
      const known = handlerOf(found.type).attributes?.({ call, stack, logicalId }, found.physicalId) ?? {};
      return known[attribute] ?? `${found.physicalId}.${attribute}`;
    },
  };
}
