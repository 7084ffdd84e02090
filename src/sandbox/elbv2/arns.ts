import { partitionOf } from '../regions.js';
import type { Listener, LoadBalancer, Rule, TargetGroup } from '../state.js';
import { validationError } from '../wire/errors.js';
import { AwsError, type Call, List } from '../wire/operation.js';

/** ARNs of ELBv2: how they are made, how they are read, and what AWS says of wrong ones. */

const prefix = ({ region, account }: Call): string =>
  `arn:${partitionOf(region.name)}:elasticloadbalancing:${region.name}:${account.id}:`;

export const newLoadBalancerPath = ({ world }: Call, type: LoadBalancer['type'], name: string): string =>
  `${{ application: 'app', network: 'net', gateway: 'gwy' }[type]}/${name}/${world.random.hex(16)}`;

export const loadBalancerArn = (call: Call, path: string): string => `${prefix(call)}loadbalancer/${path}`;

export const newTargetGroupArn = (call: Call, name: string): string =>
  `${prefix(call)}targetgroup/${name}/${call.world.random.hex(16)}`;

export const newListenerArn = ({ world }: Call, balancer: LoadBalancer): string =>
  `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${world.random.hex(16)}`;

export const newRuleArn = ({ world }: Call, listener: Listener): string =>
  `${listener.arn.replace(':listener/', ':listener-rule/')}/${world.random.hex(16)}`;

const id = '[0-9a-f]{16}';
const patterns = {
  'load balancer': new RegExp(`^loadbalancer/(app|net|gwy)/[^/]+/${id}$`),
  'target group': new RegExp(`^targetgroup/[^/]+/${id}$`),
  listener: new RegExp(`^listener/(app|net|gwy)/[^/]+/${id}/${id}$`),
  'listener rule': new RegExp(`^listener-rule/(app|net|gwy)/[^/]+/${id}/${id}/${id}$`),
};

export type ArnKind = keyof typeof patterns;

/** Throws where the ARN is malformed, or of another kind, Region or account. */
export function checkArn(call: Call, kind: ArnKind, arn: string): void {
  const start = prefix(call);
  if (arn.startsWith(start) && patterns[kind].test(arn.slice(start.length))) return;
  throw validationError(`'${arn}' is not a valid ${kind} ARN`);
}

export function kindOf(call: Call, arn: string): ArnKind | null {
  const tail = arn.slice(prefix(call).length);
  const found = Object.entries(patterns).find(([, pattern]) => pattern.test(tail));
  return (found?.[0] ?? null) as ArnKind | null;
}

export function loadBalancer(call: Call, arn: string): LoadBalancer {
  checkArn(call, 'load balancer', arn);
  const found = call.region.loadBalancers.get(arn);
  if (!found) throw new AwsError(400, 'LoadBalancerNotFound', `Load balancer '${arn}' not found`);
  return found;
}

export function targetGroup(call: Call, arn: string): TargetGroup {
  checkArn(call, 'target group', arn);
  const found = call.region.targetGroups.get(arn);
  if (!found) throw new AwsError(400, 'TargetGroupNotFound', `Target groups '${arn}' not found`);
  return found;
}

export function listener(call: Call, arn: string): Listener {
  checkArn(call, 'listener', arn);
  const found = call.region.listeners.get(arn);
  if (!found) throw new AwsError(400, 'ListenerNotFound', 'One or more listeners not found');
  return found;
}

export function rule(call: Call, arn: string): Rule {
  checkArn(call, 'listener rule', arn);
  const found = call.region.rules.get(arn);
  if (!found) throw new AwsError(400, 'RuleNotFound', 'One or more rules not found');
  return found;
}

/** Attributes as the wire shows them. */
export const attributeList = (attributes: ReadonlyMap<string, string>): List =>
  new List([...attributes].map(([Key, Value]) => ({ Key, Value })));
