/**
 * Gathers what is asked for within one turn of the event loop into few calls. Nothing outlives the turn: an answer is
 * handed to those who asked together, and whoever asks later gets a fresh one.
 */
export class Batch<Answer> {
  private waiting = new Map<string, Promise<Answer>>();
  private settlers = new Map<string, { resolve: (answer: Answer) => void; reject: (error: unknown) => void }>();

  /**
   * @param size how many keys fit into a call
   * @param run makes one call; the answer to every key, in order
   * @param splits whether a failed call is repeated key by key, so that one bad key fails alone
   */
  constructor(
    private readonly size: number,
    private readonly run: (keys: readonly string[]) => Promise<readonly Answer[]>,
    private readonly splits: (error: unknown) => boolean,
  ) {}

  get(key: string): Promise<Answer> {
    const known = this.waiting.get(key);
    if (known) return known;
    if (this.waiting.size === 0) setImmediate(() => this.flush());
    const answer = new Promise<Answer>((resolve, reject) => this.settlers.set(key, { resolve, reject }));
    this.waiting.set(key, answer);
    return answer;
  }

  private flush(): void {
    const settlers = [...this.settlers];
    this.waiting = new Map();
    this.settlers = new Map();
    for (let start = 0; start < settlers.length; start += this.size)
      void this.call(settlers.slice(start, start + this.size));
  }

  private async call(
    settlers: [string, { resolve: (a: Answer) => void; reject: (e: unknown) => void }][],
  ): Promise<void> {
    try {
      const answers = await this.run(settlers.map(([key]) => key));
      for (const [index, [, { resolve }]] of settlers.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (settlers.length > 1 && this.splits(error)) for (const one of settlers) void this.call([one]);
      else for (const [, { reject }] of settlers) reject(error);
    }
  }
}

/** Reads a key once for all who ask within one turn of the event loop. */
export function shared<Answer>(read: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const batch = new Batch<Answer>(
    1,
    async (keys) => Promise.all(keys.map(read)),
    () => false,
  );
  return (key) => batch.get(key);
}
