import type { TargetFacts, TargetPolicy } from '../facts.js';
import type {
  Attributes,
  Listener,
  ListenerRule,
  LoadBalancer,
  NetworkInterface,
  PrefixList,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Target,
} from '../model.js';
import type { RulePolicy } from '../rule-facts.js';
import type { TargetPlan } from '../target-plan.js';

/**
 * All that a diagnosis is made from. Null stands for what AWS would not let us look at: nothing is found there, and the
 * gap itself is told elsewhere.
 */
export interface DoctorFacts {
  /** What a sync knows, and its verdict. */
  readonly sync: TargetFacts;
  readonly policy: TargetPolicy;
  readonly plan: TargetPlan;
  /** S7: what is to be said of the pause; null where there is none. */
  readonly paused: string | null;
  /** S7: why the changes of the plan may not be made now; null where there are none, or nothing forbids them. */
  readonly locked: string | null;
  /** Whether the load balancer that the group's tag names exists; null where that cannot be told. */
  readonly ownerExists: boolean | null;
  readonly groupAttributes: Attributes | null;
  /** The NLBs that send to the group; for a group that nobody sends to, the one that the bridge names, if any. */
  readonly nlbs: readonly NlbFacts[] | null;
  readonly albListeners: readonly Listener[] | null;
  /** Rules of the ALB's listener on the health check's port by priority, the default one last. Empty where unneeded. */
  readonly healthRules: readonly ListenerRule[] | null;
  /** Subnets of the ALB's VPC. */
  readonly albSubnets: readonly Subnet[] | null;
  readonly albSecurity: Security | null;
  /** S12: the TCP ports on which `lbbridge sg` would let the NLB in, and how. */
  readonly rulePorts: readonly number[];
  readonly rulePolicy: RulePolicy;
  /** The security group of the ALB that the bridge names, where it names one. */
  readonly ruleGroupId: string | undefined;
  /** Quotas of the target group's account by AWS's names. */
  readonly limits: ReadonlyMap<string, number> | null;
  /** Whether a dry run says that rules may be added to the ALB's security group. */
  readonly mayAuthorize: boolean | null;
}

export interface NlbFacts {
  readonly loadBalancer: LoadBalancer & { readonly arn: string; readonly vpcId: string };
  readonly attributes: Attributes | null;
  readonly listeners: readonly Listener[] | null;
  /** By listener ARN; of those listeners whose default action does not send to the group. */
  readonly rules: ReadonlyMap<string, readonly ListenerRule[]> | null;
  /** Found by its description. */
  readonly interfaces: readonly NetworkInterface[] | null;
  /** Targets of the other groups that it sends to, all in one list: a target in two groups counts twice. */
  readonly otherTargets: readonly Target[] | null;
  /** Ports at the ALB that other bridges of this NLB need; null where nobody had to look, or may. */
  readonly otherPorts: ReadonlySet<number> | null;
  readonly security: Security | null;
}

/** The security groups of a load balancer, and the rules of all of them. */
export interface Security {
  readonly groups: readonly SecurityGroup[];
  readonly rules: readonly SecurityGroupRule[];
  /** Prefix lists that the rules name, by id. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
}

/** The port at which a target is checked. */
export function healthCheckPort({ sync: { targetGroup, port } }: Pick<DoctorFacts, 'sync'>): number {
  const { port: said } = targetGroup.healthCheck;
  return said === null || said === 'traffic-port' ? port : Number(said);
}

/** Whether the health check asks by HTTP or HTTPS; any other only opens a connection. */
export const checksHttp = ({ sync: { targetGroup } }: Pick<DoctorFacts, 'sync'>): boolean =>
  targetGroup.healthCheck.protocol === 'HTTP' || targetGroup.healthCheck.protocol === 'HTTPS';

/** Whether the NLB's nodes send to targets in every zone: the group's own setting decides, else the NLB's. */
export function isCrossZone({ groupAttributes }: DoctorFacts, nlb: NlbFacts): boolean | null {
  const key = 'load_balancing.cross_zone.enabled';
  const own = groupAttributes?.get(key);
  if (own === 'true' || own === 'false') return own === 'true';
  const general = nlb.attributes?.get(key);
  return general === undefined ? null : general === 'true';
}
