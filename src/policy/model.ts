/** What lbbridge is to be allowed to do. */
export const policyUses = ['sync', 'sg', 'doctor', 'stack', 'lambda'] as const;

export type PolicyUse = (typeof policyUses)[number];

/** One permission of a policy: who holds it may make the actions on the resources, where the conditions hold. */
export interface Statement {
  /** Letters and digits only: IAM takes nothing else. */
  readonly Sid: string;
  readonly Effect: 'Allow';
  /** `service:Action`, in the order in which they are used. */
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  /** Operator -> condition key -> its values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An identity policy as IAM takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What a policy is narrowed to. */
export interface PolicyScope {
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** Where neither ARN nor flag tells it, `*`. */
  readonly region: string;
  /** Twelve digits; where no ARN tells it, `*`. */
  readonly accountId: string;
  /** ARNs, or ARNs with wildcards; none: every target group of the account. */
  readonly targetGroups: readonly string[];
  /** The same of security groups. */
  readonly securityGroups: readonly string[];
}
