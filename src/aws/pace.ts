/** Runs a task at once, or as soon as one of those before it has ended. */
export type Pace = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** For one service of one access. */
export const CALLS_AT_ONCE = 20;

/** At most `limit` tasks at a time, first come, first served: AWS throttles bursts, and queued sockets time out. */
export function atMost(limit: number): Pace {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects where the run is interrupted meanwhile. */
  sleep(milliseconds: number): Promise<void>;
}

/** A bucket of calls: `burst` at once, and `perSecond` from then on. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Milliseconds. All calls pause for so long when AWS throttles one, and for twice as long each time in a row. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 20_000;

/**
 * Spends a share of AWS's bucket for an account and region, first come, first served, and backs off as one: when AWS
 * throttles a call, somebody else has emptied the bucket, and every further call would be throttled with it.
 */
export class Bucket {
  private tokens: number;
  /** When `tokens` was true. */
  private at: number;
  private pause = 0;
  private pausedUntil = 0;
  private waiting: (() => void)[] = [];
  private isServing = false;

  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {
    this.tokens = rate.burst;
    this.at = clock.now();
  }

  /** Resolves when the next call may go out; never, where the run is interrupted before. */
  take(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    if (!this.isServing) void this.serve();
    return turn;
  }

  /** Tells how a call went that `take` let go out. */
  ended(wasThrottled: boolean): void {
    const now = this.clock.now();
    // Calls that went out together tell only once what they found.
    if (now < this.pausedUntil) return;
    if (!wasThrottled) {
      this.pause = 0;
      return;
    }
    this.pause = Math.min(Math.max(FIRST_PAUSE, this.pause * 2), LONGEST_PAUSE);
    this.pausedUntil = now + this.pause;
    this.tokens = 0;
    this.at = this.pausedUntil;
  }

  private async serve(): Promise<void> {
    this.isServing = true;
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        const wait = this.untilNext();
        if (wait > 0) {
          await this.clock.sleep(wait);
          continue;
        }
        this.tokens -= 1;
        this.waiting.shift();
        next();
      }
    } catch {
      this.waiting = [];
    } finally {
      this.isServing = false;
    }
  }

  /** Milliseconds until there is a token. */
  private untilNext(): number {
    const now = this.clock.now();
    if (now < this.pausedUntil) return this.pausedUntil - now;
    const { burst, perSecond } = this.rate;
    this.tokens = Math.min(burst, this.tokens + ((now - this.at) / 1000) * perSecond);
    this.at = now;
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / perSecond) * 1000);
  }
}
