import type { LogLine } from '../plan/last-sync.js';
import type {
  Attributes,
  Listener,
  ListenerRule,
  LoadBalancer,
  NetworkInterface,
  PrefixList,
  RuleIdentity,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Tags,
  Target,
  TargetGroup,
} from '../plan/model.js';
import type { ScalingGroup } from '../plan/scaling-groups.js';
import type { ChangeSet, Stack, StackEvent, StackResource } from '../plan/stack.js';

/**
 * What lbbridge asks of AWS, in the domain's words. Every read returns the whole answer (all pages) or throws:
 * a throttled-out, truncated or body-less answer is an AwsFailure, never an empty list (S1).
 */
export interface Network {
  readonly region: string;
  /** Interfaces whose description matches `pattern` (EC2 filter syntax: `*`, `?`, backslash escapes). */
  interfacesByDescription(pattern: string): Promise<NetworkInterface[]>;
  /** Interfaces of a VPC that hold any of the addresses, IPv4 or IPv6. */
  interfacesByAddress(vpcId: string, ips: readonly string[]): Promise<NetworkInterface[]>;
  /** Interfaces that use a security group. */
  interfacesByGroup(groupId: string): Promise<NetworkInterface[]>;
  subnets(vpcId: string): Promise<Subnet[]>;
  /** This account's zone names -> zone ids. */
  zoneIds(): Promise<ReadonlyMap<string, string>>;
}

/** The security groups of one account and region, with the same promise of whole answers. */
export interface SecurityGroups {
  readonly region: string;
  /** The group, or null if there is none of that id. */
  securityGroup(id: string): Promise<SecurityGroup | null>;
  /** Every rule of a group, inbound and outbound. */
  rules(groupId: string): Promise<SecurityGroupRule[]>;
  /** The groups whose inbound or outbound rules name the group, itself left out. */
  referringTo(groupId: string): Promise<SecurityGroup[]>;
  /** Every rule of the account and region, of whatever group, whose tag has the value. */
  rulesTagged(key: string, value: string): Promise<SecurityGroupRule[]>;
  /** The prefix list with its entries, or null if there is none of that id. */
  prefixList(id: string): Promise<PrefixList | null>;
  /** Adds inbound rules, all or none, each with the tags; gives them as AWS made them. At most `RULES_PER_CALL`. */
  authorizeIngress(groupId: string, rules: readonly NewRule[], tags: Tags): Promise<SecurityGroupRule[]>;
  /** Takes inbound rules away by their ids, all or none. */
  revokeIngress(groupId: string, ruleIds: readonly string[]): Promise<void>;
  /**
   * Asks AWS, without a change, whether the caller may add inbound rules to the group.
   * @throws AwsFailure where AWS says neither yes nor no
   */
  mayAuthorizeIngress(groupId: string): Promise<boolean>;
}

export interface NewRule extends RuleIdentity {
  readonly description: string;
}

/** Few enough that no request grows large, many enough that an ordinary bridge needs one. */
export const RULES_PER_CALL = 50;

export interface LoadBalancing {
  readonly region: string;
  /** The load balancer, or null if there is none of that ARN. */
  loadBalancer(arn: string): Promise<LoadBalancer | null>;
  /** Every ALB, NLB or gateway of that name; empty if none. */
  loadBalancersByName(name: string): Promise<LoadBalancer[]>;
  allLoadBalancers(): Promise<LoadBalancer[]>;
  targetGroup(arn: string): Promise<TargetGroup | null>;
  targetGroupByName(name: string): Promise<TargetGroup | null>;
  allTargetGroups(): Promise<TargetGroup[]>;
  /** All registered targets, draining ones included. */
  targets(targetGroupArn: string): Promise<Target[]>;
  /** Tags of a load balancer, target group, listener or rule. */
  tags(arn: string): Promise<Tags>;
  /** The target groups that listeners of the load balancer send to. */
  targetGroupsOf(loadBalancerArn: string): Promise<TargetGroup[]>;
  listeners(loadBalancerArn: string): Promise<Listener[]>;
  /** A listener's rules by priority, the default one last. */
  listenerRules(listenerArn: string): Promise<ListenerRule[]>;
  loadBalancerAttributes(arn: string): Promise<Attributes>;
  targetGroupAttributes(arn: string): Promise<Attributes>;
  /** Quotas of the account and region by AWS's names, e.g. `targets-per-network-load-balancer`. */
  accountLimits(): Promise<ReadonlyMap<string, number>>;
  /** A zone is sent only where it is given. At most `TARGETS_PER_CALL` targets. */
  registerTargets(targetGroupArn: string, targets: readonly TargetAddress[]): Promise<void>;
  /** Id, port and zone go out exactly as given. At most `TARGETS_PER_CALL` targets. */
  deregisterTargets(targetGroupArn: string, targets: readonly TargetAddress[]): Promise<void>;
  addTags(arn: string, tags: Tags): Promise<void>;
  removeTags(arn: string, keys: readonly string[]): Promise<void>;
}

/** AWS states no maximum; larger calls are reported to fail now and then. */
export const TARGETS_PER_CALL = 100;

/**
 * Half of AWS's bucket for the Describe calls of Elastic Load Balancing, which holds 40 and gets 10 a second, for each
 * account and region. Source: API throttling for Elastic Load Balancing.
 */
export const DESCRIBE_PACE = { burst: 20, perSecond: 5 } as const;

export interface TargetAddress {
  readonly ip: string;
  readonly port: number;
  readonly zone: string | null;
}

/** Whose credentials they are. */
export interface Identity {
  /** The ARN of the user or the role's session that signs the calls; AWS tells it without any permission. */
  callerArn(): Promise<string>;
}

export interface CloudFormation {
  readonly region: string;
  /** By name, or by id, which still finds a deleted one; null if there is none. The name must be one that AWS takes. */
  stack(nameOrId: string, how?: { readonly evenInterrupted: boolean }): Promise<Stack | null>;
  /** Every resource, deleted ones included where the stack is named by its id. */
  resources(nameOrId: string): Promise<StackResource[]>;
  /** The events of one operation, oldest first: that of the token, else the newest. Empty while none has come yet. */
  events(stackId: string, token?: string): Promise<StackEvent[]>;
  createChangeSet(request: ChangeSetRequest): Promise<{ readonly id: string; readonly stackId: string }>;
  changeSet(id: string): Promise<ChangeSet>;
  executeChangeSet(id: string, token: string): Promise<void>;
  deleteChangeSet(id: string): Promise<void>;
  /** Begins to delete it; what is gone already, or is being deleted, is no error. */
  deleteStack(nameOrId: string, token: string): Promise<void>;
  /** Begins to compare resources with the template; what is found stands in `resources`, once it has ended. */
  detectDrift(stackId: string): Promise<string>;
  /** Null while it goes on; else whether it could look at everything. */
  driftDetected(detectionId: string): Promise<boolean | null>;
}

export interface ChangeSetRequest {
  readonly stackName: string;
  readonly kind: 'CREATE' | 'UPDATE';
  /** The change set's name. */
  readonly name: string;
  readonly template: TemplateSource;
  readonly parameters: ReadonlyMap<string, string>;
  readonly tags: Tags;
}

/** A template of at most `TEMPLATE_BYTES`, or where it lies in S3, where AWS reads it with the caller's permissions. */
export type TemplateSource = { readonly body: string } | { readonly url: string };

/** AWS takes no larger template in a call; a larger one has to lie in a bucket. */
export const TEMPLATE_BYTES = 51_200;
/** AWS reads no larger one from a bucket. It calls this 1 MB. */
export const TEMPLATE_IN_BUCKET_BYTES = 1_000_000;

/** An S3 bucket. */
export interface Bucket {
  /** Puts a text under a key, over what is there; gives its URL. */
  put(key: string, text: string): Promise<string>;
  /** What is not there is no error. */
  remove(key: string): Promise<void>;
}

export interface AutoScaling {
  /** The group, or null if there is none of that name. */
  group(name: string): Promise<ScalingGroup | null>;
  groups(): Promise<ScalingGroup[]>;
  /**
   * How far a target group's attachment is, in AWS's word: `Adding`, `Added`, `InService`, `Removing`; `TrafficSource`
   * where it was attached as such, of which AWS tells no more. Null where the two are not attached, or the group is gone.
   */
  attachment(name: string, targetGroupArn: string): Promise<string | null>;
  /** Registers the group's instances, now and as it scales. What is attached already is no error. */
  attach(name: string, targetGroupArn: string): Promise<void>;
  /** Begins to take the group's instances out, which drain first. */
  detach(name: string, targetGroupArn: string): Promise<void>;
}

/** The certificates of Certificate Manager in one account and region. */
export interface Certificates {
  /** The certificate, or null if there is none of that ARN. */
  certificate(arn: string): Promise<Certificate | null>;
}

export interface Certificate {
  /** AWS's word: `ISSUED`, `PENDING_VALIDATION`, `EXPIRED` … */
  readonly status: string;
  /** Null while it has not been issued. */
  readonly notAfter: Date | null;
}

/** API Gateway's settings, which hold for all APIs of one account and region. */
export interface ApiGateway {
  /** ARN of the role by which it writes logs; null where none is set. */
  loggingRole(): Promise<string | null>;
}

export interface Logs {
  /**
   * The lines of a log group since a moment that are JSON and have a number of 0 or more in a field, oldest first.
   * @throws AwsFailure `ResourceNotFound` where there is no such group
   */
  linesWith(logGroup: string, field: string, since: Date): Promise<LogLine[]>;
}

/** The services of one account and region. */
export interface Aws {
  readonly region: string;
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly loadBalancing: LoadBalancing;
  readonly identity: Identity;
  /** These are loaded when they are asked for: an everyday sync has no use for them. */
  readonly autoScaling: () => Promise<AutoScaling>;
  readonly bucket: (name: string) => Promise<Bucket>;
  readonly cloudFormation: () => Promise<CloudFormation>;
  readonly certificates: () => Promise<Certificates>;
  readonly apiGateway: () => Promise<ApiGateway>;
  readonly logs: () => Promise<Logs>;
}

/** Which account and region to talk to, and as whom. Unset fields follow the environment, as the AWS CLI does. */
export interface Access {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
}

/** Gives the services for an access; equal accesses share clients, credentials and batched reads. */
export type ConnectAws = (access: Access) => Aws;
