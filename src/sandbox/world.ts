import type { VirtualClock } from './clock.js';
import type { Policy } from './iam/policy.js';
import type { Knobs } from './knobs.js';
import type { Random } from './random.js';
import type { Account, Principal, RegionState } from './state.js';

/** One simulated AWS: time, chance, knobs and every account's resources. Operations and engine share it. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly knobs: Knobs;
  readonly accounts: Map<string, Account>;
  readonly regions: Map<string, RegionState>;
  /** Access keys that may sign requests. */
  readonly credentials: Map<string, Credential>;
  /** Identity policies in force, by the ARN of the user or role that holds them. */
  readonly policies: Map<string, (Policy & { readonly document: unknown })[]>;
}

export interface Credential {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  /** Present for keys that STS issued; a request signed with them carries it. */
  readonly sessionToken?: string;
  /** Real epoch milliseconds. */
  readonly expiresAt?: number;
}
