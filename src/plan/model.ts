/**
 * The words of the domain. Plain data as AWS reports it, read once and never changed; everything that decides
 * (this folder) takes these values in and gives a verdict out, with no network and no clock.
 */

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
  readonly zones: readonly LoadBalancerZone[];
  readonly securityGroupIds: readonly string[];
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

export type Tags = ReadonlyMap<string, string>;

/** The tag that says whose a target group (or a rule) is: it holds a load balancer's ARN. */
export const SOURCE_TAG = 'lbbridge:source';
/** The tag that tells every lbbridge to leave a target group alone. */
export const PAUSED_TAG = 'lbbridge:paused';
/** Why it is paused, in somebody's words. */
export const PAUSE_REASON_TAG = 'lbbridge:pause-reason';
