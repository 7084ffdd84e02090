import { contains } from '../ip.js';
import type {
  Listener,
  LoadBalancer,
  NetworkInterface,
  Node,
  RegionState,
  SecurityGroupRule,
  TargetGroup,
} from '../state.js';
import { wildcard } from '../wildcard.js';
import type { World } from '../world.js';
import { interfaceHolding } from './addresses.js';

/** Who asks: a load balancer's nodes by their addresses and security groups. */
export interface Caller {
  readonly ips: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** What stands behind an address, as far as a connection can tell. */
export type Answer = 'answers' | 'silent' | 'stranger';

/** The result of one health check of a target. Nothing is dialled: the world itself tells. */
export function passesHealthCheck(
  world: World,
  region: RegionState,
  group: TargetGroup,
  target: { id: string; port: number },
  caller: Caller,
): boolean {
  if (group.targetType === 'instance') return isRunning(region, target.id);
  const { protocol, path, matcher } = group.healthCheck;
  const port = group.healthCheck.port === 'traffic-port' ? target.port : Number(group.healthCheck.port);
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS';
  const http = isHttp ? { path: path ?? '/', matcher: matcher ?? '200-399', protocol } : null;
  const answer = connect(world, region, group.vpcId, { ip: target.id, port }, caller, http);
  return answer === 'answers' || (answer === 'stranger' && world.knobs['alb.foreignOwnerAnswers']);
}

/** An instance answers as long as it is some Auto Scaling group's. */
const isRunning = ({ autoScalingGroups }: RegionState, id: string): boolean =>
  [...autoScalingGroups.values()].some(({ instanceIds }) => instanceIds.includes(id));

/** What a new connection to the target would meet: the load balancer's node, silence, or somebody else's machine. */
export function connect(
  world: World,
  region: RegionState,
  vpcId: string,
  { ip, port }: { ip: string; port: number },
  caller: Caller,
  http: { path: string; matcher: string; protocol: string } | null = null,
): Answer {
  const one = interfaceHolding(world, region, vpcId, ip);
  if (one && one.loadBalancerArn === undefined) return 'stranger';
  const { home, owner, node } = nodeAt(world, one, ip);
  if (!owner || !node?.answering) return 'silent';
  if (!letsOut(world, region, owner, { ip, port }, caller)) return 'silent';
  const listener = [...home.listeners.values()].find(
    (candidate) => candidate.loadBalancerArn === owner.arn && candidate.port === port,
  );
  if (!listener || !admits(world, home, owner, port, caller)) return 'silent';
  if (!http) return 'answers';
  if ((http.protocol === 'HTTPS') !== (listener.protocol === 'HTTPS')) return 'silent';
  return matches(http.matcher, statusOf(home, listener, http.path, `${caller.ips[0] ?? ''}:${port}`))
    ? 'answers'
    : 'silent';
}

/** The node behind an interface; or the one that goes on answering at the address after its interface has gone. */
function nodeAt(
  world: World,
  one: NetworkInterface | null,
  ip: string,
): { home: RegionState; owner: LoadBalancer; node: Node } | { home?: never; owner?: never; node?: never } {
  for (const home of world.regions.values()) {
    for (const owner of home.loadBalancers.values()) {
      const node = owner.nodes.find((candidate) =>
        one ? candidate.interfaceId === one.id : candidate.ip === ip && candidate.answering,
      );
      if (node) return { home, owner, node };
    }
  }
  return {};
}

/** Whether the security groups let the caller in on the port. */
function admits(
  { clock }: World,
  region: RegionState,
  { securityGroupIds }: LoadBalancer,
  port: number,
  caller: Caller,
): boolean {
  if (securityGroupIds.length === 0) return true;
  const rules = securityGroupIds.flatMap((id) => [...(region.securityGroups.get(id)?.rules.values() ?? [])]);
  return rules.some(
    (rule) => !rule.isEgress && rule.effectiveAt <= clock.now && opens(rule, port) && isPeer(region, rule, caller),
  );
}

/** Whether the caller's own security groups let it out to the address on the port. */
function letsOut(
  { clock }: World,
  region: RegionState,
  { securityGroupIds }: LoadBalancer,
  { ip, port }: { ip: string; port: number },
  caller: Caller,
): boolean {
  if (caller.securityGroupIds.length === 0) return true;
  const rules = caller.securityGroupIds.flatMap((id) => [...(region.securityGroups.get(id)?.rules.values() ?? [])]);
  return rules.some(
    (rule) =>
      rule.isEgress &&
      rule.effectiveAt <= clock.now &&
      opens(rule, port) &&
      isPeer(region, rule, { ips: [ip], securityGroupIds }),
  );
}

const opens = ({ protocol, fromPort, toPort }: SecurityGroupRule, port: number): boolean =>
  protocol === '-1' || (protocol === 'tcp' && fromPort <= port && port <= toPort);

/** Whether the rule's peer takes in the one at the other end. */
function isPeer(region: RegionState, { source }: SecurityGroupRule, caller: Caller): boolean {
  switch (source.kind) {
    case 'group':
      return caller.securityGroupIds.includes(source.groupId);
    case 'prefix-list': {
      const entries = region.prefixLists.get(source.prefixListId)?.entries ?? [];
      return entries.some(({ cidr }) => caller.ips.some((ip) => contains(cidr, ip)));
    }
    default:
      return caller.ips.some((ip) => contains(source.cidr, ip));
  }
}

/** The HTTP status with which an ALB's listener answers; a forward answers 200 while its groups hold a target. */
function statusOf(region: RegionState, listener: Listener, path: string, host: string): number {
  const rules = [...region.rules.values()]
    .filter(({ listenerArn }) => listenerArn === listener.arn)
    .sort((a, b) => a.priority - b.priority);
  const rule = rules.find(({ conditions }) =>
    conditions.every(({ field, values }) => {
      if (field === 'path-pattern') return values.some((value) => wildcard(value, path));
      if (field === 'host-header') return values.some((value) => wildcard(value.toLowerCase(), host.toLowerCase()));
      return false;
    }),
  );
  const action = (rule?.actions ?? listener.defaultActions)[0];
  switch (action?.type) {
    case 'fixed-response':
      return Number(action.statusCode);
    case 'redirect':
      return Number((action.redirectConfig.StatusCode ?? 'HTTP_301').replace('HTTP_', ''));
    case 'forward': {
      const some = action.targetGroups.some(
        ({ targetGroupArn }) => region.targetGroups.get(targetGroupArn)?.targets.size,
      );
      return some ? 200 : 503;
    }
    default:
      return 503;
  }
}

/** `200-399`, `200,202`, `404`. */
const matches = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [from = '', to = from] = part.split('-');
    return Number(from) <= status && status <= Number(to);
  });
