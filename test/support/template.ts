import type { Sandbox } from '../../src/sandbox/index.js';

type Properties = Record<string, unknown>;

const ref = (name: string): Properties => ({ Ref: name });
const get = (name: string, attribute: string): Properties => ({ 'Fn::GetAtt': [name, attribute] });

/** A small bridge: enough to have an order, something slow, and something that lingers. */
export const smallTemplate = ({ groupPort = 80, memory = 256, more = {} as Record<string, Properties> } = {}) => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Parameters: {
    VpcId: { Type: 'AWS::EC2::VPC::Id' },
    SubnetIds: { Type: 'List<AWS::EC2::Subnet::Id>' },
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
        Scheme: 'internal',
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
        Protocol: 'TCP',
        Port: 80,
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
