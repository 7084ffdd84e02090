/**
 * Virtual time. All state changes of the simulated AWS happen at virtual instants; nothing here sets an
 * operating-system timer, so a stopped clock costs nothing and a year can be stepped through in one call.
 *
 * Three modes: `manual` (moves only by `advance`), and `running` at a speed (1 = real time, 60 = a minute a second).
 * Whoever reads the state calls `catchUp()` first: it runs every task that has come due, each at its own instant.
 */
export class VirtualClock {
  /** Virtual now in milliseconds since the epoch, as of the last `catchUp` or `advance`. */
  private current: number;
  private anchor: { real: number; virtual: number };
  private speedFactor: number;
  private sequence = 0;
  private readonly tasks = new TaskHeap();
  private readonly listeners: { beforeMove?: (to: number) => void; afterTask?: () => void }[] = [];

  /** @param start virtual epoch milliseconds; @param speed 0 stops the clock (manual mode). */
  constructor(
    start: number,
    speed = 0,
    private readonly realNow: () => number = () => performance.now(),
  ) {
    this.current = start;
    this.speedFactor = speed;
    this.anchor = { real: this.realNow(), virtual: start };
  }

  get now(): number {
    return this.current;
  }

  get speed(): number {
    return this.speedFactor;
  }

  /** Changes the speed from this instant on; 0 stops the clock. */
  setSpeed(speed: number): void {
    this.catchUp();
    this.speedFactor = speed;
    this.anchor = { real: this.realNow(), virtual: this.current };
  }

  /** Runs `action` at virtual instant `at` (now, if that is past). Returns a function that cancels it. */
  schedule(at: number, action: () => void): () => void {
    const task: Task = { at: Math.max(at, this.current), order: this.sequence++, action, cancelled: false };
    this.tasks.push(task);
    return () => {
      task.cancelled = true;
    };
  }

  /** Runs `action` after `seconds` of virtual time. */
  after(seconds: number, action: () => void): () => void {
    return this.schedule(this.current + seconds * 1000, action);
  }

  /** Calls back after each task, when the state may have changed. */
  onChange(afterTask: () => void): void {
    this.listeners.push({ afterTask });
  }

  /** Calls back before time moves on, while the state of the interval that ends is still in place. */
  onMove(beforeMove: (to: number) => void): void {
    this.listeners.push({ beforeMove });
  }

  /** Brings a running clock up to the present. A stopped one runs only what is already due. */
  catchUp(): void {
    const target =
      this.speedFactor === 0
        ? this.current
        : this.anchor.virtual + (this.realNow() - this.anchor.real) * this.speedFactor;
    this.runUntil(Math.max(target, this.current));
  }

  /** Moves virtual time forward by `seconds`, running every task on the way. */
  advance(seconds: number): void {
    this.catchUp();
    this.runUntil(this.current + seconds * 1000);
    this.anchor = { real: this.realNow(), virtual: this.current };
  }

  private runUntil(target: number): void {
    for (let task = this.tasks.peek(); task && task.at <= target; task = this.tasks.peek()) {
      this.tasks.pop();
      if (task.cancelled) continue;
      this.moveTo(Math.max(this.current, task.at));
      task.action();
      for (const { afterTask } of this.listeners) afterTask?.();
    }
    this.moveTo(target);
  }

  private moveTo(instant: number): void {
    if (instant > this.current) for (const { beforeMove } of this.listeners) beforeMove?.(instant);
    this.current = instant;
  }
}

interface Task {
  at: number;
  order: number;
  action: () => void;
  cancelled: boolean;
}

/** A binary heap by (at, order): tasks of one instant run in the order they were scheduled. */
class TaskHeap {
  private readonly items: Task[] = [];

  peek(): Task | undefined {
    return this.items[0];
  }

  push(task: Task): void {
    const items = this.items;
    items.push(task);
    let child = items.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (before(items[parent] as Task, items[child] as Task)) break;
      [items[parent], items[child]] = [items[child] as Task, items[parent] as Task];
      child = parent;
    }
  }

  pop(): void {
    const items = this.items;
    const last = items.pop();
    if (items.length === 0 || last === undefined) return;
    items[0] = last;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= items.length) return;
      const right = left + 1;
      const least = right < items.length && before(items[right] as Task, items[left] as Task) ? right : left;
      if (before(items[parent] as Task, items[least] as Task)) return;
      [items[parent], items[least]] = [items[least] as Task, items[parent] as Task];
      parent = least;
    }
  }
}

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
