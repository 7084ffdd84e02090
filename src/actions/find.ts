import type { Aws, LoadBalancing } from '../aws/ports.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from '../config/reference.js';
import { closest } from '../config/suggest.js';
import { OperationError } from '../errors.js';
import type { LoadBalancer, LoadBalancerType, TargetGroup } from '../plan/model.js';

/** `type` takes only that type; `prefer` takes it where there is a choice. */
export interface TypeChoice {
  readonly type?: LoadBalancerType | undefined;
  readonly prefer?: LoadBalancerType;
}

/** Finds a load balancer by name, ARN or DNS name. Throws an OperationError that says what was found instead. */
export async function findLoadBalancer(
  text: string,
  { loadBalancing }: Pick<Aws, 'loadBalancing'>,
  choice: TypeChoice = {},
): Promise<LoadBalancer> {
  const reference = parseLoadBalancerReference(text);
  if (reference.kind === 'arn') {
    const found = await loadBalancing.loadBalancer(reference.arn);
    if (!found) throw await notFound(reference.name, `Load balancer ${reference.arn}`, loadBalancing);
    return only([found], text, choice);
  }
  if (reference.kind === 'name') {
    const found = await loadBalancing.loadBalancersByName(reference.name);
    if (found.length === 0) throw await notFound(reference.name, `Load balancer ${reference.name}`, loadBalancing);
    return only(found, text, choice);
  }
  const hasName = (candidate: LoadBalancer) => candidate.dnsName?.toLowerCase() === reference.dnsName;
  const named = reference.candidateName ? await loadBalancing.loadBalancersByName(reference.candidateName) : [];
  // The name is only guessed from the DNS name; where the guess fails, the whole list decides.
  const found = named.filter(hasName)[0] ?? (await loadBalancing.allLoadBalancers()).find(hasName);
  if (!found) {
    const name = reference.candidateName ?? reference.dnsName;
    throw await notFound(name, `A load balancer with the DNS name ${reference.dnsName}`, loadBalancing);
  }
  return only([found], text, choice);
}

/** Finds a target group by name or ARN. Throws an OperationError with the nearest names if there is none. */
export async function findTargetGroup(
  text: string,
  { loadBalancing }: Pick<Aws, 'loadBalancing'>,
): Promise<TargetGroup> {
  const reference = parseTargetGroupReference(text);
  const found =
    reference.kind === 'arn'
      ? await loadBalancing.targetGroup(reference.arn)
      : await loadBalancing.targetGroupByName(reference.name);
  if (found) return found;
  const near = closest(
    reference.name,
    (await loadBalancing.allTargetGroups()).map(({ name }) => name),
  );
  throw new OperationError('TargetGroupNotFound', `Target group ${text} was not found in ${loadBalancing.region}.`, [
    ...(near.length > 0 ? [`Did you mean ${near.join(' or ')}?`] : []),
    elsewhere('target group', '--region, --profile or --role-arn'),
  ]);
}

function only(all: readonly LoadBalancer[], text: string, { type, prefer }: TypeChoice): LoadBalancer {
  const preferred = all.filter((candidate) => candidate.type === (type ?? prefer));
  const found = type || preferred.length > 0 ? preferred : all;
  const [first, second] = found;
  const types = all.map((candidate) => candidate.type).join(', ');
  if (!first) {
    throw new OperationError('WrongLoadBalancerType', `${text} is of type ${types}, not ${type}.`, [
      'Leave out --type, or name another load balancer.',
    ]);
  }
  if (!second) return first;
  throw new OperationError(
    'AmbiguousLoadBalancer',
    `${text} names ${found.length} load balancers: ${found.map((one) => `${one.arn} (${one.type})`).join(', ')}.`,
    ['Give the ARN, or add --type application, network or gateway.'],
  );
}

async function notFound(name: string, what: string, loadBalancing: LoadBalancing): Promise<OperationError> {
  const near = closest(
    name,
    (await loadBalancing.allLoadBalancers()).map((candidate) => candidate.name),
  );
  return new OperationError('LoadBalancerNotFound', `${what} was not found in ${loadBalancing.region}.`, [
    ...(near.length > 0 ? [`Did you mean ${near.join(' or ')}?`] : []),
    elsewhere('load balancer', '--region or --alb-region, --profile or --alb-profile, --alb-role-arn'),
    'A classic load balancer is found only by its name: lbbridge ips NAME --type classic',
  ]);
}

const elsewhere = (what: string, flags: string): string =>
  `If the ${what} is in another region or account, say so: ${flags}.`;
