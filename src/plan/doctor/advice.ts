import type { Listener } from '../model.js';
import { attachmentsOf } from './attachment.js';
import type { DoctorFacts } from './facts.js';

/** What AWS offers in a bridge's stead. Ids are stable: scripts read them. */
export const advices = {
  'alb-target-group': 'A target group of type `alb` in place of the bridge',
  'rest-api-vpc-link': 'A REST API’s VPC Link V2 that reaches the ALB directly',
  'resource-endpoint': 'PrivateLink or VPC Lattice in place of routes between VPCs',
  'global-accelerator': 'Global Accelerator for static public addresses',
  'cloudfront-vpc-origin': 'CloudFront with the internal ALB as its VPC origin',
} as const;

export type AdviceId = keyof typeof advices;

export interface Advice {
  readonly id: AdviceId;
  /** When it fits, and what its limits are. */
  readonly message: string;
  /** A move without downtime, in order; the last ones tell what would be lost. */
  readonly steps: readonly string[];
}

/** The best bridge is often none: what would do here instead, each with its limits. */
export function advise(facts: DoctorFacts): Advice[] {
  const { loadBalancer, targetGroup } = facts.sync;
  const account = (arn: string): string | undefined => arn.split(':')[4];
  const isNear = loadBalancer.vpcId === targetGroup.vpcId && account(loadBalancer.arn) === account(targetGroup.arn);
  const nlbs = (facts.nlbs ?? []).map((nlb) => nlb.loadBalancer);
  const isPublic = nlbs.some(({ scheme }) => scheme === 'internet-facing');
  return [
    ...(isNear && fitsAlbGroup(facts) ? [albTargetGroup(facts)] : []),
    ...(isNear && nlbs.length > 0 && !isPublic ? [restApi(facts)] : []),
    ...(isNear ? [] : [resourceEndpoint(facts)]),
    ...(isPublic ? [globalAccelerator(facts)] : []),
    ...(isPublic && loadBalancer.scheme === 'internal' ? [cloudFront(facts)] : []),
  ];
}

/** TCP, IPv4, at most two NLBs, and none of the attributes that a group of type `alb` has not. */
function fitsAlbGroup(facts: DoctorFacts): boolean {
  const { targetGroup } = facts.sync;
  const attachments = attachmentsOf(facts);
  const nlbs = new Set(attachments.map(({ nlb }) => nlb.loadBalancer.arn));
  return (
    targetGroup.protocol === 'TCP' &&
    targetGroup.ipAddressType === 'ipv4' &&
    attachments.length > 0 &&
    nlbs.size <= 2 &&
    attachments.every(({ listener }) => listener.protocol === 'TCP') &&
    facts.groupAttributes?.get('proxy_protocol_v2.enabled') !== 'true'
  );
}

function albTargetGroup(facts: DoctorFacts): Advice {
  const { loadBalancer, targetGroup, port } = facts.sync;
  const { listener } = attachmentsOf(facts)[0] as { listener: Listener };
  const name = `${targetGroup.name.slice(0, 28)}-alb`;
  return {
    id: 'alb-target-group',
    message: `${loadBalancer.name} stands in the NLB's own VPC and account, and the traffic is TCP: a target group of type alb would follow it without lbbridge. Its limits: TCP and IPv4 alone, one ALB in a group, at most two NLBs for an ALB, no attributes to set.`,
    steps: [
      `Create the group: aws elbv2 create-target-group --name ${name} --target-type alb --protocol TCP --port ${port} --vpc-id ${targetGroup.vpcId}`,
      `Register the ALB: aws elbv2 register-targets --target-group-arn NEW --targets Id=${loadBalancer.arn},Port=${port}`,
      'Admit the clients, or the security group of the NLB, at the ALB: such a group always preserves client addresses.',
      `Let port ${listener.port} of the NLB forward to both, ${targetGroup.name} with weight 100 and NEW with weight 0: aws elbv2 modify-listener, with a ForwardConfig of two groups`,
      'When NEW is healthy, move the weights: 90 and 10, 50 and 50, 0 and 100. Going back is the same call.',
      `When no connection is left: take the old group off the listener, lbbridge release ${targetGroup.name}, and delete it.`,
      'Lost would be: TLS between NLB and ALB, the attributes of the group (deregistration delay, cross-zone balancing, stickiness), targets beside the ALB, and the NLB’s addresses as the source that the ALB sees.',
    ],
  };
}

function restApi({ sync: { loadBalancer } }: DoctorFacts): Advice {
  return {
    id: 'rest-api-vpc-link',
    message: `If a REST API of API Gateway stands in front: a VPC Link V2 reaches ${loadBalancer.name} directly, without the NLB and the bridge. Its limits: REST and HTTP APIs of the ALB's own region, and links of version 2.`,
    steps: [
      'Create a VPC Link V2 in subnets of the ALB’s VPC, with a security group that the ALB admits.',
      'Point the integrations of one stage at the new link and the ALB, deploy it as a canary, and watch its errors.',
      'Promote the canary; when nothing goes through the NLB any more, release the bridge and delete the NLB.',
      'Lost would be: the NLB’s fixed addresses, and whatever else its listeners serve.',
    ],
  };
}

function resourceEndpoint({ sync: { loadBalancer } }: DoctorFacts): Advice {
  return {
    id: 'resource-endpoint',
    message: `${loadBalancer.name} stands in another VPC or account: a resource configuration of VPC Lattice with its DNS name, reached by a PrivateLink resource endpoint, follows its addresses without routes or the bridge. Its limits: TCP alone, and the clients call the endpoint, not the NLB.`,
    steps: [
      `In the ALB's account: a resource gateway in its VPC, and a resource configuration for ${loadBalancer.dnsName ?? 'its DNS name'}; share it with the consumer's account.`,
      'In the consumer’s VPC: a resource endpoint for it; try it by its own name.',
      'Move clients by DNS weights from the NLB to the endpoint; when the NLB is idle, release the bridge.',
      'Lost would be: the NLB’s fixed addresses, and TLS that the NLB ends.',
    ],
  };
}

function globalAccelerator({ sync: { loadBalancer } }: DoctorFacts): Advice {
  return {
    id: 'global-accelerator',
    message: `If the NLB is there for static public addresses: Global Accelerator gives two of them to ${loadBalancer.name} itself, an internal ALB too. Its limits: a price by the hour and by traffic, and public clients only.`,
    steps: [
      'Create an accelerator with a listener on the same ports, and the ALB as its endpoint.',
      'Admit at the ALB: with client addresses preserved the clients, else the accelerator’s interfaces in its subnets.',
      'Move clients by DNS weights; when the NLB is idle, release the bridge.',
      'Lost would be: the NLB’s present addresses, which somebody may have allowed by number.',
    ],
  };
}

function cloudFront({ sync: { loadBalancer } }: DoctorFacts): Advice {
  return {
    id: 'cloudfront-vpc-origin',
    message: `If the NLB is there to bring a private ALB to the public: CloudFront reaches ${loadBalancer.name} as a VPC origin, with no public address behind it. Its limits: HTTP and HTTPS alone.`,
    steps: [
      'Create a VPC origin for the ALB, and admit CloudFront’s managed prefix list at it.',
      'Create a distribution with it, and try it by its own domain name.',
      'Move clients by DNS weights; when the NLB is idle, release the bridge.',
      'Lost would be: protocols other than HTTP, and the NLB’s fixed addresses.',
    ],
  };
}
