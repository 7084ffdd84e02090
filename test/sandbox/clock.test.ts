import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/sandbox/clock.js';

describe('virtual time', () => {
  test('stands still until it is stepped, and runs tasks at their own instants, in order', () => {
    const clock = new VirtualClock(1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now]);
    clock.after(2, note('late'));
    clock.after(1, note('early'));
    clock.after(1, note('second of its instant'));
    clock.catchUp();
    expect(ran).toEqual([]);
    clock.advance(1.5);
    expect(ran).toEqual([
      ['early', 2_000],
      ['second of its instant', 2_000],
    ]);
    clock.advance(1);
    expect(ran.at(-1)).toEqual(['late', 3_000]);
    expect(clock.now).toBe(3_500);
  });

  test('tasks may schedule tasks within the same step', () => {
    const clock = new VirtualClock(0);
    const ticks: number[] = [];
    const tick = (): void => {
      ticks.push(clock.now);
      clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.advance(35);
    expect(ticks).toEqual([10_000, 20_000, 30_000]);
  });

  test('a cancelled task does not run', () => {
    const clock = new VirtualClock(0);
    let ran = false;
    clock.after(1, () => {
      ran = true;
    })();
    clock.advance(2);
    expect(ran).toBe(false);
  });

  test('runs as fast as it is told, by a real clock', () => {
    let real = 0;
    const clock = new VirtualClock(0, 60, () => real);
    real = 1_000;
    clock.catchUp();
    expect(clock.now).toBe(60_000);
    clock.setSpeed(0);
    real = 2_000;
    clock.catchUp();
    expect(clock.now).toBe(60_000);
  });

  test('tells before it moves, with the instant it moves to', () => {
    const clock = new VirtualClock(0);
    const moves: [number, number][] = [];
    clock.onMove((to) => moves.push([clock.now, to]));
    clock.after(1, () => undefined);
    clock.advance(3);
    expect(moves).toEqual([
      [0, 1_000],
      [1_000, 3_000],
    ]);
  });

  test('a thousand tasks in any order come out sorted', () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    for (let n = 0; n < 1000; n++) clock.after((n * 7919) % 1000, () => seen.push(clock.now));
    clock.advance(1000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen).toHaveLength(1000);
  });
});
