import type { RegionState } from './state.js';
import type { World } from './world.js';

/**
 * The past, for reads that lag behind writes. Kept only while something asks for it (a consistency knob, a fault),
 * since every change then costs a copy of the Region.
 */
export class History {
  private readonly past: { at: number; regions: Map<string, RegionState> }[] = [];
  /** The instant of the latest view given out, by Region. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly world: World) {}

  get isEmpty(): boolean {
    return this.past.length === 0;
  }

  /** Notes the state as it is now; call after every change. */
  observe(): void {
    const { clock, regions } = this.world;
    this.past.push({ at: clock.now, regions: structuredClone(regions) });
    const oldest = clock.now - 600_000;
    while (this.past.length > 1 && (this.past[1]?.at ?? 0) < oldest) this.past.shift();
  }

  /**
   * The Region as it was so many virtual seconds ago, or as far back as is known; null where nothing is. While reads
   * are monotonic, no view of a Region is older than one that was given out before.
   */
  view(region: string, secondsAgo: number): RegionState | null {
    const { clock, knobs } = this.world;
    const asked = clock.now - secondsAgo * 1000;
    const instant = knobs['consistency.monotonicReads'] ? Math.max(asked, this.seen.get(region) ?? asked) : asked;
    this.seen.set(region, instant);
    let found = this.past[0];
    for (const entry of this.past) {
      if (entry.at > instant) break;
      found = entry;
    }
    return found?.regions.get(region) ?? null;
  }
}

/** Upper end, in virtual seconds, of how far a read may lag behind; by the knobs. */
export function lagWindow({ knobs }: World, action: string): number {
  switch (action) {
    case 'DescribeNetworkInterfaces':
      return knobs['consistency.elbInterfacesSeconds'];
    case 'DescribeTargetHealth':
      return knobs['consistency.targetsSeconds'];
    case 'DescribeTags':
      return knobs['consistency.tagsSeconds'];
    case 'DescribeLoadBalancers':
      return knobs['consistency.loadBalancersSeconds'];
    case 'DescribeSecurityGroups':
    case 'DescribeSecurityGroupRules':
      return knobs['consistency.rulesSeconds'];
    default:
      return action.startsWith('Describe') ? knobs['consistency.createdSeconds'] : 0;
  }
}
