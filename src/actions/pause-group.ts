import type { Access, Identity } from '../aws/ports.js';
import { asTagValue } from '../config/values.js';
import { OperationError } from '../errors.js';
import { PAUSE_REASON_TAG, PAUSE_TAGS, PAUSED_BY_TAG, PAUSED_TAG } from '../plan/model.js';
import { pauseOf } from '../plan/pause.js';
import { findTargetGroup } from './find.js';
import type { Outcome, PauseResult, Warning } from './outcome.js';
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

/**
 * Sets the pause of S7, with who set it and why: every lbbridge leaves the group alone until it ends. A pause that is
 * there already is replaced.
 */
export async function pauseGroup(
  { targetGroup, access, duration, reason, readOnly }: PauseOptions,
  { connect, now }: Pick<Ports, 'connect' | 'now'>,
): Promise<Outcome<PauseResult>> {
  const { loadBalancing, identity } = connect(access);
  const lock = readOnlyLock(readOnly);
  const [group, caller] = await Promise.all([
    findTargetGroup(targetGroup, { loadBalancing }),
    lock ? nobody : whoPauses(identity),
  ]);
  const report = targetGroupReport(group);
  if (lock) return { result: { targetGroup: report, paused: false }, warnings: [], ...refused(lock) };
  const until = duration === undefined ? null : new Date(now().getTime() + duration).toISOString();
  const fresh = new Map([
    [PAUSED_TAG, until ?? 'until resumed'],
    ...(reason === undefined ? [] : [[PAUSE_REASON_TAG, reason] as const]),
    ...(caller.arn === null ? [] : [[PAUSED_BY_TAG, asTagValue(caller.arn)] as const]),
  ]);
  const tags = await loadBalancing.tags(group.arn);
  // What an earlier pause said of itself would be told as this one's.
  const outdated = PAUSE_TAGS.filter((key) => tags.has(key) && !fresh.has(key));
  if (outdated.length > 0) await loadBalancing.removeTags(group.arn, outdated);
  await loadBalancing.addTags(group.arn, fresh);
  return { result: { targetGroup: report, paused: until ?? true }, warnings: caller.warnings, status: 0 };
}

/** Ends the pause of S7. A group that is not paused stays as it is. */
export async function resumeGroup(
  { targetGroup, access, readOnly }: Pick<PauseOptions, 'targetGroup' | 'access' | 'readOnly'>,
  { connect, now }: Pick<Ports, 'connect' | 'now'>,
): Promise<Outcome<PauseResult>> {
  const aws = connect(access);
  const group = await findTargetGroup(targetGroup, aws);
  const report = targetGroupReport(group);
  const tags = await aws.loadBalancing.tags(group.arn);
  if (!tags.has(PAUSED_TAG)) {
    const message = `${group.name} was not paused.`;
    return { result: { targetGroup: report, paused: false }, warnings: [{ code: 'NotPaused', message }], status: 0 };
  }
  const lock = readOnlyLock(readOnly);
  if (lock) {
    const pause = pauseOf(tags, now());
    const paused = pause instanceof Date ? pause.toISOString() : pause === true;
    return { result: { targetGroup: report, paused }, warnings: [], ...refused(lock) };
  }
  await aws.loadBalancing.removeTags(group.arn, PAUSE_TAGS);
  return { result: { targetGroup: report, paused: false }, warnings: [], status: 0 };
}

interface Caller {
  readonly arn: string | null;
  readonly warnings: readonly Warning[];
}

const nobody: Caller = { arn: null, warnings: [] };

/** Who is pausing must be worth a look, not a pause: at 3 a.m. the pause is what matters. */
async function whoPauses(identity: Identity): Promise<Caller> {
  try {
    return { arn: await identity.callerArn(), warnings: [] };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const message = `Paused, but who paused it could not be recorded: ${error.message}`;
    return { arn: null, warnings: [{ code: 'CallerUnknown', message }] };
  }
}
