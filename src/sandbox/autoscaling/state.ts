/** What the simulated Auto Scaling knows: plain data, no behaviour. */
export interface AutoScalingGroup {
  arn: string;
  ownerId: string;
  name: string;
  minSize: number;
  maxSize: number;
  subnetIds: string[];
  healthCheckType: string;
  /** Only while it is being deleted. */
  status?: string;
  instanceIds: string[];
  createdAt: number;
  /** By ARN of the target group. One that is being removed is known until its targets have drained. */
  attachments: Map<string, 'attached' | 'removing'>;
}
