import type { Access } from '../aws/ports.js';
import type { TargetPolicy } from '../plan/facts.js';
import type { RuleSource } from '../plan/rule-facts.js';

/** What holds for a bridge of which nothing else is said. */
export const defaultPolicy: TargetPolicy = {
  minHealthy: { percent: 50 },
  prune: 'owned',
  keep: [],
  adopt: false,
  allowEmpty: false,
  owned: false,
};

/** One bridge, as flags and `lbbridge.yaml` together describe it. References are as typed: names or ARNs. */
export interface Bridge extends TargetPolicy {
  /** Its key in the file, else the target group as typed. */
  readonly name: string;
  readonly alb: string;
  readonly targetGroup: string;
  /** Undefined: the target group's own port. */
  readonly port?: number | undefined;
  /** Account and region of the target group. */
  readonly access: Access;
  /** Account and region of the load balancer. */
  readonly albAccess: Access;
  readonly securityGroup?: SecurityGroupSettings | undefined;
}

/**
 * What `sg` works on: the two ends of a bridge, or as much of them as it takes to know an ALB's security group, an NLB
 * and the ports. References are as typed.
 */
export interface Ingress extends Pick<Bridge, 'name' | 'port' | 'access' | 'albAccess' | 'securityGroup'> {
  /** Undefined where the security group itself is named. */
  readonly alb?: string | undefined;
  /** Undefined where the NLB and the ports are named. */
  readonly targetGroup?: string | undefined;
}

/** The keys of `securityGroup:`, each the flag of `lbbridge sg` of that name. */
export interface SecurityGroupSettings {
  readonly nlb?: string | undefined;
  readonly id?: string | undefined;
  readonly ports?: readonly number[] | undefined;
  readonly source?: RuleSource | undefined;
  readonly maxRules?: number | undefined;
}
