import type { BridgeStack, StackOptions } from '../options.js';
import type { Parameter } from './model.js';
import { albSecurityGroup, nlbSecurityGroup, speaksTls } from './names.js';

/** A parameter, and the value that the options tell. Without either value or default it is to be filled in. */
export interface Setting {
  readonly parameter: Parameter;
  readonly value?: string | undefined;
}

/** The settings that the template of these options has, by name. */
export function settingsOf(options: StackOptions): Readonly<Record<string, Setting>> {
  return {
    ...(options.kind === 'bridge' ? bridgeSettings(options) : {}),
    LogRetentionDays: {
      parameter: {
        Type: 'Number',
        Description: 'Days that log lines are kept',
        Default: 30,
        AllowedValues: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653],
      },
    },
    ...(options.alarms?.topic === undefined
      ? {}
      : {
          AlarmTopicArn: given('String', 'SNS topic that the alarms tell', options.alarms.topic),
        }),
  };
}

function bridgeSettings(options: BridgeStack): Record<string, Setting> {
  const { front, back, api, vpcId, subnetIds } = options;
  const makesFront = front.kind !== 'target-group';
  const makesBalancers = front.kind === 'own' || back.kind === 'own';
  const settings: Record<string, Setting> = {};
  if (makesFront || back.kind === 'own' || api?.link === 'v2') {
    settings.VpcId = given('AWS::EC2::VPC::Id', 'VPC of the bridge', vpcId);
  }
  if (makesBalancers || api?.link === 'v2') {
    const subnets = subnetIds.length > 0 ? subnetIds.join(',') : undefined;
    settings.SubnetIds = given('List<AWS::EC2::Subnet::Id>', 'Private subnets, in two zones or more', subnets);
  }
  Object.assign(settings, frontSettings(options), backSettings(options));
  if (api) {
    if (front.kind !== 'own' || speaksTls(options)) {
      settings.BackendHost = {
        parameter: {
          Type: 'String',
          Description: speaksTls(options)
            ? 'Host name that requests are for: a name on the certificate'
            : "Host name that requests are for: the NLB's DNS name, say",
          AllowedPattern: '[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?',
          ConstraintDescription: 'a host name',
        },
      };
    }
    settings.ThrottlingRate = number('Requests a second that the API lets through', 100, 1, 10_000);
    settings.ThrottlingBurst = number('Requests at once that the API lets through', 200, 1, 5_000);
  }
  return settings;
}

function frontSettings(options: BridgeStack): Record<string, Setting> {
  const { front, api } = options;
  const settings: Record<string, Setting> = {};
  if (front.kind === 'target-group') {
    settings.TargetGroupArn = arn("The NLB's target group of type ip", front.targetGroup);
  }
  if (front.kind !== 'own' && front.nlb !== undefined) settings.NlbArn = arn('The NLB', front.nlb);
  if (front.kind !== 'own' && front.securityGroup !== undefined) {
    settings.NlbSecurityGroupId = given(
      'AWS::EC2::SecurityGroup::Id',
      'Security group of the NLB',
      front.securityGroup,
    );
  }
  const endsTls = front.kind !== 'target-group' && front.protocol === 'TLS';
  if (front.kind !== 'target-group' || api) {
    settings.ListenerPort = number('Port that the NLB listens on', speaksTls(options) ? 443 : 80, 1, 65_535);
  }
  if (endsTls) settings.NlbCertificateArn = arn("Certificate of the NLB's listener");
  if (front.kind === 'own' && !api) {
    settings.ClientCidr = {
      parameter: {
        Type: 'String',
        Description: "Who may connect to the NLB: the VPC's block, say",
        AllowedPattern: '\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}',
        ConstraintDescription: 'a CIDR block such as 10.0.0.0/16',
      },
    };
  }
  return settings;
}

function backSettings(options: BridgeStack): Record<string, Setting> {
  const { front, back } = options;
  const settings: Record<string, Setting> = {};
  if (back.kind === 'alb') {
    settings.AlbArn = arn('The ALB whose addresses are kept', back.alb);
    if (back.securityGroup !== undefined) {
      const what = 'Security group of the ALB that is opened to the NLB';
      settings.AlbSecurityGroupId = given('AWS::EC2::SecurityGroup::Id', what, back.securityGroup);
    }
    if (back.healthRule) {
      settings.AlbListenerArn = arn("The ALB's listener that answers the health path", back.healthRule.listener);
      settings.HealthRulePriority = {
        parameter: { ...number('Priority of that answer', 1, 1, 50_000).parameter },
        value: String(back.healthRule.priority),
      };
    }
  }
  const hasRule = albSecurityGroup(options) !== null && nlbSecurityGroup(options) !== null;
  if (front.kind !== 'target-group' || back.kind === 'own' || hasRule) {
    settings.AlbPort = number('Port that the ALB listens on', back.protocol === 'HTTPS' ? 443 : 80, 1, 65_535);
  }
  if (back.kind === 'own' && back.protocol === 'HTTPS') {
    settings.AlbCertificateArn = arn("Certificate of the ALB's listener");
  }
  if (front.kind !== 'target-group' || back.kind === 'own' || back.healthRule) {
    settings.HealthPath = {
      parameter: {
        Type: 'String',
        Description: 'Path of the health check',
        Default: back.kind === 'own' || back.healthRule ? '/lbbridge-health' : '/',
        AllowedPattern: '/[A-Za-z0-9_.$/~"\'@:+-]{0,127}',
        ConstraintDescription: 'a path without wildcards',
      },
    };
  }
  if (back.kind === 'own' && back.backend?.autoScalingGroup !== undefined) {
    settings.AutoScalingGroupName = {
      parameter: {
        Type: 'String',
        Description: 'Auto Scaling group behind the ALB; lbbridge attaches it after the deployment',
        AllowedPattern: '[\\w+=.:/@-][\\w +=.:/@-]{0,254}',
        ConstraintDescription: 'a name of letters, digits, spaces and _ + - = . : / @',
      },
      value: back.backend.autoScalingGroup,
    };
  }
  if (back.kind === 'own' && back.backend) {
    settings.BackendPort = number('Port of what stands behind the ALB', 80, 1, 65_535);
    settings.BackendHealthPath = {
      parameter: { Type: 'String', Description: 'Path that it answers when it is healthy', Default: '/' },
    };
  }
  return settings;
}

const given = (Type: string, Description: string, value: string | undefined): Setting => ({
  parameter: { Type, Description },
  value,
});

const arn = (what: string, value?: string): Setting => ({
  parameter: {
    Type: 'String',
    Description: `${what} (ARN)`,
    AllowedPattern: 'arn:.+',
    ConstraintDescription: 'an ARN',
  },
  value,
});

const number = (Description: string, Default: number, MinValue: number, MaxValue: number): Setting => ({
  parameter: { Type: 'Number', Description, Default, MinValue, MaxValue },
});
