import { describe, expect, it, vi } from 'vitest';
import { atMost, Bucket } from '../../src/aws/pace.js';

/** Time that passes only in `pass`, and wakes whoever sleeps in order. */
function stoppedClock() {
  let now = 0;
  let sleepers: { until: number; wake: () => void; fail: (reason: Error) => void }[] = [];
  /** Lets everything that is due run, and what it starts. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (milliseconds: number) =>
      new Promise<void>((wake, fail) => sleepers.push({ until: now + milliseconds, wake, fail })),
    async pass(milliseconds: number) {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const due = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (!due) break;
        now = Math.max(now, due.until);
        sleepers = sleepers.filter((one) => one !== due);
        due.wake();
        await settle();
      }
      now = end;
    },
    interrupt() {
      for (const { fail } of sleepers.splice(0)) fail(new Error('interrupted'));
      return settle();
    },
  };
}

/** A bucket, and the seconds at which `count` calls of it went out. */
function taking(clock: ReturnType<typeof stoppedClock>, count: number, bucket = new Bucket(RATE, clock)) {
  const times: number[] = [];
  for (let call = 0; call < count; call += 1) void bucket.take().then(() => times.push(clock.now() / 1000));
  return { bucket, times };
}
const RATE = { burst: 3, perSecond: 2 };

describe('Bucket', () => {
  it('lets a burst go at once, and the rest at its rate, in order of arrival', async () => {
    const clock = stoppedClock();
    const { times } = taking(clock, 7);
    await clock.pass(10_000);
    expect(times).toEqual([0, 0, 0, 0.5, 1, 1.5, 2]);
  });

  it('fills up again while nothing is asked, but never over its burst', async () => {
    const clock = stoppedClock();
    const { bucket } = taking(clock, 3);
    await clock.pass(1000);
    const { times } = taking(clock, 3, bucket);
    await clock.pass(60_000);
    expect(times).toEqual([1, 1, 1.5]);
    const later = taking(clock, 5, bucket);
    await clock.pass(10_000);
    expect(later.times).toEqual([61, 61, 61, 61.5, 62]);
  });

  it('pauses for all when one call is throttled, and starts from nothing after it', async () => {
    const clock = stoppedClock();
    const { bucket, times } = taking(clock, 5);
    await clock.pass(0);
    bucket.ended(true);
    await clock.pass(10_000);
    expect(times).toEqual([0, 0, 0, 1.5, 2]);
  });

  it('counts the calls of one burst as one, and doubles the pause of each in a row up to 20 s', async () => {
    const clock = stoppedClock();
    const { bucket } = taking(clock, 3);
    await clock.pass(0);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      for (let call = 0; call < 3; call += 1) bucket.ended(true);
      const asked = clock.now();
      const { times } = taking(clock, 1, bucket);
      await clock.pass(60_000);
      pauses.push((times[0] ?? 0) - asked / 1000 - 0.5);
      const { times: more } = taking(clock, 1, bucket);
      await clock.pass(0);
      expect(more).toHaveLength(1);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 20, 20]);
  });

  it('forgets the pauses after a call that went well', async () => {
    const clock = stoppedClock();
    const { bucket } = taking(clock, 1);
    bucket.ended(true);
    await clock.pass(10_000);
    bucket.ended(true);
    await clock.pass(10_000);
    bucket.ended(false);
    bucket.ended(true);
    const asked = clock.now() / 1000;
    const { times } = taking(clock, 1, bucket);
    await clock.pass(10_000);
    expect((times[0] ?? 0) - asked).toBe(1.5);
  });

  it('lets nothing go any more that waits when the run is interrupted', async () => {
    const clock = stoppedClock();
    const { times } = taking(clock, 5);
    await clock.pass(0);
    await clock.interrupt();
    await clock.pass(10_000);
    expect(times).toEqual([0, 0, 0]);
  });
});

describe('atMost', () => {
  it('runs in order of arrival, and goes on after a failure', async () => {
    const pace = atMost(1);
    const order: number[] = [];
    const task = (number: number) => async () => {
      order.push(number);
      if (number === 1) throw new Error('first');
      return number;
    };
    const results = await Promise.allSettled([1, 2, 3].map((number) => pace(task(number))));
    expect(order).toEqual([1, 2, 3]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    const late = vi.fn(async () => 4);
    expect(await pace(late)).toBe(4);
  });
});
