import { type Access, TARGETS_PER_CALL } from '../aws/ports.js';
import { OperationError } from '../errors.js';
import { isRegistered } from '../plan/health.js';
import { PAUSE_TAGS, SOURCE_TAG, type Target, type TargetGroup } from '../plan/model.js';
import type { Refusal } from '../plan/refusals.js';
import { findTargetGroup } from './find.js';
import type { Outcome, ReleaseResult, TargetReport } from './outcome.js';
import { pauseOrLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { errorReport, targetGroupReport } from './report.js';
import { refused } from './verdict.js';

export interface ReleaseOptions {
  /** Name or ARN. */
  readonly targetGroup: string;
  readonly access: Access;
  /**
   * Asks for the group's name, and gives what was said; null: a no.
   * @throws UsageError where nobody is there to ask
   */
  readonly confirm: (group: TargetGroup, targets: number) => Promise<string | null>;
  /** The lock of S7. */
  readonly readOnly: boolean;
}

/**
 * Ends a bridge, also one whose load balancer is gone: deregisters every target of a group that is ours and takes our
 * tags away, the tags last, so that a run that is cut off leaves a group that is still ours.
 */
export async function releaseGroup(
  { targetGroup, access, confirm, readOnly }: ReleaseOptions,
  { connect, now, signal }: Pick<Ports, 'connect' | 'now' | 'signal'>,
): Promise<Outcome<ReleaseResult>> {
  const { loadBalancing } = connect(access);
  const group = await findTargetGroup(targetGroup, { loadBalancing });
  const [targets, tags] = await Promise.all([loadBalancing.targets(group.arn), loadBalancing.tags(group.arn)]);
  const registered = targets.filter(isRegistered);
  const deregistered: TargetReport[] = [];
  const result: ReleaseResult = { targetGroup: targetGroupReport(group), deregistered };

  const stop =
    pauseOrLock({ targetGroup: group, tags }, readOnly, now())?.refusal ?? notOurs(group, tags.get(SOURCE_TAG));
  if (stop) return { result, warnings: [], ...refused(stop) };
  const said = await confirm(group, registered.length);
  if (said === null) return { result, warnings: [], status: 5, error: declined };
  if (said !== group.name) return { result, warnings: [], ...refused(anotherName(group, said)) };

  try {
    for (let start = 0; start < registered.length; start += TARGETS_PER_CALL) {
      if (signal.aborted) throw new OperationError('Interrupted', 'Interrupted: what was not done yet is left.');
      const chunk = registered.slice(start, start + TARGETS_PER_CALL);
      await loadBalancing.deregisterTargets(group.arn, chunk);
      deregistered.push(...chunk.map(asReport));
    }
    await loadBalancing.removeTags(group.arn, [SOURCE_TAG, ...PAUSE_TAGS]);
  } catch (error) {
    return { result, warnings: [], status: deregistered.length > 0 ? 4 : 1, error: errorReport(error) };
  }
  return { result, warnings: [], status: 0 };
}

const declined = { code: 'Declined', message: 'Declined: nothing was changed.', suggestions: [] };

const notOurs = ({ name }: TargetGroup, owner: string | undefined): Refusal | null =>
  owner === undefined
    ? {
        rule: 'S5',
        message: `${name} carries no tag lbbridge:source: it is no bridge of ours to end.`,
        suggestions: ['Deregister its targets with the AWS CLI, if they are to go.'],
        scope: 'everything',
      }
    : null;

const anotherName = ({ name }: TargetGroup, said: string): Refusal => ({
  rule: 'S13',
  message: `${JSON.stringify(said)} is not the name of the target group, which is ${name}: nothing was changed.`,
  suggestions: [`To end this bridge: --confirm ${name}`],
  scope: 'everything',
});

const asReport = ({ ip, port, zone, state, reason }: Target): TargetReport => ({
  ip,
  port,
  availabilityZone: zone,
  health: state,
  reason,
});
