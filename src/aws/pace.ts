/** Runs a task at once, or as soon as one of those before it has ended. */
export type Pace = <Result>(task: () => Promise<Result>) => Promise<Result>;

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
