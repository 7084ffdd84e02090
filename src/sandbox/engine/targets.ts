import type { RegionState, Target, TargetGroup, TargetState } from '../state.js';
import type { World } from '../world.js';
import { passesHealthCheck } from './probe.js';
import { callerOf, loadBalancersOf, whyUnused } from './routing.js';

/**
 * The life of a target of an NLB's `ip` group:
 *
 *   unused ─▶ initial ─▶ healthy ◀─▶ unhealthy (or unhealthy.draining first) ─▶ … ─▶ draining ─▶ gone
 *
 * Every step is a task on the virtual clock. A change of path (deregistered, no longer used) raises the target's
 * `generation`, which silences the tasks of the path that it left.
 */

const texts: Record<string, string> = {
  'Elb.RegistrationInProgress': 'Target registration is in progress',
  'Elb.InitialHealthChecking': 'Initial health checks in progress',
  'Target.FailedHealthChecks': 'Health checks failed',
  'Target.DeregistrationInProgress': 'Target deregistration is in progress',
};

export const targetKey = (id: string, port: number): string => `${id}:${port}`;

/** Registers a target that passed every check. One that is registered already stays as it is. */
export function register(
  world: World,
  region: RegionState,
  group: TargetGroup,
  { id, port, zone }: { id: string; port: number; zone: string | undefined },
): void {
  const key = world.knobs['tg.azInKey'] ? `${targetKey(id, port)}:${zone ?? ''}` : targetKey(id, port);
  const existing = group.targets.get(key);
  if (existing && existing.state !== 'draining') return;
  if (existing) {
    registerAgain(world, region, group, existing, zone);
    return;
  }
  const target: Target = {
    id,
    port,
    ...(zone === undefined ? {} : { zone }),
    state: 'unused',
    override: 'no_override',
    registeredAt: world.clock.now,
    leaksUntil: 0,
    checks: { successes: 0, failures: 0, generation: 0 },
  };
  group.targets.set(key, target);
  start(world, region, group, target);
}

/** AWS does not say what becomes of a draining target that is registered again: a knob decides. */
function registerAgain(
  world: World,
  region: RegionState,
  group: TargetGroup,
  target: Target,
  zone: string | undefined,
): void {
  if (zone !== undefined) target.zone = zone;
  target.registeredAt = world.clock.now;
  switch (world.knobs['tg.reRegister']) {
    case 'healthy-immediately':
      restart(target);
      become(target, 'healthy');
      check(world, region, group, target);
      break;
    case 'keep-draining-then-initial': {
      const generation = restart(target);
      later(world, target, generation, world.knobs['tg.nlbMinDrainSeconds'], () => start(world, region, group, target));
      break;
    }
    default:
      start(world, region, group, target);
  }
}

/** From nothing: unused, or on its way to its first health checks. */
function start(world: World, region: RegionState, group: TargetGroup, target: Target): void {
  const generation = restart(target);
  const unused = whyUnused(region, group, target.zone);
  if (unused !== null) {
    become(target, 'unused', 'Target.NotInUse', unused);
    return;
  }
  become(target, 'initial', 'Elb.RegistrationInProgress');
  const isNetwork = loadBalancersOf(region, group.arn).some(({ type }) => type === 'network');
  const seconds = isNetwork ? world.knobs['tg.nlbRegisterSeconds'] : world.knobs['tg.useChangeSeconds'];
  later(world, target, generation, seconds, () => {
    become(target, 'initial', 'Elb.InitialHealthChecking');
    check(world, region, group, target);
  });
}

/** One health check now, the next an interval later, for as long as the target stays on this path. */
function check(world: World, region: RegionState, group: TargetGroup, target: Target): void {
  const { generation } = target.checks;
  later(world, target, generation, group.healthCheck.intervalSeconds, () => {
    const [balancer] = loadBalancersOf(region, group.arn);
    const caller = balancer ? callerOf(region, balancer) : { ips: [], securityGroupIds: [] };
    judge(world, group, target, passesHealthCheck(world, region, group, target, caller));
    check(world, region, group, target);
  });
}

function judge(world: World, group: TargetGroup, target: Target, passed: boolean): void {
  const { checks } = target;
  checks.successes = passed ? checks.successes + 1 : 0;
  checks.failures = passed ? 0 : checks.failures + 1;
  const { healthyThreshold, unhealthyThreshold } = group.healthCheck;
  const initialSuccesses = world.knobs['tg.initialSuccesses'];
  const enough = target.state === 'initial' && initialSuccesses !== 'threshold' ? initialSuccesses : healthyThreshold;
  if (passed && target.state !== 'healthy' && checks.successes >= enough) become(target, 'healthy');
  if (passed || checks.failures !== unhealthyThreshold) return;
  // The nodes of an NLB judge for themselves; what it reports is their consensus, a little later.
  const jitter = target.state === 'healthy' ? world.random.next() * world.knobs['tg.consensusJitterSeconds'] : 0;
  later(world, target, checks.generation, jitter, () => {
    if (checks.failures > 0) fail(world, group, target);
  });
}

function fail(world: World, group: TargetGroup, target: Target): void {
  if (target.state !== 'healthy' && target.state !== 'initial') return;
  if (target.state === 'healthy') leak(world, target, world.knobs['tg.unhealthyLeakSeconds']);
  const interval = Number(group.attributes.get('target_health_state.unhealthy.draining_interval_seconds') ?? 0);
  const terminates = group.attributes.get('target_health_state.unhealthy.connection_termination.enabled') !== 'false';
  if (target.state === 'initial' || terminates || interval === 0) {
    become(target, 'unhealthy', 'Target.FailedHealthChecks');
    return;
  }
  become(target, 'unhealthy.draining', 'Target.FailedHealthChecks');
  later(world, target, target.checks.generation, interval, () => {
    if (target.state === 'unhealthy.draining') become(target, 'unhealthy', 'Target.FailedHealthChecks');
  });
}

/** Takes a registered target out: it drains first, unless nothing used it. One that drains already goes on draining. */
export function deregister(world: World, group: TargetGroup, target: Target): void {
  if (target.state === 'draining' && !world.knobs['tg.restartDrain']) return;
  const key = [...group.targets].find(([, one]) => one === target)?.[0];
  if (key === undefined) return;
  const generation = restart(target);
  if (target.state === 'unused') {
    group.targets.delete(key);
    return;
  }
  if (target.state === 'healthy') leak(world, target, world.knobs['tg.drainLeakSeconds']);
  become(target, 'draining', 'Target.DeregistrationInProgress');
  const delay = Number(group.attributes.get('deregistration_delay.timeout_seconds') ?? 300);
  later(world, target, generation, Math.max(delay, world.knobs['tg.nlbMinDrainSeconds']), () => {
    if (group.targets.get(key) === target) group.targets.delete(key);
  });
}

/** After a listener, rule, zone or load balancer came or went: targets that became used or unused change their path. */
export function usageChanged(world: World, region: RegionState, group: TargetGroup): void {
  world.clock.after(world.knobs['tg.useChangeSeconds'], () => {
    for (const target of group.targets.values()) {
      if (target.state === 'draining') continue;
      const unused = whyUnused(region, group, target.zone);
      if (unused === null && target.state === 'unused') start(world, region, group, target);
      else if (unused !== null) {
        restart(target);
        become(target, 'unused', 'Target.NotInUse', unused);
      }
    }
  });
}

export function become(target: Target, state: TargetState, reason?: string, description?: string): void {
  target.state = state;
  delete target.reason;
  delete target.description;
  if (reason === undefined) return;
  target.reason = reason;
  const text = description ?? texts[reason];
  if (text !== undefined) target.description = text;
}

/** New connections go on reaching the target for a while. The empty task marks the end, for whoever measures by change. */
function leak(world: World, target: Target, seconds: number): void {
  target.leaksUntil = world.clock.now + seconds * 1000;
  world.clock.schedule(target.leaksUntil, () => undefined);
}

function restart({ checks }: Target): number {
  checks.successes = 0;
  checks.failures = 0;
  checks.generation += 1;
  return checks.generation;
}

function later(world: World, target: Target, generation: number, seconds: number, step: () => void): void {
  world.clock.after(seconds, () => {
    if (target.checks.generation === generation) step();
  });
}
