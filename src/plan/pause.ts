import { PAUSED_TAG, type Tags } from './model.js';

/** S7: `true` where the pause has no end, else the instant it ends; null where the group is not paused at `now`. */
export function pauseOf(tags: Tags, now: Date): Date | true | null {
  const value = tags.get(PAUSED_TAG);
  if (value === undefined) return null;
  // Date.parse takes far more than ISO 8601 ("1" is a date to it): what is not plainly a time pauses without end.
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(value)) return true;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10));
  const until = new Date(value.length > 10 && !hasZone ? `${value}Z` : value);
  if (Number.isNaN(until.getTime())) return true;
  return until > now ? until : null;
}
