import type { Access } from '../aws/ports.js';
import type { Prune } from '../plan/facts.js';
import type { MinHealthy } from '../plan/health.js';

export type { MinHealthy, Prune };

/** One bridge, as flags and `lbbridge.yaml` together describe it. References are as typed: names or ARNs. */
export interface Bridge {
  /** Its key in the file, else the target group as typed. */
  readonly name: string;
  readonly alb: string;
  readonly targetGroup: string;
  /** Undefined: the target group's own port. */
  readonly port?: number | undefined;
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
