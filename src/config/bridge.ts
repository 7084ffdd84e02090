import type { Access } from '../aws/ports.js';
import type { TargetPolicy } from '../plan/facts.js';

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

/** The keys of `securityGroup:`, each the flag of `lbbridge sg` of that name. */
export interface SecurityGroupSettings {
  readonly nlb?: string | undefined;
  readonly id?: string | undefined;
  readonly ports?: readonly number[] | undefined;
  readonly source?: 'auto' | 'ips' | 'security-group' | undefined;
  readonly maxRules?: number | undefined;
}
