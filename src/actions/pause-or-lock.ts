import type { TargetFacts } from '../plan/facts.js';
import { PAUSE_REASON_TAG, PAUSED_BY_TAG } from '../plan/model.js';
import { pauseOf } from '../plan/pause.js';
import type { Refusal } from '../plan/refusals.js';

/** S7: the lock that forbids every write of this process, or null. */
export const readOnlyLock = (readOnly: boolean): Refusal | null =>
  readOnly
    ? {
        rule: 'S7',
        message: 'LBBRIDGE_READ_ONLY is set: nothing is written.',
        suggestions: ['Unset LBBRIDGE_READ_ONLY to write; no flag lifts it.'],
        scope: 'everything',
      }
    : null;

/**
 * S7: what forbids every write to this group, or null.
 * @param started when the run began: a pause that ends on the way is honoured to the run's end
 */
export function pauseOrLock(
  { targetGroup, tags }: Pick<TargetFacts, 'targetGroup' | 'tags'>,
  readOnly: boolean,
  started: Date,
): { readonly code: 'ReadOnly' | 'Paused'; readonly refusal: Refusal } | null {
  const lock = readOnlyLock(readOnly);
  if (lock) return { code: 'ReadOnly', refusal: lock };
  const until = pauseOf(tags, started);
  if (until === null) return null;
  const reason = tags.get(PAUSE_REASON_TAG);
  const by = tags.get(PAUSED_BY_TAG);
  const end = until === true ? 'until its tag lbbridge:paused is removed' : `until ${until.toISOString()}`;
  return {
    code: 'Paused',
    refusal: {
      rule: 'S7',
      message: `${targetGroup.name} is paused ${end}${by ? ` by ${by}` : ''}${reason ? ` (${reason})` : ''}: nothing is written to it.`,
      suggestions: [`To end the pause: lbbridge resume ${targetGroup.name}`],
      scope: 'everything',
    },
  };
}
