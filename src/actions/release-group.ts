import { type Access, TARGETS_PER_CALL } from '../aws/ports.js';
import { type AccessSettings, loadBalancerAccess } from '../config/access.js';
import { parseAlbArn } from '../config/reference.js';
import { OperationError } from '../errors.js';
import { compareAddresses } from '../plan/cidr.js';
import { isRegistered } from '../plan/health.js';
import {
  PAUSE_TAGS,
  type SecurityGroupRule,
  SOURCE_TAG,
  type Tags,
  type Target,
  type TargetGroup,
} from '../plan/model.js';
import type { Refusal } from '../plan/refusals.js';
import { compareRules } from '../plan/rule-peers.js';
import { findTargetGroup } from './find.js';
import type { Outcome, ReleaseResult, RuleReport, TargetReport, Warning } from './outcome.js';
import { pauseOrLock } from './pause-or-lock.js';
import type { Ports } from './ports.js';
import { errorReport, ruleReport, targetGroupReport } from './report.js';
import { revokeRules } from './revoke-rules.js';
import { rulesOfBridge } from './rules-of-bridge.js';
import { declined, refused } from './verdict.js';

export interface ReleaseOptions {
  /** Name or ARN. */
  readonly targetGroup: string;
  readonly access: Access;
  /** How the ALB's side is reached, for our rules in its security groups. */
  readonly albSettings: AccessSettings;
  /**
   * Shows what is to go, asks for the group's name, and gives what was said; null: a no.
   * @throws UsageError where nobody is there to ask
   */
  readonly confirm: (going: ReleaseResult) => Promise<string | null>;
  /** The lock of S7. */
  readonly readOnly: boolean;
}

/**
 * Ends a bridge, also one whose load balancer is gone: deregisters every target of a group that is ours, takes away our
 * rules that let its NLB in, and our tags, the tags last, so that a run that is cut off leaves a group that is still
 * ours. What another run has done meanwhile is no failure.
 */
export async function releaseGroup(
  { targetGroup, access, albSettings, confirm, readOnly }: ReleaseOptions,
  { connect, now, signal }: Pick<Ports, 'connect' | 'now' | 'signal'>,
): Promise<Outcome<ReleaseResult>> {
  const started = now();
  const groupSide = connect(access);
  const { loadBalancing } = groupSide;
  const group = await findTargetGroup(targetGroup, groupSide);
  const [targets, tags] = await Promise.all([loadBalancing.targets(group.arn), loadBalancing.tags(group.arn)]);
  const deregistered: TargetReport[] = [];
  const revoked: RuleReport[] = [];
  const result: ReleaseResult = { targetGroup: targetGroupReport(group), deregistered, revoked };

  const owner = tags.get(SOURCE_TAG) ?? '';
  const stopBy = (known: Tags): Refusal | null =>
    pauseOrLock({ targetGroup: group, tags: known }, readOnly, started)?.refusal ?? notOurs(group, known, owner);
  const stop = stopBy(tags);
  if (stop) return { result, warnings: [], ...refused(stop) };
  const albSide = connect(loadBalancerAccess(parseAlbArn(owner) ? owner : undefined, albSettings, access));
  const rules = [...(await rulesOfBridge(group, owner, { groupSide, albSide }))].sort(compareRules);
  const registered = targets.filter(isRegistered).sort((a, b) => compareAddresses(a.ip, b.ip) || a.port - b.port);

  const said = await confirm({ ...result, deregistered: registered.map(asReport), revoked: rules.map(ruleReport) });
  if (said === null) return { result, warnings: [], ...declined };
  if (said !== group.name) return { result, warnings: [], ...refused(anotherName(group, said)) };

  // A person may have thought for long: what was a bridge of ours may have become another's, or be paused, meanwhile.
  const late = stopBy(await loadBalancing.tags(group.arn));
  if (late) return { result, warnings: [], ...refused(late) };

  const warnings = group.loadBalancerArns.length === 0 ? [rulesNotSought(group)] : [];
  const checkpoint = (): void => {
    if (signal.aborted) throw new OperationError('Interrupted', 'Interrupted: what was not done yet is left.');
  };
  try {
    for (let start = 0; start < registered.length; start += TARGETS_PER_CALL) {
      checkpoint();
      const chunk = registered.slice(start, start + TARGETS_PER_CALL);
      await loadBalancing.deregisterTargets(group.arn, chunk);
      deregistered.push(...chunk.map(asReport));
    }
    for (const [groupId, some] of byGroup(rules)) {
      checkpoint();
      await revokeRules(albSide.securityGroups, groupId, some, (gone, byUs) => {
        if (byUs) revoked.push(...gone.map(ruleReport));
      });
    }
    checkpoint();
    await loadBalancing.removeTags(group.arn, [SOURCE_TAG, ...PAUSE_TAGS]);
  } catch (error) {
    const status = deregistered.length + revoked.length > 0 ? 4 : 1;
    return { result, warnings, status, error: errorReport(error) };
  }
  return { result, warnings, status: 0 };
}

function notOurs({ name }: TargetGroup, tags: Tags, owner: string): Refusal | null {
  const now = tags.get(SOURCE_TAG);
  if (now === owner) return null;
  return {
    rule: 'S5',
    message:
      now === undefined
        ? `${name} carries no tag lbbridge:source: it is no bridge of ours to end.`
        : `${name} has become the bridge of ${now} meanwhile: nothing was changed.`,
    suggestions:
      now === undefined
        ? ['Deregister its targets with the AWS CLI, if they are to go.']
        : ['Look at it again: lbbridge list'],
    scope: 'everything',
  };
}

const anotherName = ({ name }: TargetGroup, said: string): Refusal => ({
  rule: 'S13',
  message: `${JSON.stringify(said)} is not the name of the target group, which is ${name}: nothing was changed.`,
  suggestions: [`To end this bridge: --confirm ${name}`],
  scope: 'everything',
});

const rulesNotSought = ({ name }: TargetGroup): Warning => ({
  code: 'RulesNotSought',
  message: `No listener sends to ${name}, so that the NLB that our rules would name is not known: no security group was looked at.`,
});

function byGroup(rules: readonly SecurityGroupRule[]): Map<string, SecurityGroupRule[]> {
  const groups = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) groups.set(rule.groupId, [...(groups.get(rule.groupId) ?? []), rule]);
  return groups;
}

const asReport = ({ ip, port, zone, state, reason }: Target): TargetReport => ({
  ip,
  port,
  availabilityZone: zone,
  health: state,
  reason,
});
