import { constraint, validationError } from '../wire/errors.js';
import type { Call } from '../wire/operation.js';

/** One page by Marker and PageSize: 400 items at most, whatever is asked for. */
export function paged<T>(
  { params }: Call,
  all: readonly T[],
  arnOf: (item: T) => string,
): { items: readonly T[]; NextMarker: string | undefined } {
  const size = params.integer('PageSize') ?? 400;
  if (size < 1) throw constraint(String(size), 'pageSize', 'Member must have value greater than or equal to 1');
  if (size > 400) throw constraint(String(size), 'pageSize', 'Member must have value less than or equal to 400');
  const sorted = [...all].sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1));
  const marker = params.string('Marker');
  let start = 0;
  if (marker !== undefined) {
    const after = Buffer.from(marker, 'base64url').toString();
    if (!after.startsWith('arn:')) throw validationError('The specified marker is not valid');
    start = sorted.findIndex((item) => arnOf(item) > after);
    if (start < 0) start = sorted.length;
  }
  const items = sorted.slice(start, start + size);
  const last = items.at(-1);
  const more = start + size < sorted.length && last !== undefined;
  return { items, NextMarker: more ? Buffer.from(arnOf(last)).toString('base64url') : undefined };
}
