import type { LoadBalancer, Rule } from '../state.js';
import { validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import { checkArn, listener, newRuleArn, rule } from './arns.js';
import { actionsChanged, actionsGiven, actionXml } from './listeners.js';
import { tagsGiven } from './tags.js';

export const describeRules: Operation = (call) => {
  const { params, region } = call;
  const listenerArn = params.string('ListenerArn');
  const arns = params.strings('RuleArns');
  if (listenerArn === undefined) {
    if (arns.length === 0) throw validationError('You must specify either listener rule ARNs or a listener ARN');
    return { Rules: new List(arns.map((arn) => ruleXml(rule(call, arn)))) };
  }
  const one = listener(call, listenerArn);
  const rules = [...region.rules.values()]
    .filter((candidate) => candidate.listenerArn === listenerArn)
    .sort((a, b) => a.priority - b.priority);
  const isAlb = region.loadBalancers.get(one.loadBalancerArn)?.type === 'application';
  const byDefault = {
    RuleArn: `${listenerArn.replace(':listener/', ':listener-rule/')}/${listenerArn.slice(-16)}`,
    Priority: 'default',
    Conditions: new List([]),
    Actions: new List(one.defaultActions.map((action) => actionXml(action, isAlb))),
    IsDefault: true,
  };
  return { Rules: new List([...rules.map(ruleXml), byDefault]) };
};

const ruleXml = (one: Rule): Xml => ({
  RuleArn: one.arn,
  Priority: String(one.priority),
  Conditions: new List(
    one.conditions.map(({ field, values }) => ({
      Field: field,
      Values: new List(values),
      ...(field === 'path-pattern' ? { PathPatternConfig: { Values: new List(values) } } : {}),
      ...(field === 'host-header' ? { HostHeaderConfig: { Values: new List(values) } } : {}),
    })),
  ),
  Actions: new List(one.actions.map((action) => actionXml(action, true))),
  IsDefault: false,
});

const conditionsGiven = ({ params }: Call): Rule['conditions'] =>
  params.list('Conditions').map((condition) => {
    const field = condition.string('Field') ?? '';
    const config = {
      'path-pattern': 'PathPatternConfig',
      'host-header': 'HostHeaderConfig',
      'source-ip': 'SourceIpConfig',
    }[field];
    const values = condition.strings('Values');
    return { field, values: values.length > 0 || !config ? values : condition.structure(config).strings('Values') };
  });

export const createRule: Operation = (call) => {
  const { params, region } = call;
  const one = listener(call, params.string('ListenerArn') ?? '');
  const balancer = region.loadBalancers.get(one.loadBalancerArn) as LoadBalancer;
  const priority = params.integer('Priority') ?? 0;
  if (priority < 1 || priority > 50_000) throw validationError(`Priority '${priority}' must be between 1 and 50000`);
  const taken = [...region.rules.values()].some((rule) => rule.listenerArn === one.arn && rule.priority === priority);
  if (taken) throw new AwsError(400, 'PriorityInUse', `Priority '${priority}' is currently in use`);
  const made: Rule = {
    arn: newRuleArn(call, one),
    listenerArn: one.arn,
    priority,
    conditions: conditionsGiven(call),
    actions: actionsGiven(call, 'Actions', balancer),
    tags: tagsGiven(params),
  };
  region.rules.set(made.arn, made);
  actionsChanged(call);
  return { Rules: new List([ruleXml(made)]) };
};

/** What is not given stays as it is. */
export const modifyRule: Operation = (call) => {
  const { params, region } = call;
  const arn = params.string('RuleArn') ?? '';
  checkArn(call, 'listener rule', arn);
  const one = rule(call, arn);
  const balancerArn = region.listeners.get(one.listenerArn)?.loadBalancerArn ?? '';
  if (params.has('Conditions')) one.conditions = conditionsGiven(call);
  if (params.has('Actions')) {
    one.actions = actionsGiven(call, 'Actions', region.loadBalancers.get(balancerArn) as LoadBalancer);
  }
  actionsChanged(call);
  return { Rules: new List([ruleXml(one)]) };
};

export const deleteRule: Operation = (call) => {
  const arn = call.params.string('RuleArn') ?? '';
  checkArn(call, 'listener rule', arn);
  call.region.rules.delete(rule(call, arn).arn);
  actionsChanged(call);
  return {};
};
