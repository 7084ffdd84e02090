import { createWorld } from '../../src/sandbox/create-world.js';
import type { Knobs } from '../../src/sandbox/knobs.js';
import { Builder } from '../../src/sandbox/scenarios/build.js';
import { type Stage, sync } from '../../src/sandbox/scenarios/index.js';
import type { Subnet } from '../../src/sandbox/state.js';
import type { World } from '../../src/sandbox/world.js';
import { History, ordinary, type Weather } from './history.js';
import { type Figures, Measure } from './measure.js';
import { Place } from './place.js';
import { attempt, type Strategy } from './strategies.js';

/** The setting of a simulation: what is assumed of AWS, and of the weather. */
export interface Setting {
  readonly name: string;
  readonly knobs?: Partial<Knobs>;
  readonly weather?: Partial<Weather>;
  readonly group?: Readonly<Record<string, string>>;
}

/** Lets a strategy keep a bridge through a seeded history of so many scaling events, and measures what came of it. */
export async function simulate(strategy: Strategy, setting: Setting, seed: number, events: number): Promise<Figures> {
  const world = createWorld({
    seed,
    start: Date.UTC(2026, 0, 1),
    knobs: { 'alb.ipReuseSeconds': 300, ...setting.knobs },
  });
  const { stage, guest } = build(world, setting);
  const place = new Place(world, stage);
  const history = new History(place, { ...ordinary, ...setting.weather }, seed, events);
  const measure = new Measure(place, history);
  const run = strategy.start(place, guest);
  history.start();
  measure.start();

  let isMissed = false;
  const isGuestThere = (): boolean =>
    [...stage.group.targets.values()].some(({ id, state }) => id === guest && state !== 'draining');
  const { everySeconds, onChangeSeconds } = strategy;
  let scheduled = world.clock.now + 7000;
  /** When the runs that changes have called for are due. */
  const called: number[] = [];
  if (onChangeSeconds !== undefined) {
    let interfaces = '';
    world.clock.onChange(() => {
      const before = interfaces;
      interfaces = [...stage.builder.region.interfaces.keys()].join();
      if (interfaces !== before) called.push(world.clock.now + onChangeSeconds * 1000);
    });
  }
  let last = { state: '', calls: 0, isQuiet: false };
  while (!history.isOver) {
    const due = Math.min(scheduled, called[0] ?? Number.POSITIVE_INFINITY);
    // Not past a run that a change on the way may call for.
    world.clock.advance(Math.min((due - world.clock.now) / 1000, onChangeSeconds ?? everySeconds));
    if (world.clock.now < due) continue;
    while (scheduled <= world.clock.now) scheduled += everySeconds * 1000;
    while (called[0] !== undefined && called[0] <= world.clock.now) called.shift();
    const state = measure.state();
    // What is read is the same as in the last run, which wrote nothing: neither does this one.
    if (last.isQuiet && state === last.state && !strategy.remembers) {
      place.calls += last.calls;
      continue;
    }
    const before = { calls: place.calls, writes: place.writes };
    await attempt(run);
    last = { state, calls: place.calls - before.calls, isQuiet: place.writes === before.writes };
    if (isGuestThere() || isMissed) continue;
    measure.othersRemoved += 1;
    isMissed = true;
    // Its owner puts it back the day after.
    world.clock.after(86_400, () => {
      isMissed = false;
      stage.builder.targets(stage.group, [guest]);
    });
  }
  return measure.figures();
}

/** Two ALBs of nearly one name in small subnets, an NLB in three zones, and a group with a guest of somebody else's. */
function build(world: World, { group: groupParams }: Setting): { stage: Stage; guest: string } {
  const builder = new Builder(world);
  const vpc = builder.vpc('10.0.0.0/16');
  const subnets = [...'abc'].map((letter, index) => builder.subnet(vpc, letter, `10.0.${index + 1}.0/26`));
  const open = builder.securityGroup(vpc, 'web', 80, '10.0.0.0/8');
  const more = { 'SecurityGroups.member.1': open.id };
  const alb = builder.alb('web', subnets, 80, more);
  builder.alb('web-2', subnets, 80, more);
  const nlb = builder.loadBalancer('network', 'edge', subnets);
  const group = builder.targetGroup('nlb-edge', vpc, {
    HealthCheckIntervalSeconds: '30',
    HealthyThresholdCount: '5',
    UnhealthyThresholdCount: '2',
    ...groupParams,
  });
  builder.forward(nlb, group);
  builder.settle();
  sync(builder, group, alb);
  const machine = builder.decoy(subnets[0] as Subnet, '', { requesterManaged: false, requesterId: 'AIDAGUEST' });
  const guest = machine.privateIps[0]?.ip ?? '';
  builder.targets(group, [guest]);
  builder.settle();
  return { stage: { builder, vpc, subnets, alb, nlb, group }, guest };
}
