import type {
  LastSyncReport,
  StackChangeReport,
  StackResourceReport,
  StackResult,
  StackStatusResult,
} from '../actions/outcome.js';
import type { Paint } from './paint.js';
import { safeText } from './safe.js';

/** `  + Nlb  AWS::ElasticLoadBalancingV2::LoadBalancer`, replacements called out. */
export function renderStackPlan({ stackName, stackStatus, changes }: StackResult, paint: Paint): string {
  if (changes.length === 0) return `No changes. The stack ${stackName} is as the template wants it.`;
  const width = Math.max(...changes.map(({ logicalId }) => logicalId.length));
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
  ].join(', ');
  const isNew = stackStatus === null || stackStatus === 'REVIEW_IN_PROGRESS';
  const title = `${paint.strong(stackName)}  ${isNew ? 'a new stack' : stackStatus}`;
  return [title, ...rows, '', paint.strong(`Plan: ${sum}.`)].join('\n');
}

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
  const { stackName, stackStatus, changes, left } = result;
  if (stackStatus !== 'CREATE_COMPLETE' && stackStatus !== 'UPDATE_COMPLETE') {
    return [`${paint.strong(stackName)}  ${paint.removed(stackStatus ?? 'no stack')}`, ...resourceRows(left)].join(
      '\n',
    );
  }
  if (changes.length === 0) return renderStackPlan(result, paint);
  return [
    `${paint.strong(stackName)}  ${paint.added(stackStatus)}`,
    ...outputRows(result),
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
  const { stackName, stackStatus, changes, left, bridges, lastSync } = result;
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
