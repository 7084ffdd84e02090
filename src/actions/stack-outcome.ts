/** What the actions on stacks hand back, beside outcome.ts and under the same rule: these shapes are JSON that scripts read. */
import type { SyncSummary } from '../plan/last-sync.js';

export interface StackChangeReport {
  /** `Add`, `Modify`, `Remove`; of a status: what was changed or deleted by hand. */
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  /** `True`, `False`, `Conditional`; null where nothing is modified. */
  readonly replacement: string | null;
}

export interface StackResourceReport {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | null;
  readonly status: string;
  /** Why it is in that state, or why it is still there. */
  readonly reason: string | null;
}

/** An Auto Scaling group, and a target group of the stack. */
export interface ScalingGroupReport {
  readonly name: string;
  /** ARN; null where it is still to be made. */
  readonly targetGroup: string | null;
  /** What this deployment or tear-down does about it; of a status: what the next one would do. Null: it is as it should be. */
  readonly change: 'attach' | 'detach' | null;
  /** AWS's word for how far the attachment is, or `absent`. */
  readonly state: string;
}

export interface StackResult {
  readonly stackName: string;
  /** Null where there is no stack. */
  readonly stackId: string | null;
  readonly stackStatus: string | null;
  readonly changes: readonly StackChangeReport[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly autoScalingGroups: readonly ScalingGroupReport[];
  /** Of a deployment that failed and of a tear-down: what is still there; of a status: every resource. */
  readonly left: readonly StackResourceReport[];
}

export interface StackStatusResult extends StackResult {
  readonly bridges: readonly StackBridgeReport[];
  /** Null where the stack has no function, or its log could not be read. */
  readonly lastSync: LastSyncReport | null;
}

/** The last run of the function, as its log tells. */
export interface LastSyncReport {
  /** How far back was looked. */
  readonly minutes: number;
  /** Null where none was seen. */
  readonly run: (Omit<SyncSummary, 'at'> & { readonly at: string; readonly secondsAgo: number }) | null;
}

/** A target group of the stack. */
export interface StackBridgeReport {
  readonly targetGroup: string;
  /** ARN of the load balancer whose addresses it holds; null while it holds none. */
  readonly source: string | null;
  /** How many targets are in each state. */
  readonly health: Readonly<Record<string, number>>;
  /** Whether nothing is left to do for a sync; null where that could not be told. */
  readonly inSync: boolean | null;
}

export interface ScaffoldResult {
  readonly directory: string;
  /** The names of what was written there. */
  readonly files: readonly string[];
  /** How AWS itself would do it, where it can; null where it cannot. */
  readonly native: string | null;
  /** Parameters that have to be filled in before the deployment. */
  readonly missing: readonly string[];
  /** What to type next. */
  readonly command: string;
}
