import type { MinHealthy } from './health.js';
import type { LoadBalancer, NetworkInterface, Subnet, Tags, Target, TargetGroup } from './model.js';

/** Which stale targets may go: those of a group that is ours, all, or none. */
export type Prune = 'owned' | 'all' | 'none';

/** What the user has said about removals. */
export interface TargetPolicy {
  readonly minHealthy: MinHealthy;
  readonly prune: Prune;
  /** Addresses and CIDR blocks that are never deregistered. */
  readonly keep: readonly string[];
  readonly adopt: boolean;
  /** The ARN of the load balancer whose group this is to take over. */
  readonly adoptFrom?: string | undefined;
  readonly allowEmpty: boolean;
  /** The file vouches that the group is this bridge's; no tag is needed, none is written. */
  readonly owned: boolean;
}

/** Everything that the plan is made from. Facts that cost another read are null until `missingFacts` asks for them. */
export interface TargetFacts {
  readonly loadBalancer: LoadBalancer & { readonly arn: string; readonly vpcId: string };
  /** The description of its interfaces, `ELB app/NAME/ID`. */
  readonly description: string;
  readonly interfaces: readonly NetworkInterface[];
  readonly targetGroup: TargetGroup;
  readonly targets: readonly Target[];
  readonly tags: Tags;
  readonly port: number;
  /** Subnets of the target group's VPC: S10, where the load balancer is in another. */
  readonly localSubnets: readonly Subnet[] | null;
  /** Zone names -> zone ids in the target group's account: S4, where the load balancer's account is another. */
  readonly zoneIds: ReadonlyMap<string, string> | null;
  /** What a search by address found of the stale ones: S14. */
  readonly found: readonly NetworkInterface[] | null;
}

/** Identity of a target (S10): its zone is an attribute. */
export const targetKey = ({ ip, port }: { readonly ip: string; readonly port: number }): string => `${ip}:${port}`;

/** Whether the load balancer stands in another VPC than the target group. */
export const isOutside = ({ loadBalancer, targetGroup }: TargetFacts): boolean =>
  loadBalancer.vpcId !== targetGroup.vpcId;

/** Whether the load balancer belongs to another account than the target group. */
export const isForeignAccount = ({ loadBalancer, targetGroup }: TargetFacts): boolean =>
  accountOf(loadBalancer.arn) !== accountOf(targetGroup.arn);

/** The account that an ARN names. */
export const accountOf = (arn: string): string => arn.split(':')[4] as string;
