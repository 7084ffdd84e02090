import type { VirtualClock } from './clock.js';
import type { Knobs } from './knobs.js';
import type { Random } from './random.js';
import type { Account, RegionState } from './state.js';

/** One simulated AWS: time, chance, knobs and every account's resources. Operations and engine share it. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly knobs: Knobs;
  readonly accounts: Map<string, Account>;
  readonly regions: Map<string, RegionState>;
}
