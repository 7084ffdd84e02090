import { unreadable } from './call.js';

/** Reads every page, to the last. A marker that comes twice would never end, and is no answer. */
export async function everyPage<Item>(
  action: string,
  read: (marker: string | undefined) => Promise<{ items: readonly Item[]; marker: string | undefined }>,
): Promise<Item[]> {
  const found: Item[] = [];
  const seen = new Set<string>();
  let next: string | undefined;
  do {
    const { items, marker } = await read(next);
    for (const item of items) found.push(item);
    next = marker || undefined;
    if (next !== undefined && seen.has(next)) throw unreadable(action, 'the same page marker twice');
    if (next !== undefined) seen.add(next);
  } while (next !== undefined);
  return found;
}
