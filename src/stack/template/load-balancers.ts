import { SOURCE_TAG } from '../../plan/model.js';
import { SCALING_GROUP_TAG } from '../../plan/scaling-groups.js';
import type { Back, Backend, BridgeStack } from '../options.js';
import { get, type Properties, type Resource, ref, type Section } from './model.js';
import { albArn, albPort, albSecurityGroup, nlbArn, nlbSecurityGroup, skip, tags } from './names.js';

/** The two load balancers and what joins them. */
export function loadBalancerSections(options: BridgeStack): Section[] {
  const { front, back } = options;
  return [
    ...(front.kind === 'target-group' ? [] : [nlb(options)]),
    ...(back.kind === 'own' ? [ownAlb(options), albGroup(options)] : broughtAlb(options, back)),
    ...(front.kind === 'target-group' ? [] : [targetGroup(options)]),
  ];
}

/** The NLB's listener, on an NLB of the stack's own or on one that was there. */
function nlb(options: BridgeStack): Section {
  const { front } = options;
  const endsTls = front.kind !== 'target-group' && front.protocol === 'TLS';
  return {
    comment:
      front.kind === 'own'
        ? 'The NLB: fixed addresses, internal, with a security group that the ALB can name in its rule.'
        : 'What the NLB that was there gets: a listener.',
    resources: {
      ...(front.kind === 'own' ? ownNlb(options) : {}),
      NlbListener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          LoadBalancerArn: nlbArn(options) ?? ref('NlbArn'),
          Port: ref('ListenerPort'),
          Protocol: endsTls ? 'TLS' : 'TCP',
          ...(endsTls ? tls('NlbCertificateArn') : {}),
          DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('NlbTargetGroup') }],
          Tags: tags(),
        },
      },
    },
  };
}

function ownNlb({ api }: BridgeStack): Record<string, Resource> {
  const fromLink = {
    Description: 'From the VPC link of the API',
    SourceSecurityGroupId: get('LinkSecurityGroup', 'GroupId'),
  };
  const fromClients = { Description: 'From the clients of the bridge', CidrIp: ref('ClientCidr') };
  const port = ref('ListenerPort');
  const ingress = { ...(api ? fromLink : fromClients), IpProtocol: 'tcp', FromPort: port, ToPort: port };
  return {
    NlbSecurityGroup: securityGroup('The NLB of the bridge', api?.link === 'v1' ? [] : [ingress], {
      Description: 'To the ALB, wherever AWS places its nodes',
      FromPort: albPort,
      ToPort: albPort,
    }),
    Nlb: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Metadata: skip('CKV_AWS_91', accessLogs),
      Properties: {
        Type: 'network',
        Scheme: 'internal',
        Subnets: ref('SubnetIds'),
        SecurityGroups: [get('NlbSecurityGroup', 'GroupId')],
        // What comes through PrivateLink has no address that a rule could name: it is let in without one.
        ...(api?.link === 'v1' ? { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' } : {}),
        Tags: tags(),
      },
    },
  };
}

/** The bridge's own target group. */
function targetGroup(options: BridgeStack): Section {
  const { front, back } = options;
  const endsTls = front.kind !== 'target-group' && front.protocol === 'TLS';
  const healthAnswers = back.kind === 'own' || back.healthRule !== undefined;
  return {
    comment:
      "The bridge: a target group of addresses. Its targets are the function's to keep and stand in no template: an update would put them back to what they were.",
    resources: {
      NlbTargetGroup: {
        Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
        Properties: {
          TargetType: 'ip',
          VpcId: ref('VpcId'),
          // An NLB that ends TLS itself has to start it anew towards an ALB that speaks HTTPS.
          Protocol: endsTls && back.protocol === 'HTTPS' ? 'TLS' : 'TCP',
          Port: albPort,
          HealthCheckProtocol: back.protocol,
          HealthCheckPort: 'traffic-port',
          HealthCheckPath: ref('HealthPath'),
          // Any answer but a server error shows that an ALB without a health rule of ours is alive.
          Matcher: { HttpCode: healthAnswers ? '200' : '200-499' },
          HealthCheckIntervalSeconds: 10,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 2,
          Tags: tags({ Key: SOURCE_TAG, Value: albArn(options) }),
        },
      },
    },
  };
}

function ownAlb({ back }: BridgeStack): Section {
  const https = back.protocol === 'HTTPS';
  const leadsOn = back.kind === 'own' && back.backend !== null;
  return {
    comment:
      'The ALB. The health path is answered ahead of every other rule, whatever the host: it tells of the ALB itself, not of what stands behind it.',
    resources: {
      Alb: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Metadata: skip('CKV_AWS_91', accessLogs),
        Properties: {
          Type: 'application',
          Scheme: 'internal',
          Subnets: ref('SubnetIds'),
          SecurityGroups: [get('AlbSecurityGroup', 'GroupId')],
          LoadBalancerAttributes: [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }],
          Tags: tags(),
        },
      },
      AlbListener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        ...(https ? {} : { Metadata: skip('CKV_AWS_2', plainInside, 'CKV_AWS_103') }),
        Properties: {
          LoadBalancerArn: ref('Alb'),
          Port: albPort,
          Protocol: back.protocol,
          ...(https ? tls('AlbCertificateArn') : {}),
          DefaultActions: leadsOn
            ? [{ Type: 'forward', TargetGroupArn: ref('AlbTargetGroup') }]
            : [fixedResponse('404', 'Nothing is served here.')],
          Tags: tags(),
        },
      },
      HealthRule: healthRule(ref('AlbListener'), 1),
    },
  };
}

function albGroup(options: BridgeStack): Section {
  const source = nlbSecurityGroup(options);
  const ingress = source
    ? [
        {
          Description: 'From the NLB of the bridge',
          IpProtocol: 'tcp',
          FromPort: albPort,
          ToPort: albPort,
          SourceSecurityGroupId: source,
        },
      ]
    : [];
  return {
    comment: source
      ? "The ALB's security group lets the NLB in, and nobody else."
      : "The ALB's security group. The NLB has no group that a rule could name: the function lets its addresses in.",
    resources: {
      AlbSecurityGroup: securityGroup('The ALB of the bridge', ingress, {
        Description: 'To what the ALB serves',
        FromPort: 1,
        ToPort: 65535,
      }),
    },
  };
}

/** What the stack adds to an ALB that was there: a rule in its group, a rule for the health path, each if asked for. */
function broughtAlb(options: BridgeStack, back: Extract<Back, { kind: 'alb' }>): Section[] {
  const [group, source] = [albSecurityGroup(options), nlbSecurityGroup(options)];
  const resources: Record<string, Resource> = {};
  if (group && source) {
    resources.AlbIngress = {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: group,
        Description: 'From the NLB of the bridge',
        IpProtocol: 'tcp',
        FromPort: albPort,
        ToPort: albPort,
        SourceSecurityGroupId: source,
      },
    };
  }
  if (back.healthRule) resources.HealthRule = healthRule(ref('AlbListenerArn'), ref('HealthRulePriority'));
  if (Object.keys(resources).length === 0) return [];
  return [{ comment: 'What the ALB that was there gets for the bridge; it goes with the stack.', resources }];
}

export function backendSections({ back }: BridgeStack): Section[] {
  return back.kind === 'own' && back.backend ? [backend(back.backend)] : [];
}

function backend({ type, targets, autoScalingGroup }: Backend): Section {
  const comment = "Where the ALB's default action leads.";
  return {
    comment:
      autoScalingGroup === undefined
        ? comment
        : `${comment} No resource attaches an Auto Scaling group that is there: lbbridge does, and goes by the stack's outputs. The tag lets a change of the name be a change of the stack.`,
    resources: {
      AlbTargetGroup: {
        Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
        Properties: {
          TargetType: type,
          VpcId: ref('VpcId'),
          Protocol: 'HTTP',
          Port: ref('BackendPort'),
          HealthCheckPath: ref('BackendHealthPath'),
          ...(targets.length > 0 ? { Targets: targets.map((Id) => ({ Id })) } : {}),
          Tags:
            autoScalingGroup === undefined
              ? tags()
              : tags({ Key: SCALING_GROUP_TAG, Value: ref('AutoScalingGroupName') }),
        },
      },
    },
  };
}

function healthRule(listener: Properties, priority: number | Properties): Resource {
  return {
    Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    Properties: {
      ListenerArn: listener,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [ref('HealthPath')] } }],
      Actions: [fixedResponse('200', 'OK')],
      Tags: tags(),
    },
  };
}

function securityGroup(GroupDescription: string, ingress: readonly Properties[], egress: Properties): Resource {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription,
      VpcId: ref('VpcId'),
      SecurityGroupIngress: ingress,
      SecurityGroupEgress: [{ ...egress, IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' }],
      Tags: tags(),
    },
  };
}

const fixedResponse = (StatusCode: string, MessageBody: string): Properties => ({
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode, ContentType: 'text/plain', MessageBody },
});

const tls = (certificate: string): Properties => ({
  Certificates: [{ CertificateArn: ref(certificate) }],
  SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
});

const accessLogs = 'Access logs need a bucket of yours; add them where you keep such logs.';
const plainInside = 'Plain HTTP inside the VPC was chosen; --alb-protocol https is the other way.';
