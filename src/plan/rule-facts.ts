import type { LoadBalancer, NetworkInterface, PrefixList, SecurityGroup, SecurityGroupRule } from './model.js';

/** How the NLB is named in the rules: by its security group, by its addresses, or by whichever serves better. */
export type RuleSource = 'auto' | 'ips' | 'security-group';

export interface RulePolicy {
  readonly source: RuleSource;
  /** The account's quota of inbound rules in a group. */
  readonly maxRules: number;
}

/** Everything that a security group's plan is made from. */
export interface RuleFacts {
  /** The ALB's group. */
  readonly securityGroup: SecurityGroup;
  /** All of its rules, outbound ones too. */
  readonly rules: readonly SecurityGroupRule[];
  /** Prefix lists that its rules name, by id. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  /** How many groups stand on an interface of the ALB. */
  readonly groupsPerInterface: number;
  readonly nlb: LoadBalancer & { readonly arn: string; readonly vpcId: string };
  /** Found by the NLB's description. */
  readonly interfaces: readonly NetworkInterface[];
  /** TCP ports on which the NLB is to get in. */
  readonly ports: readonly number[];
  /** Ports that other bridges from the same NLB need; null where nobody has looked, see `needsOtherPorts`. */
  readonly otherPorts: ReadonlySet<number> | null;
}
