import type { Aws } from '../aws/ports.js';
import { AwsFailure } from '../errors.js';
import { lastSummary, SUMMARY_FIELD } from '../plan/last-sync.js';
import { isBusy, type Stack, type StackResource } from '../plan/stack.js';
import type { Warning } from './outcome.js';
import type { LastSyncReport } from './stack-outcome.js';

/** Minutes. The function runs every minute: whoever has not run for so long has stopped. */
const WINDOW = 15;

/**
 * The last run of the stack's function, by its own log. Its metrics would tell sums of a minute, minutes late and for
 * money; the log's last line of a run is exact, names the rule or the error, and costs nothing to look for.
 * @returns null where the stack has no such log, or it cannot be read; a warning says so then
 */
export async function lastSync(
  stack: Stack,
  resources: readonly StackResource[],
  aws: Aws,
  now: Date,
  warnings: Warning[],
): Promise<LastSyncReport | null> {
  const group = resources.find(({ type, logicalId }) => type === 'AWS::Logs::LogGroup' && logicalId === 'SyncLogs');
  if (!group?.physicalId) return null;
  const since = new Date(now.getTime() - WINDOW * 60_000);
  try {
    const summary = lastSummary(await (await aws.logs()).linesWith(group.physicalId, SUMMARY_FIELD, since));
    if (summary === null) {
      // While AWS works on the stack, the function may not be there yet, or be gone.
      if (!isBusy(stack.status)) warnings.push(noneSeen(stack, group.physicalId, aws.region));
      return { minutes: WINDOW, run: null };
    }
    const { at, ...what } = summary;
    const secondsAgo = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
    return { minutes: WINDOW, run: { at: at.toISOString(), secondsAgo, ...what } };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    warnings.push({ code: 'LastSyncUnknown', message: `The last sync is not known: ${error.message}` });
    return null;
  }
}

const noneSeen = ({ name }: Stack, group: string, region: string): Warning => ({
  code: 'NoSyncSeen',
  message: `No sync by the function of ${name} stands in the last ${WINDOW} minutes of its log; that of an older lbbridge tells of none: deploy again. What it said last: aws logs tail ${group} --since 1d --region ${region}`,
});
