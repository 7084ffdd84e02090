import { targetKey } from '../facts.js';
import { isHealthy } from '../health.js';
import type { Listener } from '../model.js';
import { count, some } from '../text.js';
import { nlbAddressesOf } from './addresses.js';
import { checksHttp, type DoctorFacts, healthCheckPort } from './facts.js';
import type { Found } from './findings.js';
import { setHealthCheck } from './group.js';
import { type Answer, accepts, answerTo } from './probe.js';

/** Whether the ALB will answer the group's health check, and whether it did. */
export function healthFindings(facts: DoctorFacts): Found[] {
  return [...listenerFindings(facts), ...observed(facts)];
}

function listenerFindings(facts: DoctorFacts): Found[] {
  const { albListeners, sync } = facts;
  const { loadBalancer, port } = sync;
  const checked = healthCheckPort(facts);
  const listener = albListeners?.find((one) => one.port === checked);
  if (!albListeners) return [];
  if (!listener) {
    // Without a listener on the targets' own port there is worse to tell than a health check that fails.
    if (checked === port) return [];
    return [
      {
        id: 'health-check-port-closed',
        message: `Health checks go to port ${checked}, where ${loadBalancer.name} has no listener.`,
        command: setHealthCheck(facts, '--health-check-port', 'traffic-port'),
      },
    ];
  }
  return checksHttp(facts) ? httpFindings(facts, listener) : [];
}

function httpFindings(facts: DoctorFacts, listener: Listener): Found[] {
  const { loadBalancer, targetGroup } = facts.sync;
  const { protocol, matcher } = targetGroup.healthCheck;
  if (protocol !== listener.protocol) {
    return [
      {
        id: 'health-check-protocol',
        message: `Health checks speak ${protocol} to port ${listener.port}, where ${loadBalancer.name} listens for ${listener.protocol}.`,
        command: setHealthCheck(facts, '--health-check-protocol', listener.protocol),
      },
    ];
  }
  if (protocol === 'HTTPS' && /^ELBSecurityPolicy-TLS13-1-3-/.test(listener.sslPolicy ?? '')) {
    return [
      {
        id: 'health-check-tls13',
        message: `Health checks speak HTTPS to port ${listener.port} of ${loadBalancer.name}, whose policy ${listener.sslPolicy} takes TLS 1.3 alone.`,
        command: setHealthCheck(facts, '--health-check-protocol', 'TCP'),
      },
    ];
  }
  return answerFindings(facts, listener, matcher ?? '200-399');
}

function answerFindings(facts: DoctorFacts, listener: Listener, matcher: string): Found[] {
  const { loadBalancer, targetGroup } = facts.sync;
  const rules = facts.healthRules ?? [];
  const path = targetGroup.healthCheck.path ?? '/';
  const callers = (facts.nlbs ?? []).flatMap((nlb) => nlbAddressesOf(nlb).map(({ ip }) => ip));
  const answer = answerTo({ path, callers, port: listener.port }, rules);
  if (!answer) return [];
  const hosts = rules.filter(
    ({ conditions, actions }) =>
      conditions.some(({ field }) => field === 'host-header') && actions.some(({ type }) => type === 'forward'),
  );
  const where = `${whose(answer)} of port ${listener.port} of ${loadBalancer.name}`;
  if (!accepts(matcher, answer.status)) {
    const blind =
      hosts.length > 0
        ? ` ${count(hosts.length, 'rule')} for host names never ${hosts.length === 1 ? 'sees' : 'see'} it.`
        : '';
    return [
      {
        id: 'health-check-status',
        message: `Health checks ask for ${path} and get ${answer.status}, by ${where}; the matcher takes ${matcher}.${blind}`,
        // A fault of the server's own is no answer to call healthy.
        command:
          answer.status < 500
            ? setHealthCheck(facts, '--matcher', `HttpCode=${widened(matcher, answer.status)}`)
            : setHealthCheck(facts, '--health-check-protocol', 'TCP'),
      },
    ];
  }
  if (hosts.length === 0) return [];
  return [
    {
      id: 'health-check-misses-hosts',
      message: `Health checks ask for ${path} and get ${answer.status}, by ${where}, whatever the ${count(hosts.length, 'rule')} for host names ${hosts.length === 1 ? 'forwards' : 'forward'} to.`,
    },
  ];
}

const whose = ({ kind, priority }: Answer): string =>
  `the ${kind} of ${priority === null ? 'the default action' : `rule ${priority}`}`;

/** One range that holds all of the matcher's codes and the status. */
function widened(matcher: string, status: number): string {
  const codes = [...matcher.split(/[,-]/).map(Number), status];
  return `${Math.min(...codes)}-${Math.max(...codes)}`;
}

/** What AWS reports of the wanted targets, where somebody sends to them at all. */
function observed({ sync: { targetGroup, targets, loadBalancer }, plan: { unchanged } }: DoctorFacts): Found[] {
  if (targetGroup.loadBalancerArns.length === 0) return [];
  const wanted = new Set(unchanged.map(targetKey));
  const own = targets.filter((target) => wanted.has(targetKey(target)) && target.state !== 'draining');
  const sick = own.filter(({ state }) => state.startsWith('unhealthy'));
  const isWaiting = own.some(({ state }) => state === 'initial');
  const isUp = own.some((target) => isHealthy(target));
  if (sick.length === 0) return [];
  const which = some(sick.map((target) => `${targetKey(target)} (${target.reason ?? target.state})`));
  if (!isUp && !isWaiting) {
    return [
      {
        id: 'no-healthy-target',
        message: `None of the ${count(own.length, 'target')} for ${loadBalancer.name} is healthy: ${which}.`,
      },
    ];
  }
  const message = `${sick.length} of ${count(own.length, 'target')} for ${loadBalancer.name} ${sick.length === 1 ? 'is' : 'are'} unhealthy: ${which}.`;
  return [{ id: 'unhealthy-targets', message }];
}
