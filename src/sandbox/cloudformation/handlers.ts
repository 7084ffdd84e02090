import { ec2 } from '../ec2/index.js';
import { elbv2 } from '../elbv2/index.js';
import { authorize } from '../iam/index.js';
import { partitionOf } from '../regions.js';
import type { LoadBalancer } from '../state.js';
import { AwsError, type Call, type List, type ServiceTable } from '../wire/operation.js';
import { Params } from '../wire/params.js';
import type { Stack, Value } from './state.js';

export type Properties = { [name: string]: Value };

/** How one type of resource is made, watched and taken away. What AWS refuses is thrown as AWS words it. */
export interface Handler {
  /** Properties that cannot be changed in place. */
  readonly replacedBy?: readonly string[];
  /** Makes it; gives its physical id. */
  create(context: Context, properties: Properties): string;
  /** Whether it is what others may build on. */
  isReady?(context: Context, physicalId: string): boolean;
  update?(context: Context, physicalId: string, properties: Properties): void;
  remove?(context: Context, physicalId: string): void;
  /** Whether a refusal to delete it may pass by itself, so that CloudFormation tries again for a while. */
  isPatient?: boolean;
  attributes?(context: Context, physicalId: string): Record<string, string>;
  /** Virtual seconds that it takes. */
  seconds?(context: Context): number;
  /** Virtual seconds that its deletion takes. */
  removeSeconds?(context: Context): number;
}

export interface Context {
  readonly call: Omit<Call, 'params'>;
  readonly stack: Stack;
  readonly logicalId: string;
}

const tables = { ec2, elasticloadbalancing: elbv2 } as const;

/** Calls another service with the permissions of whoever works on the stack, as CloudFormation does without a role. */
function ask(
  { call }: Context,
  service: keyof typeof tables,
  action: string,
  input: Properties,
): Record<string, unknown> {
  const table: ServiceTable = tables[service];
  const asked: Call = { ...call, params: Params.of(input, service === 'ec2' ? 'ec2' : 'query') };
  authorize(service, action, asked);
  return table.operations[action]?.(asked) ?? {};
}

/** The resource's own tags and the stack's, which CloudFormation puts on everything. */
const tagsOf = ({ stack }: Context, { Tags = [] }: Properties): Value[] => {
  const own = Tags as { Key: string; Value: string }[];
  const inherited = [...stack.tags].filter(([key]) => !own.some(({ Key }) => Key === key));
  return [...own, ...inherited.map(([Key, Value]) => ({ Key, Value }))];
};

/** A name that nobody else has: `STACK-Logical-RANDOM`, cut to what the service takes. */
const generatedName = ({ stack, logicalId, call }: Context, length: number): string => {
  const tail = `-${call.world.random.hex(12)}`;
  return `${`${stack.name}-${logicalId}`.slice(0, length - tail.length).replace(/-+$/, '')}${tail}`;
};

/** The ARN of what a call has made. */
const arnIn = (answer: Record<string, unknown>, list: string, name: string): string =>
  String(((answer[list] as List).values[0] as Record<string, unknown>)[name]);

const balancerOf = ({ call }: Context, arn: string): LoadBalancer | undefined => call.region.loadBalancers.get(arn);

const loadBalancer: Handler = {
  replacedBy: ['Name', 'Scheme', 'Type'],
  create(context, { LoadBalancerAttributes, Tags, Name, ...properties }) {
    const name = Name ?? generatedName(context, 32);
    const tags = tagsOf(context, { Tags: Tags ?? [] });
    const input = { ...properties, Name: name, Tags: tags };
    const answer = ask(context, 'elasticloadbalancing', 'CreateLoadBalancer', input);
    const arn = arnIn(answer, 'LoadBalancers', 'LoadBalancerArn');
    setAttributes(context, arn, LoadBalancerAttributes);
    return arn;
  },
  isReady: (context, arn) => balancerOf(context, arn)?.state === 'active',
  update: (context, arn, { LoadBalancerAttributes, SecurityGroups }) => {
    setAttributes(context, arn, LoadBalancerAttributes);
    if (SecurityGroups)
      ask(context, 'elasticloadbalancing', 'SetSecurityGroups', { LoadBalancerArn: arn, SecurityGroups });
  },
  remove: (context, arn) => void ask(context, 'elasticloadbalancing', 'DeleteLoadBalancer', { LoadBalancerArn: arn }),
  attributes(context, arn) {
    const { dnsName = '', path = '', name = '' } = balancerOf(context, arn) ?? {};
    return { DNSName: dnsName, LoadBalancerFullName: path, LoadBalancerName: name, LoadBalancerArn: arn };
  },
};

function setAttributes(context: Context, arn: string, attributes: Value | undefined): void {
  if (!attributes) return;
  ask(context, 'elasticloadbalancing', 'ModifyLoadBalancerAttributes', {
    LoadBalancerArn: arn,
    Attributes: attributes,
  });
}

const targetGroup: Handler = {
  replacedBy: ['Name', 'Port', 'Protocol', 'VpcId', 'TargetType', 'IpAddressType'],
  create(context, { TargetGroupAttributes, Tags, Name, Targets, ...properties }) {
    const name = Name ?? generatedName(context, 32);
    const tags = tagsOf(context, { Tags: Tags ?? [] });
    const input = { ...properties, Name: name, Tags: tags };
    return arnIn(ask(context, 'elasticloadbalancing', 'CreateTargetGroup', input), 'TargetGroups', 'TargetGroupArn');
  },
  update: (context, arn, { HealthCheckIntervalSeconds, HealthyThresholdCount, HealthCheckPath }) =>
    void ask(context, 'elasticloadbalancing', 'ModifyTargetGroup', {
      TargetGroupArn: arn,
      ...(HealthCheckIntervalSeconds === undefined ? {} : { HealthCheckIntervalSeconds }),
      ...(HealthyThresholdCount === undefined ? {} : { HealthyThresholdCount }),
      ...(HealthCheckPath === undefined ? {} : { HealthCheckPath }),
    }),
  remove: (context, arn) => void ask(context, 'elasticloadbalancing', 'DeleteTargetGroup', { TargetGroupArn: arn }),
  attributes: ({ call }, arn) => {
    const name = call.region.targetGroups.get(arn)?.name ?? '';
    return { TargetGroupName: name, TargetGroupArn: arn, TargetGroupFullName: arn.split(':').at(-1) ?? '' };
  },
};

const listener: Handler = {
  replacedBy: ['LoadBalancerArn'],
  create(context, { ListenerAttributes, ...properties }) {
    return arnIn(ask(context, 'elasticloadbalancing', 'CreateListener', properties), 'Listeners', 'ListenerArn');
  },
  update: (context, arn, { LoadBalancerArn, ListenerAttributes, ...properties }) =>
    void ask(context, 'elasticloadbalancing', 'ModifyListener', { ...properties, ListenerArn: arn }),
  remove: (context, arn) => {
    if (context.call.region.listeners.has(arn))
      ask(context, 'elasticloadbalancing', 'DeleteListener', { ListenerArn: arn });
  },
  attributes: (_context, arn) => ({ ListenerArn: arn }),
};

const listenerRule: Handler = {
  replacedBy: ['ListenerArn'],
  create(context, properties) {
    return arnIn(ask(context, 'elasticloadbalancing', 'CreateRule', properties), 'Rules', 'RuleArn');
  },
  remove: (context, arn) => {
    if (context.call.region.rules.has(arn)) ask(context, 'elasticloadbalancing', 'DeleteRule', { RuleArn: arn });
  },
};

const securityGroup: Handler = {
  replacedBy: ['GroupName', 'GroupDescription', 'VpcId'],
  isPatient: true,
  create(context, { GroupDescription, GroupName, VpcId, SecurityGroupIngress = [], Tags }) {
    const { groupId } = ask(context, 'ec2', 'CreateSecurityGroup', {
      GroupName: GroupName ?? generatedName(context, 255),
      GroupDescription: GroupDescription ?? '',
      VpcId: VpcId ?? '',
      TagSpecification: [{ ResourceType: 'security-group', Tag: tagsOf(context, { Tags: Tags ?? [] }) }],
    });
    for (const rule of SecurityGroupIngress as Properties[]) admit(context, String(groupId), rule);
    return String(groupId);
  },
  remove: (context, groupId) => {
    if (context.call.region.securityGroups.has(groupId))
      ask(context, 'ec2', 'DeleteSecurityGroup', { GroupId: groupId });
  },
  attributes: (_context, groupId) => ({ GroupId: groupId }),
};

const securityGroupIngress: Handler = {
  replacedBy: ['GroupId', 'CidrIp', 'FromPort', 'ToPort', 'IpProtocol', 'SourceSecurityGroupId'],
  create(context, { GroupId, ...rule }) {
    admit(context, String(GroupId), rule);
    const group = context.call.region.securityGroups.get(String(GroupId));
    return [...(group?.rules.keys() ?? [])].at(-1) ?? '';
  },
  remove(context, ruleId) {
    for (const group of context.call.region.securityGroups.values()) {
      if (group.rules.has(ruleId)) {
        ask(context, 'ec2', 'RevokeSecurityGroupIngress', { GroupId: group.id, SecurityGroupRuleId: [ruleId] });
      }
    }
  },
};

function admit(context: Context, groupId: string, rule: Properties): void {
  const { IpProtocol = 'tcp', FromPort = -1, ToPort = -1, CidrIp, SourceSecurityGroupId, Description } = rule;
  const description: Properties = Description === undefined ? {} : { Description };
  ask(context, 'ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId: groupId,
    IpPermissions: [
      {
        IpProtocol,
        FromPort,
        ToPort,
        ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp, ...description }] }),
        ...(SourceSecurityGroupId === undefined
          ? {}
          : { Groups: [{ GroupId: SourceSecurityGroupId, ...description }] }),
      },
    ],
  });
}

/** PrivateLink's hold on the NLB ends minutes after the link is gone: until then the NLB cannot be deleted. */
const vpcLink: Handler = {
  replacedBy: ['TargetArns'],
  create(context, { TargetArns }) {
    const arn = String((TargetArns as Value[])[0]);
    const nlb = balancerOf(context, arn);
    if (nlb?.type !== 'network') throw new AwsError(400, 'BadRequestException', `NLB ARN is malformed: ${arn}`);
    if (nlb.state !== 'active') throw new AwsError(400, 'BadRequestException', `NLB is not active: ${arn}`);
    const id = context.call.world.random.hex(6);
    nlb.associatedWith.add(`VPC link ${id}`);
    return id;
  },
  seconds: ({ call }) => call.world.knobs['cfn.vpcLinkSeconds'],
  removeSeconds: ({ call }) => call.world.knobs['cfn.vpcLinkSeconds'] / 2,
  remove({ call }, id) {
    call.world.clock.after(call.world.knobs['cfn.linkReleaseSeconds'], () => {
      for (const one of call.region.loadBalancers.values()) one.associatedWith.delete(`VPC link ${id}`);
    });
  },
};

/** Everything that the simulated AWS has no service for: it is there, and does nothing. */
const inert: Handler = {
  create: (context, properties) => {
    const named = ['FunctionName', 'RoleName', 'QueueName', 'LogGroupName', 'AlarmName', 'Name']
      .map((key) => properties[key])
      .find((name) => typeof name === 'string');
    return typeof named === 'string' ? named : generatedName(context, 64);
  },
  attributes({ call, stack }, id) {
    const arn = `arn:${partitionOf(call.region.name)}:service:${call.region.name}:${stack.ownerId}:${id}`;
    return { Arn: arn };
  },
};

const logGroup: Handler = {
  create(context, { LogGroupName }) {
    const name = String(LogGroupName ?? generatedName(context, 512));
    const { region, account } = context.call;
    if (region.logGroups.has(name)) throw new AwsError(400, 'ResourceAlreadyExistsException', `${name} already exists`);
    region.logGroups.set(name, { name, ownerId: account.id, events: [] });
    return name;
  },
  remove: ({ call }, name) => void call.region.logGroups.delete(name),
  attributes: ({ call, stack }, name) => ({
    Arn: `arn:${partitionOf(call.region.name)}:logs:${call.region.name}:${stack.ownerId}:log-group:${name}:*`,
  }),
};

/** API Gateway writes an access log by the account's role alone. */
const stage: Handler = {
  ...inert,
  create(context, properties) {
    const { region, account } = context.call;
    if (properties.AccessLogSetting && !region.loggingRoles.has(account.id)) {
      const text = 'CloudWatch Logs role ARN must be set in account settings to enable logging';
      throw new AwsError(400, 'BadRequestException', text);
    }
    return inert.create(context, properties);
  },
};

const handlers: Record<string, Handler> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
  'AWS::ElasticLoadBalancingV2::Listener': listener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupIngress': securityGroupIngress,
  'AWS::ApiGateway::Stage': stage,
  'AWS::ApiGateway::VpcLink': vpcLink,
  'AWS::Logs::LogGroup': logGroup,
};

export const handlerOf = (type: string): Handler => (Object.hasOwn(handlers, type) && handlers[type]) || inert;
