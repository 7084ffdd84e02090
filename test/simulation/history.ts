import { createInterface, deleteInterface } from '../../src/sandbox/engine/interfaces.js';
import { failZone, recoverZone, replaceNodes, scaleIn, scaleOut, shiftZone } from '../../src/sandbox/engine/scaling.js';
import { Random } from '../../src/sandbox/random.js';
import type { LoadBalancer, NetworkInterface } from '../../src/sandbox/state.js';
import type { World } from '../../src/sandbox/world.js';
import type { Place } from './place.js';

/** How often things happen, in hours between two of them on average; 0: never. Every one is an assumption. */
export interface Weather {
  /** Seconds between two looks of the ALB at its load. */
  readonly lookSeconds: number;
  readonly spikeHours: number;
  readonly replaceZoneHours: number;
  readonly replaceAllHours: number;
  readonly zoneLossHours: number;
  readonly zonalShiftHours: number;
  /** Machines of others come and go in the ALB's subnets: an address that it gives back is soon somebody else's. */
  readonly neighbourHours: number;
  readonly staleHours: number;
  readonly partialHours: number;
  /** How long a partial answer lasts, from and to. */
  readonly partialMinutes: readonly [number, number];
  readonly throttleHours: number;
}

export const ordinary: Weather = {
  lookSeconds: 450,
  spikeHours: 24,
  replaceZoneHours: 48,
  replaceAllHours: 240,
  zoneLossHours: 480,
  zonalShiftHours: 480,
  neighbourHours: 0.5,
  staleHours: 12,
  partialHours: 24,
  partialMinutes: [0.5, 3],
  throttleHours: 48,
};

/**
 * A seeded history: what happens to the ALB, its neighbours and AWS's answers. It draws from a chance of its own, so
 * that it is the same whoever looks on, and whatever they do.
 */
export class History {
  /** Scaling events so far: nodes of a zone that came or went together. */
  events = 0;
  /** Raised by everything that no state of target or interface shows. */
  epoch = 0;
  private readonly random: Random;
  private readonly world: World;
  private readonly neighbours: NetworkInterface[] = [];
  private spikeUntil = 0;

  constructor(
    private readonly place: Place,
    private readonly weather: Weather,
    seed: number,
    private readonly mostEvents: number,
  ) {
    this.random = new Random(seed);
    // The ALB's nodes draw addresses and times from this chance, the targets' health from the world's own.
    this.world = { ...place.world, random: new Random(seed + 1) };
  }

  get isOver(): boolean {
    return this.events >= this.mostEvents;
  }

  start(): void {
    const { weather } = this;
    this.scaleByLoad(this.place.stage.alb);
    this.again(weather.spikeHours, () => {
      this.spikeUntil = this.world.clock.now + this.between(20, 90) * 60_000;
    });
    this.again(weather.replaceZoneHours, () => this.replace(this.random.pick(this.place.stage.alb.zones).zoneId));
    this.again(weather.replaceAllHours, () => this.replace(undefined));
    this.again(weather.zoneLossHours, () => this.loseZone());
    this.again(weather.zonalShiftHours, () => this.shift());
    this.again(weather.neighbourHours, () => this.moveNeighbours());
    this.again(weather.staleHours, () => this.setStale());
    this.again(weather.partialHours, () => this.setPartial());
    this.again(weather.throttleHours, () => this.during(this.between(2, 10) * 60, { kind: 'throttled' }));
  }

  private again(hours: number, step: () => void): void {
    if (hours === 0) return;
    this.world.clock.after(this.random.exponential(hours * 3600), () => {
      this.epoch += 1;
      step();
      this.again(hours, step);
    });
  }

  /** Nodes in a zone as the load asks: one at night, four by day, more in a spike, with some noise. */
  private scaleByLoad(alb: LoadBalancer): void {
    const { clock, knobs } = this.world;
    clock.after(this.weather.lookSeconds, () => {
      this.epoch += 1;
      const hour = (clock.now / 3_600_000) % 24;
      const daily = 1 + 1.5 * (1 - Math.cos(((hour - 4) / 12) * Math.PI));
      const spike = clock.now < this.spikeUntil ? 2 : 1;
      for (const { zoneId } of alb.zones) {
        const wanted = Math.max(1, Math.min(8, Math.round(daily * spike + (this.random.next() - 0.5) * 0.8)));
        const nodes = alb.nodes.filter(
          (node) => node.zoneId === zoneId && (node.phase === 'serving' || node.phase === 'starting'),
        );
        // A slow node takes longer than most to answer.
        knobs['alb.warmSeconds'] = this.between(20, 40) + (this.random.next() < 0.1 ? 120 : 0);
        if (wanted > nodes.length) scaleOut(this.world, this.region, alb, zoneId, wanted - nodes.length);
        else if (wanted < nodes.length) scaleIn(this.world, this.region, alb, zoneId, nodes.length - wanted);
        if (wanted !== nodes.length) this.events += 1;
      }
      this.scaleByLoad(alb);
    });
  }

  private replace(zoneId: string | undefined): void {
    const { alb } = this.place.stage;
    replaceNodes(this.world, this.region, alb, zoneId);
    this.events += zoneId === undefined ? alb.zones.length : 1;
  }

  /** A zone of the ALB falls silent for up to an hour; its interfaces stay. */
  private loseZone(): void {
    const { alb } = this.place.stage;
    const { zoneId } = this.random.pick(alb.zones);
    failZone(this.world, alb, zoneId);
    this.world.clock.after(this.between(5, 60) * 60, () => {
      this.epoch += 1;
      recoverZone(alb, zoneId);
    });
  }

  private shift(): void {
    const { nlb } = this.place.stage;
    const { zoneId } = this.random.pick(nlb.zones);
    shiftZone(this.region, nlb, zoneId, true);
    this.world.clock.after(this.between(20, 120) * 60, () => {
      this.epoch += 1;
      shiftZone(this.region, nlb, zoneId, false);
    });
  }

  /** A machine comes, at whatever address is free, and the oldest of many goes. */
  private moveNeighbours(): void {
    const subnet = this.region.subnets.get(this.random.pick(this.place.stage.alb.zones).subnetId);
    if (!subnet) return;
    this.neighbours.push(
      createInterface(this.world, this.region, subnet, {
        ownerId: subnet.ownerId,
        description: '',
        requesterId: 'AIDANEIGHBOUR0000000',
        status: 'in-use',
      }),
    );
    const oldest = this.neighbours.length > 12 ? this.neighbours.shift() : undefined;
    if (oldest) deleteInterface(this.world, this.region, oldest);
  }

  private setStale(): void {
    this.during(this.between(10, 120), { kind: 'stale', interfaces: this.place.currentInterfaces() });
  }

  /** A zone, a third of all, or everything is missing from the answers. */
  private setPartial(): void {
    const { zoneId } = this.random.pick(this.place.stage.alb.zones);
    const salt = this.random.below(3);
    const hides = this.random.pick([
      (one: { zoneId: string | null }) => one.zoneId === zoneId,
      (one: { id: string }) => one.id.charCodeAt(one.id.length - 1) % 3 === salt,
      () => true,
    ]) as (one: { id: string; zoneId: string | null }) => boolean;
    const seconds = this.between(...this.weather.partialMinutes) * 60;
    this.during(seconds, { kind: 'partial', hides, byAddressToo: this.random.next() < 0.5 });
  }

  private during(seconds: number, condition: NonNullable<Place['condition']>): void {
    this.epoch += 1;
    this.place.condition = condition;
    this.world.clock.after(seconds, () => {
      this.epoch += 1;
      if (this.place.condition === condition) this.place.condition = null;
    });
  }

  private between(least: number, most: number): number {
    return least + this.random.next() * (most - least);
  }

  private get region() {
    return this.place.stage.builder.region;
  }
}
