import { DESCRIBE_PACE } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import type { Warning } from './outcome.js';
import type { Ports } from './ports.js';

/** Load balancers, target groups and tags are read so many at a time; health is read group by group. */
const TOGETHER = 20;

/** About how long AWS's pace lets one pass over the bridges take, in seconds. Accounts and regions have paces of their own. */
export function passSeconds(bridges: readonly Pick<Bridge, 'access'>[]): number {
  const counts = new Map<string, number>();
  for (const { access } of bridges) {
    const place = JSON.stringify(access);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const reads = most + 3 * Math.ceil(most / TOGETHER);
  return Math.max(0, Math.round((reads - DESCRIBE_PACE.burst) / DESCRIBE_PACE.perSecond));
}

/** For whoever watches. */
export function announcePass(bridges: readonly Bridge[], { progress }: Pick<Ports, 'progress'>): void {
  const seconds = passSeconds(bridges);
  if (seconds > 0) progress(`Reading ${bridges.length} bridges: about ${seconds} s, at half of AWS's pace`);
}

/** Seconds between two starts by cron, which knows nothing shorter. */
const A_MINUTE = 60;

/** For whoever starts a pass each minute, though it takes longer. */
export function passWarnings(bridges: readonly Bridge[]): Warning[] {
  const seconds = passSeconds(bridges);
  if (seconds < A_MINUTE) return [];
  const message =
    `A pass over ${bridges.length} bridges takes about ${seconds} s: lbbridge leaves half of what AWS lets an account ` +
    'read to others. Start the next one later than that.';
  return [{ code: 'LongPass', message }];
}
