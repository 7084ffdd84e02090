import type * as whole from '../../config/reference.js';
import { UsageError } from '../../errors.js';

/** References as a function gets them: ARNs, and nothing else. The build puts this in the place of config/reference.ts. */

const types = { app: 'application', net: 'network', gwy: 'gateway' } as const;

const arn =
  /^arn:(aws[a-z-]*):elasticloadbalancing:([a-z0-9-]+):(\d{12}):(?:loadbalancer\/((app|net|gwy)\/([\w-]+)\/\w+)|targetgroup\/([\w-]+)\/\w+)$/;

function parse(text: string, what: string) {
  const [, partition, region, accountId, path, type, balancer, group] = arn.exec(text) ?? [];
  const name = what === 'target group' ? group : balancer;
  if (partition && region && accountId && name) return { partition, region, accountId, name, path, type };
  throw new UsageError('InvalidArn', `${JSON.stringify(text)} is not the ARN of a ${what}.`);
}

export const parseLoadBalancerReference: typeof whole.parseLoadBalancerReference = (text) => {
  const { path = '', type, ...rest } = parse(text, 'load balancer');
  return { kind: 'arn', arn: text, ...rest, path, type: types[type as keyof typeof types] };
};

export const parseTargetGroupReference: typeof whole.parseTargetGroupReference = (text) => {
  const { partition, region, accountId, name } = parse(text, 'target group');
  return { kind: 'arn', arn: text, partition, region, accountId, name };
};

export const parseAlbArn: typeof whole.parseAlbArn = (text) => {
  const [, partition = '', region = '', accountId = '', path = '', type, name = ''] = arn.exec(text) ?? [];
  return type === 'app'
    ? { kind: 'arn', arn: text, partition, region, accountId, type: 'application', name, path }
    : null;
};
