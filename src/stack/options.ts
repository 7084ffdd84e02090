/**
 * What a stack is made of, as `lbbridge stack scaffold` and `deploy` understand their flags. What is there already is
 * named by its ARN, since a template's policies need ARNs; what is not named, the stack makes.
 */

/** One bridge, or every bridge of the account and region that carries our tag. */
export type StackOptions = BridgeStack | FleetStack;

interface EveryStack {
  /** Kicks a sync when ELB makes or deletes an interface; needs a CloudTrail trail, does nothing without one. */
  readonly events: boolean;
  readonly alarms: Alarms | null;
}

export interface Alarms {
  /** ARN of the SNS topic that is told; undefined: the alarms only change colour. */
  readonly topic?: string | undefined;
}

/** The function and its schedule alone, for every target group that is tagged `lbbridge:source`. */
export interface FleetStack extends EveryStack {
  readonly kind: 'fleet';
}

export interface BridgeStack extends EveryStack {
  readonly kind: 'bridge';
  /** Undefined: to be filled in before the deployment. */
  readonly vpcId?: string | undefined;
  readonly subnetIds: readonly string[];
  readonly front: Front;
  readonly back: Back;
  readonly api: Api | null;
}

/** The NLB's side of the bridge. */
export type Front =
  /** NLB, listener and target group are made. */
  | { readonly kind: 'own'; readonly protocol: 'TCP' | 'TLS' }
  /** A listener and its target group are made on an NLB that is there. */
  | {
      readonly kind: 'nlb';
      readonly nlb: string;
      readonly protocol: 'TCP' | 'TLS';
      readonly securityGroup?: string | undefined;
    }
  /** Nothing is made; the NLB is only named, for its security group, its alarm and the API. */
  | {
      readonly kind: 'target-group';
      readonly targetGroup: string;
      /** What the listener there speaks: an API has to know. */
      readonly protocol: 'TCP' | 'TLS';
      readonly nlb?: string | undefined;
      readonly securityGroup?: string | undefined;
    };

/** The ALB's side of the bridge. */
export type Back =
  /** ALB, listener, health rule and security group are made. */
  | {
      readonly kind: 'own';
      readonly protocol: 'HTTP' | 'HTTPS';
      /** Where the ALB's default action leads; null: to a fixed 404. */
      readonly backend: Backend | null;
    }
  | {
      readonly kind: 'alb';
      readonly alb: string;
      readonly protocol: 'HTTP' | 'HTTPS';
      /** Its group, if the stack is to open it to the NLB. */
      readonly securityGroup?: string | undefined;
      /** Where the health path gets a rule of its own; undefined: no rule is taken on an ALB that is not ours. */
      readonly healthRule?: { readonly listener: string; readonly priority: number } | undefined;
    };

export interface Backend {
  readonly type: 'ip' | 'instance';
  /** An Auto Scaling group that is there, whose instances it gets: of type `instance` only. */
  readonly autoScalingGroup?: string | undefined;
  /** Addresses or instance ids that are registered from the start. */
  readonly targets: readonly string[];
}

export interface Api {
  /** v1 reaches the NLB through PrivateLink, v2 through interfaces in the VPC. */
  readonly link: 'v1' | 'v2';
  readonly auth: 'iam' | 'none';
  readonly accessLog: boolean;
}
