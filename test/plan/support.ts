import type { Prune, TargetFacts, TargetPolicy } from '../../src/plan/facts.js';
import type { NetworkInterface, Target } from '../../src/plan/model.js';

/** The smallest words for a bridge: what is not said is as in a quiet, synced world. */

export const ALB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
export const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/nlb-edge/6d0ecf831eec9f09';
export const OTHER = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/other/0123456789abcdef';
export const DESCRIPTION = 'ELB app/web/50dc6c495c0c9188';

export const policy = (more: Partial<TargetPolicy> = {}): TargetPolicy => ({
  minHealthy: { percent: 50 },
  prune: 'owned' as Prune,
  keep: [],
  adopt: false,
  allowEmpty: false,
  owned: false,
  ...more,
});

let nextId = 0;

/** An interface of the ALB's with these addresses. */
export function node(ips: string | string[], zone = 'a', more: Partial<NetworkInterface> = {}): NetworkInterface {
  nextId += 1;
  return {
    id: `eni-${nextId}`,
    description: DESCRIPTION,
    status: 'in-use',
    interfaceType: 'interface',
    requesterManaged: true,
    requesterId: 'amazon-elb',
    attachmentOwnerId: 'amazon-elb',
    attachmentStatus: 'attached',
    ownerId: '111122223333',
    vpcId: 'vpc-1',
    subnetId: `subnet-${zone}`,
    zoneName: `us-east-1${zone}`,
    zoneId: `use1-az-${zone}`,
    securityGroupIds: [],
    addresses: [ips].flat().map((ip, index) => ({
      ip,
      family: ip.includes(':') ? 'ipv6' : 'ipv4',
      primary: index === 0,
      publicIp: null,
    })),
    ...more,
  };
}

/** A registered target: `ip` or `ip:port`. */
export function target(
  address: string,
  state = 'healthy',
  zone: string | null = 'a',
  more: Partial<Target> = {},
): Target {
  const [ip = '', port = '80'] = address.includes('::') ? [address] : address.split(':');
  const named = zone === null || zone === 'all' ? zone : `us-east-1${zone}`;
  return { ip, port: Number(port), zone: named, state, reason: null, override: null, ...more };
}

export interface World extends Omit<Partial<TargetFacts>, 'loadBalancer' | 'targetGroup'> {
  readonly loadBalancer?: Partial<TargetFacts['loadBalancer']>;
  readonly targetGroup?: Partial<TargetFacts['targetGroup']>;
  /** Letters of the zones that the ALB is enabled in. */
  readonly zones?: string;
}

export function facts({ zones = 'ab', loadBalancer, targetGroup, ...more }: World = {}): TargetFacts {
  return {
    loadBalancer: {
      type: 'application',
      name: 'web',
      arn: ALB,
      dnsName: 'internal-web-1.us-east-1.elb.amazonaws.com',
      vpcId: 'vpc-1',
      state: 'active',
      scheme: 'internal',
      ipAddressType: 'ipv4',
      zones: [...zones].map((zone) => ({ zoneName: `us-east-1${zone}`, subnetId: `subnet-${zone}` })),
      securityGroupIds: [],
      enforcesPrivateLinkRules: null,
      ...loadBalancer,
    },
    description: DESCRIPTION,
    interfaces: [],
    targetGroup: {
      arn: GROUP,
      name: 'nlb-edge',
      protocol: 'TCP',
      port: 80,
      vpcId: 'vpc-1',
      targetType: 'ip',
      ipAddressType: 'ipv4',
      loadBalancerArns: [],
      healthCheck: {
        protocol: 'TCP',
        port: 'traffic-port',
        path: null,
        matcher: null,
        intervalSeconds: 10,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
      ...targetGroup,
    },
    targets: [],
    tags: new Map([['lbbridge:source', ALB]]),
    port: 80,
    localSubnets: null,
    zoneIds: null,
    found: null,
    ...more,
  };
}

export const ips = (targets: readonly { ip: string }[]): string[] => targets.map(({ ip }) => ip);
