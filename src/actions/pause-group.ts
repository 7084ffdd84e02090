import type { Access } from '../aws/ports.js';
import { PAUSE_REASON_TAG, PAUSED_TAG } from '../plan/model.js';
import { findTargetGroup } from './find.js';
import type { Outcome, PauseResult } from './outcome.js';
import { readOnlyLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { targetGroupReport } from './report.js';
import { refused } from './verdict.js';

export interface PauseOptions {
  /** Name or ARN. */
  readonly targetGroup: string;
  readonly access: Access;
  /** Milliseconds; undefined: until somebody resumes. */
  readonly duration?: number | undefined;
  readonly reason?: string | undefined;
  /** The lock of S7. */
  readonly readOnly: boolean;
}

/** Sets the pause of S7: every lbbridge leaves the group alone until it ends. A pause that is there already is replaced. */
export async function pauseGroup(
  { targetGroup, access, duration, reason, readOnly }: PauseOptions,
  { connect, now }: Pick<Ports, 'connect' | 'now'>,
): Promise<Outcome<PauseResult>> {
  const aws = connect(access);
  const group = await findTargetGroup(targetGroup, aws);
  const report = targetGroupReport(group);
  const lock = readOnlyLock(readOnly);
  if (lock) return { result: { targetGroup: report, paused: false }, warnings: [], ...refused(lock) };
  const until = duration === undefined ? null : new Date(now().getTime() + duration).toISOString();
  if (reason === undefined) await aws.loadBalancing.removeTags(group.arn, [PAUSE_REASON_TAG]);
  await aws.loadBalancing.addTags(
    group.arn,
    new Map([
      [PAUSED_TAG, until ?? 'until resumed'],
      ...(reason === undefined ? [] : [[PAUSE_REASON_TAG, reason] as const]),
    ]),
  );
  return { result: { targetGroup: report, paused: until ?? true }, warnings: [], status: 0 };
}

/** Ends the pause of S7. A group that is not paused stays as it is. */
export async function resumeGroup(
  { targetGroup, access, readOnly }: Pick<PauseOptions, 'targetGroup' | 'access' | 'readOnly'>,
  { connect }: Pick<Ports, 'connect'>,
): Promise<Outcome<PauseResult>> {
  const aws = connect(access);
  const group = await findTargetGroup(targetGroup, aws);
  const report = targetGroupReport(group);
  const paused = (await aws.loadBalancing.tags(group.arn)).get(PAUSED_TAG);
  if (paused === undefined) {
    const message = `${group.name} was not paused.`;
    return { result: { targetGroup: report, paused: false }, warnings: [{ code: 'NotPaused', message }], status: 0 };
  }
  const lock = readOnlyLock(readOnly);
  if (lock) return { result: { targetGroup: report, paused: true }, warnings: [], ...refused(lock) };
  await aws.loadBalancing.removeTags(group.arn, [PAUSED_TAG, PAUSE_REASON_TAG]);
  return { result: { targetGroup: report, paused: false }, warnings: [], status: 0 };
}
