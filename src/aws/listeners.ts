import {
  type Action,
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  type ElasticLoadBalancingV2Client,
  type Listener as ElbListener,
  type Rule as ElbRule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Attributes, Listener, ListenerAction, ListenerRule } from '../plan/model.js';
import { shared } from './batching.js';
import { type Send, unreadable } from './call.js';
import { everyPage } from './paging.js';
import type { LoadBalancing } from './ports.js';

type ListenerReads = Pick<
  LoadBalancing,
  'listeners' | 'listenerRules' | 'loadBalancerAttributes' | 'targetGroupAttributes' | 'accountLimits'
>;

const LISTENERS = 'elasticloadbalancing:DescribeListeners';
const RULES = 'elasticloadbalancing:DescribeRules';
const LIMITS = 'elasticloadbalancing:DescribeAccountLimits';

/** How load balancers and target groups are set up: reads that a sync has no use for. */
export function listenerReads(client: ElasticLoadBalancingV2Client, send: Send): ListenerReads {
  const listeners = shared((LoadBalancerArn) =>
    everyPage(LISTENERS, async (Marker) => {
      const page = await send(LISTENERS, () => client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker })));
      if (!page.Listeners) throw unreadable(LISTENERS, 'no list of listeners');
      return { items: page.Listeners.map(toListener), marker: page.NextMarker };
    }),
  );
  const listenerRules = shared((ListenerArn) =>
    everyPage(RULES, async (Marker) => {
      const page = await send(RULES, () => client.send(new DescribeRulesCommand({ ListenerArn, Marker })));
      if (!page.Rules) throw unreadable(RULES, 'no list of rules');
      return { items: page.Rules.map(toRule), marker: page.NextMarker };
    }),
  );
  const limits = shared(() =>
    everyPage(LIMITS, async (Marker) => {
      const page = await send(LIMITS, () => client.send(new DescribeAccountLimitsCommand({ Marker })));
      if (!page.Limits) throw unreadable(LIMITS, 'no list of limits');
      return { items: page.Limits, marker: page.NextMarker };
    }),
  );
  return {
    listeners,
    listenerRules: async (arn) => {
      const rules = await listenerRules(arn);
      return rules.sort((a, b) => (a.priority ?? Number.MAX_VALUE) - (b.priority ?? Number.MAX_VALUE));
    },
    loadBalancerAttributes: shared(async (LoadBalancerArn) => {
      const action = 'elasticloadbalancing:DescribeLoadBalancerAttributes';
      const command = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn });
      return attributes(action, (await send(action, () => client.send(command))).Attributes);
    }),
    targetGroupAttributes: shared(async (TargetGroupArn) => {
      const action = 'elasticloadbalancing:DescribeTargetGroupAttributes';
      const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn });
      return attributes(action, (await send(action, () => client.send(command))).Attributes);
    }),
    accountLimits: async () =>
      new Map(
        (await limits('')).flatMap(({ Name, Max }): [string, number][] =>
          Name && Max && /^\d+$/.test(Max) ? [[Name, Number(Max)]] : [],
        ),
      ),
  };
}

function attributes(
  action: string,
  found: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Attributes {
  if (!found) throw unreadable(action, 'no list of attributes');
  return new Map(found.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function toListener(one: ElbListener): Listener {
  if (!one.ListenerArn || !one.LoadBalancerArn || !one.Protocol || one.Port === undefined) {
    throw unreadable(LISTENERS, 'a listener without its ARN, its protocol or its port');
  }
  return {
    arn: one.ListenerArn,
    loadBalancerArn: one.LoadBalancerArn,
    protocol: one.Protocol,
    port: one.Port,
    sslPolicy: one.SslPolicy ?? null,
    actions: (one.DefaultActions ?? []).map(toAction),
  };
}

function toRule(one: ElbRule): ListenerRule {
  if (!one.RuleArn || !one.Priority) throw unreadable(RULES, 'a rule without its ARN or its priority');
  return {
    arn: one.RuleArn,
    priority: one.IsDefault || one.Priority === 'default' ? null : Number(one.Priority),
    conditions: (one.Conditions ?? []).map((condition) => ({
      field: condition.Field ?? '',
      // The values stand where the condition's kind has its own settings, else in the older common list.
      values:
        condition.PathPatternConfig?.Values ??
        condition.HostHeaderConfig?.Values ??
        condition.SourceIpConfig?.Values ??
        condition.HttpRequestMethodConfig?.Values ??
        condition.Values ??
        [],
    })),
    actions: (one.Actions ?? []).map(toAction),
  };
}

function toAction(one: Action): ListenerAction {
  switch (one.Type) {
    case 'forward': {
      const groups = one.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: one.TargetGroupArn }];
      return {
        type: 'forward',
        targetGroups: groups.flatMap(({ TargetGroupArn: arn, Weight }) => (arn ? [{ arn, weight: Weight ?? 1 }] : [])),
      };
    }
    case 'fixed-response':
      return { type: 'fixed-response', status: Number(one.FixedResponseConfig?.StatusCode ?? 0) };
    case 'redirect':
      return { type: 'redirect', status: Number((one.RedirectConfig?.StatusCode ?? '').replace('HTTP_', '')) };
    default:
      return { type: 'other', name: one.Type ?? '' };
  }
}
