import { type Truth, truthOf } from '../../src/sandbox/engine/truth.js';
import type { Target } from '../../src/sandbox/state.js';
import type { History } from './history.js';
import type { Place } from './place.js';

/** What came of a history, by what truly answered. Seconds are virtual. */
export interface Figures {
  days: number;
  events: number;
  /** Nobody was served. */
  downSeconds: number;
  /** Summed over the NLB's zones: nobody was served through that zone's node, although the ALB answered there. */
  darkZoneSeconds: number;
  /** Some share of new connections met nobody; and that share summed, as if all of it had fallen into whole seconds. */
  deadSeconds: number;
  deadShareSeconds: number;
  /** The share that met somebody else's machine, summed in the same way. */
  strangerShareSeconds: number;
  /** Fewer than half of the ALB's answering nodes took traffic. */
  thinSeconds: number;
  /** Targets of others that were deregistered. */
  othersRemoved: number;
  /** From the moment an interface of the ALB stands to its registration, in seconds. */
  followP50: number;
  followP99: number;
  callsPerDay: number;
}

/** Counts every stretch between two changes whole; the truth is worked out anew only where something has changed. */
export class Measure {
  private readonly sums = {
    seconds: 0,
    downSeconds: 0,
    darkZoneSeconds: 0,
    deadSeconds: 0,
    deadShareSeconds: 0,
    strangerShareSeconds: 0,
    thinSeconds: 0,
  };
  private readonly follow: number[] = [];
  private readonly waiting = new Map<string, number>();
  private readonly seen = new Set<string>();
  private last = '';
  private truth: Truth | null = null;
  private darkZones = 0;
  private isThin = false;
  private isRunning = false;
  othersRemoved = 0;

  constructor(
    private readonly place: Place,
    private readonly history: History,
  ) {
    place.world.clock.onMove((to) => this.count((to - place.world.clock.now) / 1000));
  }

  start(): void {
    this.isRunning = true;
  }

  /** Everything on which truth and readings depend, as text: equal texts, equal answers. */
  state(): string {
    const { now } = this.place.world.clock;
    const { group, alb, builder } = this.place.stage;
    let text = `${this.history.epoch} ${builder.region.interfaces.size}`;
    for (const target of group.targets.values()) {
      text += ` ${target.id}${target.state}${target.override}${now < target.leaksUntil}`;
    }
    for (const { interfaceId, answering } of alb.nodes) {
      text += ` ${interfaceId}${answering}${builder.region.interfaces.get(interfaceId)?.status}`;
    }
    return text;
  }

  private count(seconds: number): void {
    if (!this.isRunning) return;
    const state = this.state();
    if (state !== this.last) {
      this.last = state;
      this.look();
    }
    const { truth, sums } = this;
    if (!truth) return;
    sums.seconds += seconds;
    sums.darkZoneSeconds += seconds * this.darkZones;
    if (truth.serving < 1e-9) sums.downSeconds += seconds;
    if (truth.dead > 1e-9) sums.deadSeconds += seconds;
    sums.deadShareSeconds += seconds * truth.dead;
    sums.strangerShareSeconds += seconds * truth.stranger;
    if (this.isThin) sums.thinSeconds += seconds;
  }

  private look(): void {
    const { world, stage } = this.place;
    const { alb, nlb, group, builder } = stage;
    this.truth = truthOf(world, builder.region, group, nlb, alb);
    const answering = alb.nodes.filter((node) => node.answering);
    const zones = new Set(answering.map(({ zoneId }) => zoneId));
    this.darkZones = this.truth.darkZones.filter((zone) => zones.has(zone) && !nlb.shiftedZoneIds.has(zone)).length;
    const taking = answering.filter(({ ip }) => takes(group.targets.get(`${ip}:${group.port}`)));
    this.isThin = taking.length * 2 < answering.length;
    this.noteFollowing();
  }

  /** How long a new interface waits for its registration; one that goes unregistered counts as long as it stood. */
  private noteFollowing(): void {
    const { world, stage } = this.place;
    const { now } = world.clock;
    const standing = new Set(stage.alb.nodes.map(({ ip, interfaceId }) => `${ip} ${interfaceId}`));
    for (const key of standing) {
      if (this.seen.has(key)) continue;
      const interfaceId = key.split(' ')[1] as string;
      if (stage.builder.region.interfaces.get(interfaceId)?.status !== 'in-use') continue;
      this.seen.add(key);
      this.waiting.set(key, now);
    }
    for (const [key, since] of this.waiting) {
      const target = stage.group.targets.get(`${key.split(' ')[0]}:${stage.group.port}`);
      if (target && target.state !== 'draining') this.follow.push((target.registeredAt - since) / 1000);
      else if (standing.has(key)) continue;
      else this.follow.push((now - since) / 1000);
      this.waiting.delete(key);
    }
  }

  figures(): Figures {
    const { seconds, ...sums } = this.sums;
    const days = seconds / 86_400;
    const waits = this.follow.map((wait) => Math.max(0, wait)).sort((a, b) => a - b);
    const quantile = (share: number): number => waits[Math.floor(share * (waits.length - 1))] ?? 0;
    return {
      days,
      events: this.history.events,
      ...sums,
      othersRemoved: this.othersRemoved,
      followP50: quantile(0.5),
      followP99: quantile(0.99),
      callsPerDay: this.place.calls / days,
    };
  }
}

const takes = (target: Target | undefined): boolean => target?.state === 'healthy' && target.override === 'no_override';
