/**
 * The words of the domain. Plain data as AWS reports it, read once and never changed; everything that decides
 * (this folder) takes these values in and gives a verdict out, with no network and no clock.
 */

/** The name of a region. It becomes part of a host name: nothing else may get in there. */
export const REGION = /^[a-z]{2,8}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

export type Family = 'ipv4' | 'ipv6';

export type LoadBalancerType = 'application' | 'network' | 'gateway' | 'classic';

export interface LoadBalancerZone {
  /** As its owner's account names it. */
  readonly zoneName: string;
  readonly subnetId: string;
}

/** A load balancer; what AWS does not tell about a classic one is null or empty. */
export interface LoadBalancer {
  readonly type: LoadBalancerType;
  readonly name: string;
  readonly arn: string | null;
  readonly dnsName: string | null;
  readonly vpcId: string | null;
  /** `active`, `active_impaired`, `provisioning`, `failed`; null for a classic one. */
  readonly state: string | null;
  /** `internal` or `internet-facing`. */
  readonly scheme: string | null;
  /** `ipv4`, `dualstack` …; null where AWS does not tell. */
  readonly ipAddressType: string | null;
  readonly zones: readonly LoadBalancerZone[];
  readonly securityGroupIds: readonly string[];
  /** Whether an NLB's inbound rules hold for PrivateLink traffic, a VPC Link's among it; null where AWS does not tell. */
  readonly enforcesPrivateLinkRules: boolean | null;
}

export interface InterfaceAddress {
  readonly ip: string;
  readonly family: Family;
  readonly primary: boolean;
  readonly publicIp: string | null;
}

/** An elastic network interface, as DescribeNetworkInterfaces reports it. */
export interface NetworkInterface {
  readonly id: string;
  readonly description: string;
  readonly status: string;
  readonly interfaceType: string;
  readonly requesterManaged: boolean;
  readonly requesterId: string | null;
  readonly attachmentOwnerId: string | null;
  readonly attachmentStatus: string | null;
  readonly ownerId: string | null;
  readonly vpcId: string;
  readonly subnetId: string;
  /** As the reading account names it. */
  readonly zoneName: string;
  readonly zoneId: string | null;
  readonly securityGroupIds: readonly string[];
  readonly addresses: readonly InterfaceAddress[];
}

/** One address that counts: an interface of the load balancer stands behind it. */
export interface Address extends InterfaceAddress {
  readonly zoneName: string;
  readonly zoneId: string | null;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly networkInterfaceId: string;
  readonly status: string;
}

/** An interface with the right description that does not count, and why. */
export interface IgnoredInterface {
  readonly networkInterfaceId: string;
  /** Its primary address; null if it shows none. */
  readonly ip: string | null;
  readonly reason: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string;
  /** `ip`, `instance`, `alb` or `lambda`. */
  readonly targetType: string;
  readonly ipAddressType: Family;
  /** Load balancers whose listeners send to it. */
  readonly loadBalancerArns: readonly string[];
  readonly healthCheck: {
    readonly protocol: string | null;
    readonly port: string | null;
    readonly path: string | null;
    readonly matcher: string | null;
    readonly intervalSeconds: number | null;
    readonly healthyThreshold: number | null;
    readonly unhealthyThreshold: number | null;
  };
}

/** A registered target, as DescribeTargetHealth reports it. Identity is ip and port. */
export interface Target {
  readonly ip: string;
  readonly port: number;
  /** Zone name, or `all`; null where AWS gave none. */
  readonly zone: string | null;
  /** `healthy`, `initial`, `unhealthy`, `unhealthy.draining`, `draining`, `unused`, `unavailable`. */
  readonly state: string;
  /** AWS's reason code, e.g. `Target.NotInUse`; null for a healthy target. */
  readonly reason: string | null;
  /** State of the administrative override, e.g. `no_override`, `zonal_shift_active`; null where absent. */
  readonly override: string | null;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidrBlock: string | null;
  readonly ipv6CidrBlocks: readonly string[];
  readonly zoneName: string;
  readonly zoneId: string | null;
  readonly freeAddresses: number | null;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly tags: Tags;
}

/** Whom a rule lets in (or out to). */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  /** `userId` is the account of the group, where it is another than that of the group with the rule. */
  | { readonly kind: 'group'; readonly groupId: string; readonly userId: string | null }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string };

/** What makes a rule the same as another: its description and tags do not. */
export interface RuleIdentity {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all; then both ports are -1. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: RulePeer;
}

/** One rule of a security group, as DescribeSecurityGroupRules reports it. */
export interface SecurityGroupRule extends RuleIdentity {
  readonly id: string;
  readonly groupId: string;
  readonly isEgress: boolean;
  readonly description: string | null;
  readonly tags: Tags;
}

/** A managed prefix list: as the source of a rule it counts with all the entries that it may get. */
export interface PrefixList {
  readonly id: string;
  /** Null for a list of AWS's own, which tells no maximum. */
  readonly maxEntries: number | null;
  readonly cidrs: readonly string[];
}

/** What a listener or rule does with a request; kinds that lbbridge asks nothing of are `other`. */
export type ListenerAction =
  | { readonly type: 'forward'; readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[] }
  | { readonly type: 'fixed-response'; readonly status: number }
  | { readonly type: 'redirect'; readonly status: number }
  | { readonly type: 'other'; readonly name: string };

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly protocol: string;
  readonly port: number;
  /** Name of the TLS policy; null without TLS. */
  readonly sslPolicy: string | null;
  readonly actions: readonly ListenerAction[];
}

export interface ListenerRule {
  readonly arn: string;
  /** Null for the default rule. */
  readonly priority: number | null;
  readonly conditions: readonly { readonly field: string; readonly values: readonly string[] }[];
  readonly actions: readonly ListenerAction[];
}

/** Attributes of a load balancer or target group by AWS's keys. A key that AWS does not send is unknown, not false. */
export type Attributes = ReadonlyMap<string, string>;

export type Tags = ReadonlyMap<string, string>;

/** The tag that says whose a target group (or a rule) is: it holds a load balancer's ARN. */
export const SOURCE_TAG = 'lbbridge:source';
/** The tag that tells every lbbridge to leave a target group alone. */
export const PAUSED_TAG = 'lbbridge:paused';
/** Why it is paused, in somebody's words. */
export const PAUSE_REASON_TAG = 'lbbridge:pause-reason';
/** Who paused it: an ARN, as far as a tag can hold it. */
export const PAUSED_BY_TAG = 'lbbridge:paused-by';
/** All that a pause leaves on a group. */
export const PAUSE_TAGS = [PAUSED_TAG, PAUSE_REASON_TAG, PAUSED_BY_TAG];
