import { listenersOf, loadBalancersOf } from '../engine/routing.js';
import type { TargetGroup } from '../state.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import type { Params } from '../wire/params.js';
import { checkArn, loadBalancer, newTargetGroupArn, targetGroup } from './arns.js';
import { targetGroupDefaults } from './attributes.js';
import { paged } from './paging.js';
import { tagsGiven } from './tags.js';

const own = ({ region, account }: Call): TargetGroup[] =>
  [...region.targetGroups.values()].filter(({ ownerId }) => ownerId === account.id);

export const describeTargetGroups: Operation = (call) => {
  const { params, region } = call;
  const arns = params.strings('TargetGroupArns');
  const names = params.strings('Names');
  const balancerArn = params.string('LoadBalancerArn');
  if ([arns.length > 0, names.length > 0, balancerArn !== undefined].filter(Boolean).length > 1) {
    throw validationError('Target group names, target group ARNs and a load balancer ARN exclude each other');
  }
  if (balancerArn !== undefined) loadBalancer(call, balancerArn);
  for (const arn of arns) checkArn(call, 'target group', arn);
  const all = own(call);
  const absent = [
    ...arns.filter((arn) => !all.some((one) => one.arn === arn)),
    ...names.filter((name) => !all.some((one) => one.name === name)),
  ];
  if (absent.length > 0) throw new AwsError(400, 'TargetGroupNotFound', 'One or more target groups not found');
  const chosen = all.filter(
    ({ arn, name }) =>
      (arns.length === 0 || arns.includes(arn)) &&
      (names.length === 0 || names.includes(name)) &&
      (balancerArn === undefined || loadBalancersOf(region, arn).some((one) => one.arn === balancerArn)),
  );
  const { items, NextMarker } = paged(call, chosen, ({ arn }) => arn);
  return { TargetGroups: new List(items.map((one) => targetGroupXml(call, one))), NextMarker };
};

function targetGroupXml({ region }: Call, one: TargetGroup): Xml {
  const { healthCheck } = one;
  return {
    TargetGroupArn: one.arn,
    TargetGroupName: one.name,
    Protocol: one.targetType === 'lambda' ? undefined : one.protocol,
    Port: one.targetType === 'lambda' ? undefined : one.port,
    VpcId: one.targetType === 'lambda' ? undefined : one.vpcId,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: healthCheck.enabled,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: healthCheck.matcher === undefined ? undefined : { HttpCode: healthCheck.matcher },
    LoadBalancerArns: new List(loadBalancersOf(region, one.arn).map(({ arn }) => arn)),
    TargetType: one.targetType,
    ProtocolVersion: one.protocolVersion,
    IpAddressType: one.ipAddressType,
  };
}

const isHttp = (protocol: string): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

export const createTargetGroup: Operation = (call) => {
  const { params, world, region, account } = call;
  const name = params.string('Name');
  if (name === undefined) throw constraint(null, 'name', '');
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError(`Target group name '${name}' is not valid`);
  }
  const targetType = (params.string('TargetType') ?? 'instance') as TargetGroup['targetType'];
  const protocol = params.string('Protocol');
  const port = params.integer('Port');
  const vpcId = params.string('VpcId');
  if (targetType !== 'lambda') {
    if (protocol === undefined) throw validationError('A protocol must be specified');
    if (port === undefined) throw validationError('A port must be specified');
    if (port < 1 || port > 65_535) throw portConstraint(port);
    if (vpcId === undefined) throw validationError('A VPC ID must be specified');
    if (!region.vpcs.has(vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  }
  const group: TargetGroup = {
    arn: newTargetGroupArn(call, name),
    ownerId: account.id,
    name,
    protocol: protocol ?? '',
    ...(isHttp(protocol ?? '') ? { protocolVersion: params.string('ProtocolVersion') ?? 'HTTP1' } : {}),
    port: port ?? 0,
    vpcId: vpcId ?? '',
    targetType,
    ipAddressType: params.string('IpAddressType') === 'ipv6' ? 'ipv6' : 'ipv4',
    healthCheck: healthCheckOf(params, protocol ?? 'HTTP'),
    attributes: targetGroupDefaults(),
    tags: tagsGiven(params),
    targets: new Map(),
  };
  const existing = own(call).find((one) => one.name === name);
  if (existing) {
    if (settings(existing) === settings(group)) return { TargetGroups: new List([targetGroupXml(call, existing)]) };
    const text = `A target group with the same name '${name}' exists, but with different settings`;
    throw new AwsError(400, 'DuplicateTargetGroupName', text);
  }
  if (own(call).length >= world.knobs['quota.targetGroups']) {
    throw new AwsError(400, 'TooManyTargetGroups', 'The maximum number of target groups has been reached');
  }
  region.targetGroups.set(group.arn, group);
  return { TargetGroups: new List([targetGroupXml(call, group)]) };
};

export const portConstraint = (port: number): AwsError =>
  port < 1
    ? constraint(String(port), 'port', 'Member must have value greater than or equal to 1')
    : constraint(String(port), 'port', 'Member must have value less than or equal to 65535');

const settings = ({ protocol, port, vpcId, targetType, ipAddressType, healthCheck, tags }: TargetGroup): string =>
  JSON.stringify([protocol, port, vpcId, targetType, ipAddressType, healthCheck, [...tags].sort()]);

function healthCheckOf(params: Params, protocol: string): TargetGroup['healthCheck'] {
  const checkProtocol = params.string('HealthCheckProtocol') ?? (isHttp(protocol) ? protocol : 'TCP');
  const check: TargetGroup['healthCheck'] = {
    enabled: true,
    protocol: checkProtocol,
    port: 'traffic-port',
    intervalSeconds: 30,
    timeoutSeconds: isHttp(protocol) ? 5 : checkProtocol === 'HTTP' ? 6 : 10,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    ...(isHttp(checkProtocol) ? { path: '/', matcher: isHttp(protocol) ? '200' : '200-399' } : {}),
  };
  applyHealthCheck(params, check);
  return check;
}

const bounds: Record<string, [number, number]> = {
  HealthCheckIntervalSeconds: [5, 300],
  HealthCheckTimeoutSeconds: [2, 120],
  HealthyThresholdCount: [2, 10],
  UnhealthyThresholdCount: [2, 10],
};

function applyHealthCheck(params: Params, check: TargetGroup['healthCheck']): void {
  const bounded = (name: string): number | undefined => {
    const value = params.integer(name);
    const [least, most] = bounds[name] as [number, number];
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    if (value === undefined || (value >= least && value <= most)) return value;
    const rule = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
    throw constraint(String(value), member, `Member must have value ${rule}`);
  };
  check.intervalSeconds = bounded('HealthCheckIntervalSeconds') ?? check.intervalSeconds;
  check.timeoutSeconds = bounded('HealthCheckTimeoutSeconds') ?? check.timeoutSeconds;
  check.healthyThreshold = bounded('HealthyThresholdCount') ?? check.healthyThreshold;
  check.unhealthyThreshold = bounded('UnhealthyThresholdCount') ?? check.unhealthyThreshold;
  check.protocol = params.string('HealthCheckProtocol') ?? check.protocol;
  check.port = params.string('HealthCheckPort') ?? check.port;
  const path = params.string('HealthCheckPath');
  if (path !== undefined) check.path = path;
  const matcher = params.structure('Matcher').string('HttpCode');
  if (matcher !== undefined) check.matcher = matcher;
}

export const modifyTargetGroup: Operation = (call) => {
  const group = targetGroup(call, call.params.string('TargetGroupArn') ?? '');
  if (call.params.boolean('HealthCheckEnabled') === false && group.targetType !== 'lambda') {
    throw validationError(`Health checks cannot be disabled for target type '${group.targetType}'`);
  }
  applyHealthCheck(call.params, group.healthCheck);
  return { TargetGroups: new List([targetGroupXml(call, group)]) };
};

export const deleteTargetGroup: Operation = (call) => {
  const arn = call.params.string('TargetGroupArn') ?? '';
  checkArn(call, 'target group', arn);
  if (listenersOf(call.region, arn).length > 0) {
    const text = `Target group '${arn}' is currently in use by a listener or a rule`;
    throw new AwsError(400, 'ResourceInUse', text);
  }
  call.region.targetGroups.delete(arn);
  return {};
};
