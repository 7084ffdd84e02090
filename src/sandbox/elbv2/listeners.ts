import { loadBalancersOf } from '../engine/routing.js';
import { usageChanged } from '../engine/targets.js';
import type { Action, Listener, LoadBalancer } from '../state.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import type { Params } from '../wire/params.js';
import { attributeList, listener, loadBalancer, newListenerArn, targetGroup } from './arns.js';
import { paged } from './paging.js';
import { tagsGiven } from './tags.js';
import { portConstraint } from './target-groups.js';

const protocols: Record<LoadBalancer['type'], readonly string[]> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'],
  gateway: ['GENEVE'],
};

export const describeListeners: Operation = (call) => {
  const { params, region } = call;
  const arns = params.strings('ListenerArns');
  const balancerArn = params.string('LoadBalancerArn');
  if (arns.length > 0 === (balancerArn !== undefined)) {
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  }
  if (balancerArn !== undefined) loadBalancer(call, balancerArn);
  const chosen =
    balancerArn === undefined
      ? arns.map((arn) => listener(call, arn))
      : [...region.listeners.values()].filter(({ loadBalancerArn }) => loadBalancerArn === balancerArn);
  const { items, NextMarker } = paged(call, chosen, ({ arn }) => arn);
  return { Listeners: new List(items.map((one) => listenerXml(call, one))), NextMarker };
};

function listenerXml({ region }: Call, one: Listener): Xml {
  const isAlb = region.loadBalancers.get(one.loadBalancerArn)?.type === 'application';
  return {
    ListenerArn: one.arn,
    LoadBalancerArn: one.loadBalancerArn,
    Port: one.port,
    Protocol: one.protocol,
    Certificates:
      one.certificateArns.length > 0
        ? new List(one.certificateArns.map((CertificateArn) => ({ CertificateArn })))
        : undefined,
    SslPolicy: one.sslPolicy,
    DefaultActions: new List(one.defaultActions.map((action) => actionXml(action, isAlb))),
  };
}

export function actionXml(action: Action, isAlb: boolean): Xml {
  const Order = isAlb ? 1 : undefined;
  switch (action.type) {
    case 'forward':
      return {
        Type: 'forward',
        TargetGroupArn: action.targetGroups.length === 1 ? action.targetGroups[0]?.targetGroupArn : undefined,
        Order,
        ForwardConfig: {
          TargetGroups: new List(
            action.targetGroups.map(({ targetGroupArn, weight }) => ({
              TargetGroupArn: targetGroupArn,
              Weight: weight,
            })),
          ),
          TargetGroupStickinessConfig: isAlb ? { Enabled: false } : undefined,
        },
      };
    case 'fixed-response':
      return {
        Type: 'fixed-response',
        Order,
        FixedResponseConfig: {
          StatusCode: action.statusCode,
          ContentType: action.contentType,
          MessageBody: action.messageBody,
        },
      };
    default:
      return { Type: 'redirect', Order, RedirectConfig: action.redirectConfig };
  }
}

export function actionsGiven(call: Call, name: string, balancer: LoadBalancer): Action[] {
  return call.params.list(name).map((one): Action => {
    const type = one.string('Type') ?? '';
    if (type === 'fixed-response' && balancer.type === 'application') return fixedResponse(one);
    if (type === 'redirect' && balancer.type === 'application') {
      const config = one.structure('RedirectConfig');
      const keys = ['Protocol', 'Port', 'Host', 'Path', 'Query', 'StatusCode'];
      const pairs = keys.flatMap((key): [string, string][] => {
        const value = config.string(key);
        return value === undefined ? [] : [[key, value]];
      });
      return { type: 'redirect', redirectConfig: Object.fromEntries(pairs) };
    }
    if (type !== 'forward') throw validationError(`Action type '${type}' is not supported here`);
    const single = one.string('TargetGroupArn');
    const weighted = one.structure('ForwardConfig').list('TargetGroups');
    const targetGroups =
      weighted.length > 0
        ? weighted.map((entry) => ({
            targetGroupArn: entry.string('TargetGroupArn') ?? '',
            weight: entry.integer('Weight') ?? 1,
          }))
        : [{ targetGroupArn: single ?? '', weight: 1 }];
    for (const { targetGroupArn } of targetGroups) checkGroup(call, targetGroupArn, balancer);
    return { type: 'forward', targetGroups };
  });
}

function fixedResponse(one: Params): Action {
  const config = one.structure('FixedResponseConfig');
  const statusCode = config.string('StatusCode') ?? '';
  if (!/^[245]\d\d$/.test(statusCode)) {
    throw constraint(statusCode, 'statusCode', 'Member must satisfy regular expression pattern: ^(2|4|5)\\d\\d$');
  }
  const contentType = config.string('ContentType');
  const messageBody = config.string('MessageBody');
  return {
    type: 'fixed-response',
    statusCode,
    ...(contentType === undefined ? {} : { contentType }),
    ...(messageBody === undefined ? {} : { messageBody }),
  };
}

function checkGroup(call: Call, arn: string, balancer: LoadBalancer): void {
  const group = targetGroup(call, arn);
  const fits = balancer.type === 'application' ? /^HTTPS?$/ : /^(TCP|TLS|UDP|TCP_UDP|QUIC|TCP_QUIC)$/;
  if (balancer.type !== 'gateway' && group.targetType !== 'lambda' && !fits.test(group.protocol)) {
    const text = `The target group protocol '${group.protocol}' is not supported by a load balancer of type '${balancer.type}'`;
    throw new AwsError(400, 'InvalidConfigurationRequest', text);
  }
  if (group.targetType !== 'lambda' && group.vpcId !== balancer.vpcId) {
    const text = `The target group '${arn}' and the load balancer '${balancer.arn}' are in different VPCs`;
    throw new AwsError(400, 'InvalidConfigurationRequest', text);
  }
  if (loadBalancersOf(call.region, arn).some((other) => other.arn !== balancer.arn)) {
    const text = `The following target groups cannot be associated with more than one load balancer: ${arn}`;
    throw new AwsError(400, 'TargetGroupAssociationLimit', text);
  }
}

export const createListener: Operation = (call) => {
  const { params, world, region } = call;
  const balancer = loadBalancer(call, params.string('LoadBalancerArn') ?? '');
  const protocol = params.string('Protocol') ?? '';
  const port = params.integer('Port');
  if (!protocols[balancer.type].includes(protocol)) {
    throw validationError(`Listener protocol '${protocol}' must be one of '${protocols[balancer.type].join(', ')}'`);
  }
  if (port === undefined) throw validationError('A port must be specified');
  if (port < 1 || port > 65_535) throw portConstraint(port);
  const certificateArns = params.list('Certificates').flatMap((one) => one.string('CertificateArn') ?? []);
  if ((protocol === 'TLS' || protocol === 'HTTPS') && certificateArns.length === 0) {
    throw validationError(`A certificate must be specified for ${protocol} listeners`);
  }
  const defaultActions = actionsGiven(call, 'DefaultActions', balancer);
  if (defaultActions.length === 0) throw constraint(null, 'defaultActions', '');
  const siblings = [...region.listeners.values()].filter((one) => one.loadBalancerArn === balancer.arn);
  const existing = siblings.find((one) => one.port === port);
  if (existing) {
    const same =
      existing.protocol === protocol && JSON.stringify(existing.defaultActions) === JSON.stringify(defaultActions);
    if (same) return { Listeners: new List([listenerXml(call, existing)]) };
    const text = `A listener already exists on this port for this load balancer '${balancer.arn}'`;
    throw new AwsError(400, 'DuplicateListener', text);
  }
  if (siblings.length >= world.knobs['quota.listeners']) {
    throw new AwsError(400, 'TooManyListeners', 'The maximum number of listeners has been reached');
  }
  const sslPolicy = params.string('SslPolicy');
  const one: Listener = {
    arn: newListenerArn(call, balancer),
    loadBalancerArn: balancer.arn,
    protocol,
    port,
    defaultActions,
    certificateArns,
    ...(sslPolicy === undefined ? {} : { sslPolicy }),
    attributes: new Map(balancer.type === 'network' ? [['tcp.idle_timeout.seconds', '350']] : []),
    tags: tagsGiven(params),
  };
  region.listeners.set(one.arn, one);
  actionsChanged(call);
  return { Listeners: new List([listenerXml(call, one)]) };
};

export const modifyListener: Operation = (call) => {
  const { params, region } = call;
  const one = listener(call, params.string('ListenerArn') ?? '');
  const balancer = region.loadBalancers.get(one.loadBalancerArn) as LoadBalancer;
  if (params.has('DefaultActions')) one.defaultActions = actionsGiven(call, 'DefaultActions', balancer);
  one.protocol = params.string('Protocol') ?? one.protocol;
  one.port = params.integer('Port') ?? one.port;
  actionsChanged(call);
  return { Listeners: new List([listenerXml(call, one)]) };
};

export const deleteListener: Operation = (call) => {
  const { params, region } = call;
  const one = listener(call, params.string('ListenerArn') ?? '');
  for (const rule of [...region.rules.values()]) if (rule.listenerArn === one.arn) region.rules.delete(rule.arn);
  region.listeners.delete(one.arn);
  actionsChanged(call);
  return {};
};

/** Any group may have come into use or gone out of it. */
export function actionsChanged({ world, region }: Call): void {
  for (const group of region.targetGroups.values()) usageChanged(world, region, group);
}

export const describeListenerAttributes: Operation = (call) => ({
  Attributes: attributeList(listener(call, call.params.string('ListenerArn') ?? '').attributes),
});
