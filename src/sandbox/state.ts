import type { Certificate } from './acm/state.js';
import type { AutoScalingGroup } from './autoscaling/state.js';
import type { ResourceFailure, Stack } from './cloudformation/state.js';
import type { LogGroup } from './logs/state.js';
import type { Bucket } from './s3/state.js';

/**
 * What the simulated AWS knows: plain data, no behaviour. Resources of a Region stand side by side whatever their
 * account, because a shared VPC has interfaces of several accounts in one address space; `ownerId` says whose each is.
 *
 * Zones are stored by their physical zone id (`use1-az4`) everywhere. Their names differ between accounts
 * (`us-east-1a` of one is `us-east-1c` of another), so a name exists only at the wire, see `Account.zoneNames`.
 */
export type Tags = Map<string, string>;

export interface Account {
  id: string;
  /** Zone id -> this account's name for it, per Region; shuffled per account. */
  zoneNames: Map<string, Map<string, string>>;
  /** Roles that can be assumed: role name -> the external id it asks for, if any. */
  roles: Map<string, { externalId?: string }>;
}

/** Who signed the request. */
export interface Principal {
  accessKeyId: string;
  accountId: string;
  /** `arn:aws:iam::A:user/N` or `arn:aws:sts::A:assumed-role/ROLE/SESSION`. */
  arn: string;
  userId: string;
}

/** All resources of one Region, by id or ARN. */
export interface RegionState {
  name: string;
  /** Physical zone ids, e.g. `use1-az1`. */
  zoneIds: string[];
  vpcs: Map<string, Vpc>;
  subnets: Map<string, Subnet>;
  interfaces: Map<string, NetworkInterface>;
  securityGroups: Map<string, SecurityGroup>;
  prefixLists: Map<string, PrefixList>;
  loadBalancers: Map<string, LoadBalancer>;
  targetGroups: Map<string, TargetGroup>;
  listeners: Map<string, Listener>;
  rules: Map<string, Rule>;
  stacks: Map<string, Stack>;
  /** What is to go wrong with resources of stacks. */
  resourceFailures: ResourceFailure[];
  certificates: Map<string, Certificate>;
  /** Account id -> the role by which API Gateway writes its logs. */
  loggingRoles: Map<string, string>;
  /** By name. */
  logGroups: Map<string, LogGroup>;
  /** By name. */
  buckets: Map<string, Bucket>;
  autoScalingGroups: Map<string, AutoScalingGroup>;
}

export interface Vpc {
  id: string;
  ownerId: string;
  /** IPv4 blocks in state `associated`, the primary first. */
  cidrBlocks: string[];
  ipv6CidrBlocks: string[];
  isDefault: boolean;
  dnsHostnames: boolean;
  tags: Tags;
}

export interface Subnet {
  id: string;
  vpcId: string;
  ownerId: string;
  /** Accounts that see and use it besides its owner (a shared VPC). */
  sharedWith: Set<string>;
  zoneId: string;
  cidrBlock: string;
  ipv6CidrBlock?: string;
  /** Addresses given back, with the virtual instant from which each may be given out again. */
  freed: Map<string, number>;
  tags: Tags;
}

export type InterfaceStatus = 'pending' | 'available' | 'attaching' | 'in-use' | 'detaching';

export interface NetworkInterface {
  id: string;
  ownerId: string;
  subnetId: string;
  vpcId: string;
  zoneId: string;
  description: string;
  /** `interface`, `network_load_balancer`, `nat_gateway`, `vpc_endpoint`, `gateway_load_balancer`, `lambda`. */
  interfaceType: string;
  requesterId: string;
  requesterManaged: boolean;
  status: InterfaceStatus;
  sourceDestCheck: boolean;
  securityGroupIds: string[];
  macAddress: string;
  /** IPv4 addresses, the primary first. */
  privateIps: { ip: string; publicIp?: string; allocationId?: string; ipOwnerId?: string }[];
  ipv6Addresses: string[];
  attachment?: {
    id: string;
    instanceOwnerId: string;
    instanceId?: string;
    deviceIndex: number;
    networkCardIndex?: number;
    status: 'attaching' | 'attached' | 'detaching' | 'detached';
    deleteOnTermination: boolean;
    attachTime?: number;
  };
  tags: Tags;
  createdAt: number;
  /** ARN of the load balancer whose node this is, if any. The wire never shows it. */
  loadBalancerArn?: string;
}

export type RuleSource =
  | { kind: 'cidr'; cidr: string }
  | { kind: 'cidr6'; cidr: string }
  | { kind: 'group'; groupId: string; userId: string }
  | { kind: 'prefix-list'; prefixListId: string };

export interface SecurityGroupRule {
  id: string;
  groupId: string;
  isEgress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` (then both ports are -1). */
  protocol: string;
  fromPort: number;
  toPort: number;
  source: RuleSource;
  description?: string;
  tags: Tags;
  /** Virtual instant from which traffic obeys it; the API shows it at once. */
  effectiveAt: number;
}

export interface SecurityGroup {
  id: string;
  name: string;
  description: string;
  vpcId: string;
  ownerId: string;
  rules: Map<string, SecurityGroupRule>;
  tags: Tags;
}

export interface PrefixList {
  id: string;
  name: string;
  ownerId: string;
  addressFamily: 'IPv4' | 'IPv6';
  maxEntries: number;
  version: number;
  entries: { cidr: string; description?: string }[];
  tags: Tags;
}

export type LoadBalancerType = 'application' | 'network' | 'gateway';

/** One node of a load balancer: an interface, and what truly happens behind it. */
export interface Node {
  interfaceId: string;
  zoneId: string;
  ip: string;
  /** Truth: does a connection to this address get an answer? */
  answering: boolean;
  /** Is the address in the load balancer's DNS name? */
  inDns: boolean;
  phase: 'starting' | 'serving' | 'leaving' | 'dead';
}

export interface LoadBalancer {
  arn: string;
  /** `app/NAME/ID`, the tail of the ARN and of the interfaces' description. */
  path: string;
  ownerId: string;
  name: string;
  type: LoadBalancerType;
  scheme: 'internal' | 'internet-facing';
  state: 'provisioning' | 'active' | 'active_impaired' | 'failed';
  stateReason?: string;
  dnsName: string;
  vpcId: string;
  createdAt: number;
  /** Enabled zones, one subnet each. */
  zones: { zoneId: string; subnetId: string; privateIp?: string; allocationId?: string }[];
  securityGroupIds: string[];
  ipAddressType: 'ipv4' | 'dualstack';
  /** `on`/`off`, network load balancers with security groups only. */
  enforcePrivateLink?: 'on' | 'off';
  attributes: Map<string, string>;
  tags: Tags;
  nodes: Node[];
  /** What else uses it (`VPC link`, `endpoint service`): blocks its deletion. */
  associatedWith: Set<string>;
  /** Zones that a zonal shift takes traffic away from. */
  shiftedZoneIds: Set<string>;
}

export interface ForwardTarget {
  targetGroupArn: string;
  weight: number;
}

export type Action =
  | { type: 'forward'; targetGroups: ForwardTarget[] }
  | { type: 'fixed-response'; statusCode: string; contentType?: string; messageBody?: string }
  | { type: 'redirect'; redirectConfig: Record<string, string> };

export interface Listener {
  arn: string;
  loadBalancerArn: string;
  protocol: string;
  port: number;
  defaultActions: Action[];
  certificateArns: string[];
  sslPolicy?: string;
  attributes: Map<string, string>;
  tags: Tags;
}

export interface Rule {
  arn: string;
  listenerArn: string;
  priority: number;
  /** Conditions as they came: field and values (`path-pattern`, `host-header`, `source-ip` …). */
  conditions: { field: string; values: string[] }[];
  actions: Action[];
  tags: Tags;
}

export interface TargetGroup {
  arn: string;
  ownerId: string;
  name: string;
  protocol: string;
  protocolVersion?: string;
  port: number;
  vpcId: string;
  targetType: 'ip' | 'instance' | 'alb' | 'lambda';
  ipAddressType: 'ipv4' | 'ipv6';
  healthCheck: {
    enabled: boolean;
    protocol: string;
    port: string;
    path?: string;
    matcher?: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
  };
  attributes: Map<string, string>;
  tags: Tags;
  /** By `id:port`. Draining ones stay listed until they are gone. */
  targets: Map<string, Target>;
}

export type TargetState =
  | 'unused'
  | 'initial'
  | 'healthy'
  | 'unhealthy'
  | 'unhealthy.draining'
  | 'draining'
  | 'unavailable';

export interface Target {
  id: string;
  port: number;
  /** Zone id, `all`, or undefined for instance groups. */
  zone?: string;
  state: TargetState;
  reason?: string;
  description?: string;
  override: 'no_override' | 'zonal_shift_active' | 'zonal_shift_delegated_to_dns' | 'unknown';
  registeredAt: number;
  /** Virtual instant until which new connections still reach it although its state says otherwise (engine/truth). */
  leaksUntil: number;
  /** Consecutive results of its health check; a new `generation` ends every timer of the former one. */
  checks: { successes: number; failures: number; generation: number };
}
