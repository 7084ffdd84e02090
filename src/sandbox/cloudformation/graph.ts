/**
 * Works on items side by side, each as soon as all that it needs is done.
 * @param needs item -> what has to be done first; names that are no items count as done
 * @param start begins an item; it calls back once, with why it failed or null
 * @param keepsGoing whether items that need nothing of what failed are still begun
 * @param end called once, when nothing runs any more, with what failed
 */
export function inOrder(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  start: (item: string, done: (failure: string | null) => void) => void,
  keepsGoing: boolean,
  end: (failed: ReadonlyMap<string, string>) => void,
): void {
  const open = new Set(needs.keys());
  const failed = new Map<string, string>();
  let running = 0;
  let ended = false;

  const isFree = (item: string): boolean =>
    [...(needs.get(item) ?? [])].every((other) => !needs.has(other) || (!open.has(other) && !failed.has(other)));

  function advance(): void {
    if (ended) return;
    const next = [...open].find((item) => !begun.has(item) && isFree(item));
    if (next !== undefined && (keepsGoing || failed.size === 0)) {
      begun.add(next);
      running += 1;
      start(next, (failure) => {
        running -= 1;
        open.delete(next);
        if (failure !== null) failed.set(next, failure);
        advance();
      });
      advance();
      return;
    }
    if (running > 0) return;
    ended = true;
    end(failed);
  }

  const begun = new Set<string>();
  advance();
}

/** What each item is needed by: the order in which things are taken down. */
export function reversed(needs: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const out = new Map([...needs.keys()].map((item) => [item, new Set<string>()]));
  for (const [item, others] of needs) for (const other of others) out.get(other)?.add(item);
  return out;
}
