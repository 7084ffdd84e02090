import type { Stack, StackResource } from '../plan/stack.js';
import type { ScalingGroupReport, StackChangeReport, StackResourceReport, StackResult } from './stack-outcome.js';

/** From the domain's words to the words of the JSON documents; nothing is decided here. */

export function stackReport(
  name: string,
  stack: Stack | null,
  {
    changes = [],
    left = [],
    autoScalingGroups = [],
  }: {
    readonly changes?: readonly StackChangeReport[];
    readonly left?: readonly StackResource[];
    readonly autoScalingGroups?: readonly ScalingGroupReport[];
  } = {},
): StackResult {
  return {
    stackName: name,
    stackId: stack?.id ?? null,
    stackStatus: stack?.status ?? null,
    changes: changes.map(changeReport),
    outputs: Object.fromEntries(stack?.outputs ?? []),
    autoScalingGroups,
    left: left.map(resourceReport),
  };
}

const changeReport = ({ action, logicalId, type, replacement }: StackChangeReport): StackChangeReport => ({
  action,
  logicalId,
  type,
  replacement,
});

export const resourceReport = ({
  logicalId,
  type,
  physicalId,
  status,
  reason,
}: StackResource): StackResourceReport => ({ logicalId, type, physicalId, status, reason });
