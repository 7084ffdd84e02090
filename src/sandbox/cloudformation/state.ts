/** What the simulated CloudFormation knows: plain data, no behaviour. */

/** A template's values once every function in them has been worked out. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

export interface ResourceDefinition {
  Type: string;
  Properties?: { [name: string]: Value };
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
}

export interface Template {
  Parameters?: Record<string, { Type: string; Default?: string | number; AllowedValues?: (string | number)[] }>;
  Mappings?: Record<string, Record<string, Record<string, Value>>>;
  Conditions?: Record<string, Value>;
  Resources: Record<string, ResourceDefinition>;
  Outputs?: Record<string, { Value: Value; Description?: string; Condition?: string }>;
}

/** A template with the values of its parameters: what a stack is to look like. */
export interface Desired {
  template: Template;
  parameters: Map<string, string>;
}

export interface StackResource {
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason?: string;
  /** As they were when it was last created or updated. */
  properties: { [name: string]: Value };
  changedAt: number;
}

export interface StackEvent {
  id: string;
  at: number;
  /** From when on it is shown. */
  shownAt: number;
  token?: string;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason?: string;
}

export interface ResourceChange {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  physicalId?: string;
  type: string;
  replacement?: 'True' | 'False' | 'Conditional';
  /** Names of the properties that change. */
  properties: string[];
}

export interface ChangeSet {
  id: string;
  name: string;
  type: 'CREATE' | 'UPDATE';
  status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  executionStatus: 'UNAVAILABLE' | 'AVAILABLE';
  reason?: string;
  desired: Desired;
  tags: Map<string, string>;
  changes: ResourceChange[];
  createdAt: number;
}

export interface Stack {
  id: string;
  name: string;
  ownerId: string;
  status: string;
  reason?: string;
  createdAt: number;
  desired: Desired;
  tags: Map<string, string>;
  outputs: Map<string, string>;
  resources: Map<string, StackResource>;
  /** Oldest first. */
  events: StackEvent[];
  changeSets: Map<string, ChangeSet>;
  isProtected: boolean;
  /** Logical ids that somebody changed by hand. */
  drifted: Set<string>;
  driftDetectedAt?: number;
}

/** Something that a test or a rehearsal wants to go wrong with a resource. */
export interface ResourceFailure {
  logicalId: string;
  on: 'create' | 'update' | 'delete';
  reason: string;
  /** How often; without it, always. */
  count?: number;
}
