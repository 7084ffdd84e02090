import type { ServiceTable } from '../wire/operation.js';
import { createChangeSet, deleteChangeSet, describeChangeSet, executeChangeSet } from './change-sets.js';
import {
  deleteStack,
  describeStackDriftDetectionStatus,
  describeStackEvents,
  describeStacks,
  detectStackDrift,
  listStackResources,
  updateTerminationProtection,
} from './stacks.js';

/**
 * CloudFormation: change sets, stacks, and the time that resources take. Load balancers, their listeners and groups and
 * security groups are made for real in the simulated AWS; other types only stand in the stack.
 */
export const cloudformation: ServiceTable = {
  version: '2010-05-15',
  operations: {
    CreateChangeSet: createChangeSet,
    DescribeChangeSet: describeChangeSet,
    ExecuteChangeSet: executeChangeSet,
    DeleteChangeSet: deleteChangeSet,
    DescribeStacks: describeStacks,
    ListStackResources: listStackResources,
    DescribeStackEvents: describeStackEvents,
    DeleteStack: deleteStack,
    UpdateTerminationProtection: updateTerminationProtection,
    DetectStackDrift: detectStackDrift,
    DescribeStackDriftDetectionStatus: describeStackDriftDetectionStatus,
  },
};
