import type { Certificate } from '../../src/sandbox/acm/state.js';
import type { Sandbox } from '../../src/sandbox/index.js';

type Properties = Record<string, unknown>;

const ref = (name: string): Properties => ({ Ref: name });
const get = (name: string, attribute: string): Properties => ({ 'Fn::GetAtt': [name, attribute] });

/** A small bridge: enough to have an order, something slow, and something that lingers. */
export const smallTemplate = ({
  groupPort = 80,
  listenerPort = 80,
  listenerProtocol = 'TCP',
  nlbScheme = 'internal',
  memory = 256,
  certificate = '',
  more = {} as Record<string, Properties>,
} = {}) => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Parameters: {
    VpcId: { Type: 'AWS::EC2::VPC::Id' },
    SubnetIds: { Type: 'List<AWS::EC2::Subnet::Id>' },
    ...(certificate === '' ? {} : { NlbCertificateArn: { Type: 'String', Default: certificate } }),
  },
  Resources: {
    NlbSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'The NLB', VpcId: ref('VpcId') },
    },
    AlbSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'The ALB',
        VpcId: ref('VpcId'),
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, SourceSecurityGroupId: get('NlbSecurityGroup', 'GroupId') },
        ],
      },
    },
    Alb: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Type: 'application',
        Scheme: 'internal',
        Subnets: ref('SubnetIds'),
        SecurityGroups: [get('AlbSecurityGroup', 'GroupId')],
      },
    },
    Nlb: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Type: 'network',
        Scheme: nlbScheme,
        Subnets: ref('SubnetIds'),
        SecurityGroups: [get('NlbSecurityGroup', 'GroupId')],
      },
    },
    Targets: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: { Protocol: 'TCP', Port: groupPort, TargetType: 'ip', VpcId: ref('VpcId') },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: ref('Nlb'),
        Protocol: listenerProtocol,
        Port: listenerPort,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
      },
    },
    Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: memory } },
    FirstSync: {
      Type: 'Custom::Bridge',
      DependsOn: ['Listener', 'Alb'],
      Properties: { ServiceToken: get('Function', 'Arn'), TargetGroup: ref('Targets') },
    },
    Link: { Type: 'AWS::ApiGateway::VpcLink', DependsOn: ['Nlb'], Properties: { TargetArns: [ref('Nlb')] } },
    ...more,
  },
  Outputs: { NlbDnsName: { Value: get('Nlb', 'DNSName') }, TargetGroupArn: { Value: ref('Targets') } },
});

/** The sandbox's own network as the template's parameters. */
export function parametersOf({ stage }: Sandbox): Map<string, string> {
  const { region } = stage.builder;
  const vpcId = stage.group.vpcId;
  const zones = new Map<string, string>();
  for (const { id, zoneId, vpcId: own } of region.subnets.values()) if (own === vpcId) zones.set(zoneId, id);
  return new Map([
    ['VpcId', vpcId],
    ['SubnetIds', [...zones.values()].join(',')],
  ]);
}

/** A certificate of the sandbox's own account and region that can be used; gives its ARN. */
export function certificateIn({ world, stage }: Sandbox, more: Partial<Certificate> = {}): string {
  const { region } = stage.builder;
  const arn = `arn:aws:acm:${region.name}:111122223333:certificate/${world.random.uuid()}`;
  const issued = { status: 'ISSUED', notAfter: world.clock.now + 30 * 24 * 3600_000 } as const;
  const own = { arn, ownerId: '111122223333', domainName: 'edge.example.com', createdAt: world.clock.now };
  region.certificates.set(arn, { ...own, ...issued, ...more });
  return arn;
}

/** The account's role for API Gateway's logs. */
export function loggingRoleIn({ stage }: Sandbox): void {
  stage.builder.region.loggingRoles.set('111122223333', 'arn:aws:iam::111122223333:role/api-gateway-logs');
}
