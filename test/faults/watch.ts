import { connect } from '../../src/sandbox/engine/probe.js';
import { callerOf, loadBalancersOf } from '../../src/sandbox/engine/routing.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { services } from '../../src/sandbox/services.js';
import type { RegionState, Target, TargetGroup } from '../../src/sandbox/state.js';
import type { Operation } from '../../src/sandbox/wire/operation.js';
import type { World } from '../../src/sandbox/world.js';

/** By zone, which registered targets answer in truth and take traffic, whatever AWS says of the others. */
type Floor = ReadonlyMap<string, number>;

const everywhere = 'any zone';
const breaches = new WeakMap<World, string[]>();

/** Looks at what truly answers before and after each removal of any world: no call of ours may leave nobody. */
const deregisterTargets = services.elasticloadbalancing.operations.DeregisterTargets as Operation;
services.elasticloadbalancing.operations.DeregisterTargets = (call) => {
  const group = call.region.targetGroups.get(call.params.string('TargetGroupArn') ?? '');
  const watched = breaches.get(call.world);
  if (!group || !watched) return deregisterTargets(call);
  const before = floorOf(call.world, call.region, group);
  const answer = deregisterTargets(call);
  const after = floorOf(call.world, call.region, group);
  for (const [zone, count] of before) {
    if (count > 0 && !after.get(zone)) watched.push(`DeregisterTargets took the last serving target of ${zone}`);
  }
  return answer;
};

/** From now on, notes every call that breaks the floor. */
export const watchFloor = ({ world }: Sandbox): void => {
  breaches.set(world, []);
};

export const floorBreaches = ({ world }: Sandbox): readonly string[] => breaches.get(world) ?? [];

function floorOf(world: World, region: RegionState, group: TargetGroup): Floor {
  const [balancer] = loadBalancersOf(region, group.arn);
  const floor = new Map<string, number>();
  if (!balancer) return floor;
  const caller = callerOf(region, balancer);
  const serves = ({ id, port, state, override }: Target): boolean =>
    state === 'healthy' &&
    override === 'no_override' &&
    connect(world, region, group.vpcId, { ip: id, port }, caller) === 'answers';
  for (const target of group.targets.values()) {
    if (!serves(target)) continue;
    for (const zone of [everywhere, target.zone ?? 'all']) floor.set(zone, (floor.get(zone) ?? 0) + 1);
  }
  return floor;
}

export const isOurGroup = ({ stage }: Sandbox): boolean => stage.group.tags.has('lbbridge:source');

/**
 * Everything that is not the bridge's own, as text: what no command may change.
 * @param isOurs whether all targets of the bridge's group are, as it was before the command
 */
export function foreignState({ world, stage }: Sandbox, isOurs: boolean): string {
  const own = new Set(stage.alb.nodes.map(({ ip }) => ip));
  const state = [...world.regions.values()].map((region) => ({
    targetGroups: [...region.targetGroups.values()].map((group) => ({
      arn: group.arn,
      tags: [...group.tags].filter(([name]) => group !== stage.group || !name.startsWith('lbbridge:')),
      targets: [...group.targets.values()]
        .filter(({ id }) => group !== stage.group || (!isOurs && !own.has(id)))
        .map(({ id, port, state: health }) => `${id}:${port} ${health === 'draining' ? 'leaving' : 'registered'}`)
        .sort(),
    })),
    securityGroups: [...region.securityGroups.values()].map(({ id, tags, rules }) => ({
      id,
      tags: [...tags],
      rules: [...rules.values()].filter((rule) => !rule.tags.has('lbbridge:source')).map((rule) => rule.id),
    })),
    loadBalancers: [...region.loadBalancers.values()].map(({ arn, tags }) => ({ arn, tags: [...tags] })),
  }));
  return JSON.stringify(state);
}

/** Every target of the bridge in its state too: two worlds of one seed that are equal in it go the same way from here. */
export const exactState = (sandbox: Sandbox): string =>
  [...sandbox.stage.group.targets.values()]
    .map(({ id, port, zone, state }) => `${id}:${port} ${zone} ${state}`)
    .sort()
    .join() + bridgeState(sandbox);

/** What the bridge has come to: its targets, its tags, its rules. */
export function bridgeState({ world, stage }: Sandbox): string {
  const { targets, tags } = stage.group;
  const rules = [...world.regions.values()].flatMap(({ securityGroups }) =>
    [...securityGroups.values()].flatMap(({ id, rules: all }) =>
      [...all.values()]
        .filter((rule) => rule.tags.has('lbbridge:source'))
        .map(({ fromPort, toPort, source }) => `${id} ${fromPort}-${toPort} ${JSON.stringify(source)}`),
    ),
  );
  const registered = [...targets.values()].filter(({ state }) => state !== 'draining');
  return JSON.stringify({
    targets: registered.map(({ id, port }) => `${id}:${port}`).sort(),
    tags: [...tags].map(([name, value]) => `${name}=${value}`).sort(),
    rules: rules.sort(),
  });
}
