import { VirtualClock } from './clock.js';
import { type Knobs, typical, worst } from './knobs.js';
import { Random } from './random.js';
import type { Account } from './state.js';
import type { World } from './world.js';

export interface WorldOptions {
  /** The same seed gives the same ids, addresses and chances. */
  seed?: number | undefined;
  profile?: 'typical' | 'worst' | undefined;
  knobs?: Partial<Knobs> | undefined;
  /** Virtual seconds per real second; 0 (the default) moves time only when told to. */
  speed?: number | undefined;
  /** Virtual epoch milliseconds at the start; now unless told. */
  start?: number | undefined;
}

/** The account that the sandbox's own keys belong to, and the one that scenarios with two accounts add. */
export const HOME_ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

/** An AWS with two accounts and nothing in it. */
export function createWorld({ seed = 1, profile = 'typical', knobs, start = Date.now() }: WorldOptions = {}): World {
  const world: World = {
    // Scenarios settle by stepping the clock: the caller sets it running afterwards.
    clock: new VirtualClock(start, 0),
    random: new Random(seed),
    knobs: { ...(profile === 'worst' ? worst : typical), ...knobs },
    accounts: new Map(),
    regions: new Map(),
    credentials: new Map(),
    policies: new Map(),
  };
  addAccount(world, HOME_ACCOUNT, 'AKIASANDBOXHOME00001');
  addAccount(world, OTHER_ACCOUNT, 'AKIASANDBOXOTHER0001');
  return world;
}

function addAccount(world: World, id: string, accessKeyId: string): Account {
  const account: Account = {
    id,
    zoneNames: new Map(),
    roles: new Map([
      ['bridge', {}],
      ['bridge-external', { externalId: 'bridge-7f3a' }],
    ]),
  };
  world.accounts.set(id, account);
  world.credentials.set(accessKeyId, {
    principal: {
      accessKeyId,
      accountId: id,
      arn: `arn:aws:iam::${id}:user/sandbox`,
      userId: `AIDA${id}0001`,
    },
    secretAccessKey: `sandbox-secret-of-${id}`,
  });
  return account;
}

/** The long-term keys of an account, as a client needs them. */
export function keysOf(world: World, accountId: string): { accessKeyId: string; secretAccessKey: string } {
  for (const [accessKeyId, { principal, secretAccessKey, sessionToken }] of world.credentials) {
    if (principal.accountId === accountId && sessionToken === undefined) return { accessKeyId, secretAccessKey };
  }
  throw new Error(`no account ${accountId}`);
}
