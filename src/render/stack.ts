import type {
  LastSyncReport,
  ScalingGroupReport,
  StackChangeReport,
  StackResourceReport,
  StackResult,
  StackStatusResult,
} from '../actions/stack-outcome.js';
import type { Paint } from './paint.js';
import { safeText } from './safe.js';

/** `  + Nlb  AWS::ElasticLoadBalancingV2::LoadBalancer`, replacements called out. */
export function renderStackPlan(
  { stackName, stackStatus, changes, autoScalingGroups }: StackResult,
  paint: Paint,
): string {
  const groups = autoScalingGroups.filter(({ change }) => change !== null);
  if (changes.length + groups.length === 0) return `No changes. The stack ${stackName} is as the template wants it.`;
  const width = Math.max(0, ...changes.map(({ logicalId }) => logicalId.length));
  const rows = changes.map((change) => {
    const { sign, color, note } = look(change, paint);
    return color(`  ${sign} ${change.logicalId.padEnd(width)}  ${change.type}${note}`);
  });
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  const replaced = changes.filter(isReplaced).length;
  const sum = [
    `${count('Add')} to add`,
    `${count('Modify')} to change${replaced > 0 ? ` (${replaced} by a replacement)` : ''}`,
    `${count('Remove')} to remove`,
    ...(groups.length > 0 ? [`${groups.length} to attach or detach`] : []),
  ].join(', ');
  const isNew = stackStatus === null || stackStatus === 'REVIEW_IN_PROGRESS';
  const title = `${paint.strong(stackName)}  ${isNew ? 'a new stack' : stackStatus}`;
  return [title, ...rows, ...groups.map((one) => groupRow(one, paint)), '', paint.strong(`Plan: ${sum}.`)].join('\n');
}

/** `  + web  attached to the target group behind the ALB`, which has no name yet where it is still to be made. */
function groupRow({ name, targetGroup, change }: ScalingGroupReport, paint: Paint): string {
  const where = targetGroup === null ? 'the target group behind the ALB' : nameOf(targetGroup);
  return change === 'attach'
    ? paint.added(`  + ${name}  Auto Scaling group, attached to ${where}`)
    : paint.removed(`  - ${name}  Auto Scaling group, detached from ${where}`);
}

/** `arn:…:targetgroup/NAME/ID` */
const nameOf = (arn: string): string => arn.split('/')[1] ?? arn;

const isReplaced = ({ replacement }: StackChangeReport): boolean =>
  replacement === 'True' || replacement === 'Conditional';

function look(
  change: StackChangeReport,
  paint: Paint,
): { sign: string; color: (text: string) => string; note: string } {
  if (change.action === 'Add' || change.action === 'Import') return { sign: '+', color: paint.added, note: '' };
  if (change.action === 'Remove') return { sign: '-', color: paint.removed, note: '' };
  if (change.replacement === 'True') return { sign: '±', color: paint.removed, note: '  replaced' };
  if (change.replacement === 'Conditional') return { sign: '±', color: paint.removed, note: '  perhaps replaced' };
  return { sign: '~', color: paint.held, note: '' };
}

/** What a deployment has come to. */
export function renderDeployment(result: StackResult, paint: Paint): string {
  const { stackName, stackStatus, changes, autoScalingGroups, left } = result;
  if (stackStatus !== 'CREATE_COMPLETE' && stackStatus !== 'UPDATE_COMPLETE') {
    return [`${paint.strong(stackName)}  ${paint.removed(stackStatus ?? 'no stack')}`, ...resourceRows(left)].join(
      '\n',
    );
  }
  if (changes.length === 0 && autoScalingGroups.every(({ change }) => change === null)) {
    return renderStackPlan(result, paint);
  }
  return [
    `${paint.strong(stackName)}  ${paint.added(stackStatus)}`,
    ...outputRows(result),
    ...autoScalingGroups.map((one) => attachmentRow(one)),
    '',
    `Next: lbbridge stack status ${stackName}`,
  ].join('\n');
}

export function renderDestruction({ stackName, stackStatus, left }: StackResult, paint: Paint): string {
  if (stackStatus !== 'DELETE_COMPLETE') {
    return [`${paint.strong(stackName)}  ${stackStatus}`, ...resourceRows(left)].join('\n');
  }
  if (left.length === 0) return `${paint.strong(stackName)} is gone, and nothing of it is left.`;
  return [`${paint.strong(stackName)} is gone; this is left:`, ...resourceRows(left)].join('\n');
}

export function renderStackStatus(result: StackStatusResult, paint: Paint): string {
  const { stackName, stackStatus, changes, left, bridges, autoScalingGroups, lastSync } = result;
  const driftRow = ({ action, logicalId, type }: StackChangeReport): string =>
    paint.held(`  ${action === 'Remove' ? '-' : '~'} ${logicalId}  ${type}`);
  const rows = bridges.map(({ targetGroup, source, health, inSync }) => {
    const states = Object.entries(health).map(([state, count]) => `${count} ${state}`);
    const name = source === null ? 'no load balancer yet' : (source.split('/')[2] ?? source);
    const verdict = inSync === null ? '' : inSync ? '  in sync' : paint.held('  out of sync');
    return `  ${targetGroup}  <-  ${name}: ${states.join(', ') || 'no targets'}${verdict}`;
  });
  return [
    `${paint.strong(stackName)}  ${stackStatus}`,
    ...resourceRows(left),
    ...(Object.keys(result.outputs).length > 0 ? ['', 'Outputs', ...outputRows(result)] : []),
    ...(rows.length > 0 ? ['', 'Bridge', ...rows] : []),
    ...(autoScalingGroups.length > 0 ? ['', 'Behind the ALB', ...autoScalingGroups.map(toBeSettled)] : []),
    ...(lastSync === null ? [] : ['', 'Last sync', `  ${lastSyncText(lastSync, paint)}`]),
    ...(changes.length > 0 ? ['', 'Changed by hand', ...changes.map(driftRow)] : []),
  ].join('\n');
}

/** `2026-01-02 03:04:05 UTC, 40s ago: 1 registered, 0 deregistered, 0 held` */
function lastSyncText({ minutes, run }: LastSyncReport, paint: Paint): string {
  if (run === null) return paint.removed(`none seen for ${minutes} minutes`);
  const { at, secondsAgo, status, registered, deregistered, held, error } = run;
  const counts = `${registered} registered, ${deregistered} deregistered, ${held} held`;
  const done = registered + deregistered + held === 0 ? 'nothing to do' : counts;
  const changed = registered + deregistered > 0 ? ` (${counts})` : '';
  const why = error === null ? '' : `: ${error.message}`;
  const what =
    status === 0
      ? done
      : status === 3
        ? paint.held(`refused by ${error?.rule ?? 'a rule'}${changed}${why}`)
        : paint.removed(`failed${error === null ? '' : ` with ${error.code}`}${changed}${why}`);
  return `${at.slice(0, 19).replace('T', ' ')} UTC, ${timeText(secondsAgo)} ago: ${what}`;
}

/** `40s`, `1m05s` */
const timeText = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
/** How far the attachment is. */
function attachmentRow({ name, targetGroup, change, state }: ScalingGroupReport): string {
  const how = change === 'detach' && state === 'absent' ? 'detached' : state;
  return `  ${name}  ->  ${targetGroup === null ? 'no target group yet' : nameOf(targetGroup)}: ${how}`;
}

/** The same, with what the next deployment would do about it. */
const toBeSettled = (one: ScalingGroupReport): string =>
  one.change === null ? attachmentRow(one) : `${attachmentRow(one)}; the next deployment is to ${one.change} it`;

function resourceRows(resources: readonly StackResourceReport[]): string[] {
  const width = (text: (one: StackResourceReport) => string): number =>
    Math.max(0, ...resources.map((one) => text(one).length));
  const first = width(({ logicalId }) => logicalId);
  const second = width(({ status }) => status);
  return resources.map(({ logicalId, status, physicalId, reason }) =>
    `  ${logicalId.padEnd(first)}  ${status.padEnd(second)}  ${reason ?? physicalId ?? ''}`.trimEnd(),
  );
}

function outputRows({ outputs }: StackResult): string[] {
  const names = Object.keys(outputs);
  const width = Math.max(0, ...names.map((name) => name.length));
  return Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** One event, with the time since the operation began: `  1m05s  Nlb  CREATE_COMPLETE`. */
export function renderStackEvent(
  {
    logicalId,
    status,
    reason,
  }: { readonly logicalId: string; readonly status: string; readonly reason: string | null },
  elapsed: number,
  paint: Paint,
): string {
  const time = timeText(Math.round(elapsed / 1000));
  const color = status.endsWith('_FAILED') ? paint.removed : status.endsWith('_COMPLETE') ? paint.added : paint.faint;
  const why = reason && status.endsWith('_FAILED') ? `  ${safeText(reason)}` : '';
  return `${time.padStart(7)}  ${safeText(logicalId)}  ${color(status)}${why}`;
}
