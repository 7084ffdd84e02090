/**
 * What an action hands back: the result document, what to warn of, and the verdict. Commands only render it.
 * These shapes are the JSON that users' scripts read: a field renamed here breaks them (see schemas/).
 */
import type { Family, LoadBalancerType } from '../plan/model.js';

export interface Outcome<Result> {
  readonly result: Result;
  readonly warnings: readonly Warning[];
  /** The exit code without `--detailed-exitcode`: 0, 1, 3, 4 or 5. */
  readonly status: number;
  /** With every status but 0 and 2. */
  readonly error?: ErrorReport;
}

export interface Warning {
  /** Stable, for scripts: `TargetGroupNotAttached`. */
  readonly code: string;
  readonly message: string;
}

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  /** The safety rule that refused, for status 3. */
  readonly rule?: string;
  readonly suggestions: readonly string[];
  readonly requestId?: string;
}

export interface SourceReport {
  readonly type: LoadBalancerType;
  readonly name: string;
  readonly arn: string | null;
  readonly dnsName: string | null;
  readonly vpcId: string | null;
  readonly state: string | null;
  readonly availabilityZones: readonly string[];
}

export interface AddressReport {
  readonly ip: string;
  readonly family: Family;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly networkInterfaceId: string;
  readonly publicIp: string | null;
  readonly status: string;
  readonly primary: boolean;
}

export interface IgnoredReport {
  readonly networkInterfaceId: string;
  readonly ip: string | null;
  readonly reason: string;
}

export interface AddressesResult {
  /** Null with `--description`, which names no load balancer. */
  readonly source: SourceReport | null;
  readonly addresses: readonly AddressReport[];
  readonly ignored: readonly IgnoredReport[];
}

export interface TargetReport {
  readonly ip: string;
  readonly port: number;
  /** A zone name, `all`, or null where AWS decides by the subnet and none is known. */
  readonly availabilityZone: string | null;
  /** AWS's state name, or `absent`. */
  readonly health: string;
  /** Of a held target: why it is held. Of any other: AWS's reason code for its health, if it gives one. */
  readonly reason: string | null;
  readonly heldBy?: string;
}

export interface TargetGroupReport {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly vpcId: string;
  readonly targetType: string;
}

export interface BridgeReport {
  readonly name: string;
  /** Null where the bridge failed before it was read. */
  readonly source: SourceReport | null;
  readonly targetGroup: TargetGroupReport | null;
  readonly register: readonly TargetReport[];
  readonly deregister: readonly TargetReport[];
  readonly held: readonly TargetReport[];
  readonly kept: readonly TargetReport[];
  readonly unchanged: readonly TargetReport[];
  readonly refusal: { readonly rule: string; readonly message: string } | null;
  readonly inSync: boolean;
  readonly fingerprint: string | null;
  /** Only of a bridge that failed. */
  readonly error?: ErrorReport;
}

export interface SyncedBridgeReport extends BridgeReport {
  readonly registered: readonly TargetReport[];
  readonly deregistered: readonly TargetReport[];
  readonly converged: boolean;
}

export interface Summary {
  readonly bridges: number;
  readonly inSync: number;
  readonly register: number;
  readonly deregister: number;
  readonly held: number;
  readonly refused: number;
}

export interface DiffResult {
  readonly bridges: readonly BridgeReport[];
  readonly summary: Summary;
  readonly fingerprint: string;
}

export interface SyncResult {
  readonly bridges: readonly SyncedBridgeReport[];
  readonly summary: Summary & { readonly registered: number; readonly deregistered: number };
  readonly fingerprint: string;
}

/** A rule of a security group: who gets in, by a block, a group or a prefix list, and on which ports. */
export interface RuleReport {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly securityGroupId?: string;
  /** The account of that group, where it is another. */
  readonly userId?: string;
  readonly prefixListId?: string;
  /** Null of a rule that is not there yet. */
  readonly ruleId: string | null;
  readonly description: string | null;
}

export interface SecurityGroupReport {
  readonly name: string;
  /** Null where the group failed before it was known. */
  readonly securityGroupId: string | null;
  /** The NLB that is let in. */
  readonly source: SourceReport | null;
  readonly authorize: readonly RuleReport[];
  readonly revoke: readonly RuleReport[];
  readonly unchanged: readonly RuleReport[];
  /** Somebody else's rules that let the NLB in. */
  readonly foreign: readonly RuleReport[];
  readonly refusal: { readonly rule: string; readonly message: string } | null;
  readonly inSync: boolean;
  /** Only of a group that failed. */
  readonly error?: ErrorReport;
}

export interface SyncedSecurityGroupReport extends SecurityGroupReport {
  readonly authorized: readonly RuleReport[];
  readonly revoked: readonly RuleReport[];
}

export interface SecurityGroupsResult<Group extends SecurityGroupReport = SecurityGroupReport> {
  readonly groups: readonly Group[];
}

/**
 * Where the ALB is that a bridge leads to: in this account and region (`present`), there no more (`gone`), or in
 * another account or region, where nobody looked (`elsewhere`); `unknown` where the tag names no ALB.
 */
export type SourceState = 'present' | 'gone' | 'elsewhere' | 'unknown';

/** What could not be read is null; then `error` says why. */
export interface ListedBridge {
  readonly targetGroup: TargetGroupReport;
  /** ARN of the NLB whose listeners send to the group; null where none does. */
  readonly loadBalancer: string | null;
  readonly source: SourceReport | null;
  /** What the group's tag says; without one, the ALB whose addresses the targets are. */
  readonly sourceArn: string | null;
  readonly sourceState: SourceState | null;
  /** Whether the group carries our tag. */
  readonly owned: boolean | null;
  /** When the pause ends, true where it has no end, false where there is none. */
  readonly paused: string | boolean | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  /** AWS's state names -> how many targets. */
  readonly health: Readonly<Record<string, number>>;
  /** Null where it cannot be known: the source is not at hand. */
  readonly inSync: boolean | null;
  /** To be pasted into a shell. */
  readonly command: string | null;
  readonly error?: ErrorReport;
}

export interface ListResult {
  readonly bridges: readonly ListedBridge[];
}

export interface PauseResult {
  readonly targetGroup: TargetGroupReport;
  /** When the pause ends, true where it has no end, false where there is none. */
  readonly paused: string | boolean;
}

export interface ReleaseResult {
  readonly targetGroup: TargetGroupReport;
  readonly deregistered: readonly TargetReport[];
  /** Our rules that let the group's NLB in. */
  readonly revoked: readonly RuleReport[];
}

export interface FindingReport {
  /** Stable, for scripts: see docs/doctor.md. */
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** What was seen, with its values. */
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
  /** Where one command mends it: with all its arguments, ready to be pasted. */
  readonly command?: string;
}

export interface AdviceReport {
  readonly id: string;
  readonly message: string;
  /** Of a move without downtime, in order. */
  readonly steps: readonly string[];
}

export interface ExaminedReport {
  readonly name: string;
  /** Errors first. */
  readonly findings: readonly FindingReport[];
  readonly advice: readonly AdviceReport[];
  /** Only of a bridge that could not be looked at, or not at all of it. */
  readonly error?: ErrorReport;
}

export interface DoctorResult {
  readonly bridges: readonly ExaminedReport[];
}
