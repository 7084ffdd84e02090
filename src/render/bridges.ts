import type { ListedBridge, ListResult } from '../actions/outcome.js';
import { csv, table } from './grid.js';

/** As a table for people, with the command that brings each bridge on below it. */
export function renderBridgeTable({ bridges }: ListResult): string {
  if (bridges.length === 0) return 'No bridges.';
  const rows = bridges.map((bridge) => [
    bridge.targetGroup.name,
    nameOf(bridge.loadBalancer) ?? '-',
    source(bridge),
    health(bridge, (state, count) => `${count} ${state}`, ', ') || '-',
    state(bridge),
  ]);
  const commands = bridges.flatMap(({ command }) => command ?? []);
  return [table(['TARGET GROUP', 'NLB', 'SOURCE', 'TARGETS', 'STATE'], rows), '', ...commands].join('\n').trimEnd();
}

export function renderBridgeCsv({ bridges }: ListResult): string {
  const columns = ['targetGroup', 'name', 'loadBalancer', 'source', 'owned', 'paused', 'health', 'inSync', 'command'];
  const rows = bridges.map((bridge) => [
    bridge.targetGroup.arn,
    bridge.targetGroup.name,
    bridge.loadBalancer,
    bridge.sourceArn,
    bridge.owned,
    bridge.paused,
    health(bridge, (state, count) => `${state}=${count}`, ' '),
    bridge.inSync,
    bridge.command,
  ]);
  return csv(
    columns,
    rows.map((row) => row.map((cell) => String(cell ?? ''))),
  );
}

/** The ARN of a target group a line, for pipes. */
export const renderBridgeText = ({ bridges }: ListResult): string =>
  bridges.map(({ targetGroup }) => targetGroup.arn).join('\n');

/** `app/NAME/ID` and `net/NAME/ID` stand at the end of a load balancer's ARN. */
const nameOf = (arn: string | null): string | null => arn?.split('/')[2] ?? arn;

function source({ sourceArn, sourceState }: ListedBridge): string {
  const name = nameOf(sourceArn) ?? '-';
  const [region = '', account = ''] = sourceArn?.split(':').slice(3, 5) ?? [];
  if (sourceState === 'elsewhere') return `${name} (in ${account}, ${region})`;
  return sourceState === 'gone' ? `${name} (gone)` : name;
}

const health = (bridge: ListedBridge, word: (state: string, count: number) => string, separator: string): string =>
  Object.entries(bridge.health)
    .map(([name, count]) => word(name, count))
    .join(separator);

function state({ inSync, owned, paused, pausedBy, pauseReason, sourceState, error }: ListedBridge): string {
  if (error) return `not read: ${error.code}`;
  const known = inSync === null ? unknown[sourceState ?? 'unknown'] : inSync ? 'in sync' : 'differs';
  const by = `${pausedBy ? ` by ${pausedBy}` : ''}${pauseReason ? ` (${pauseReason})` : ''}`;
  const pause = paused ? [`paused ${paused === true ? 'until resumed' : `until ${paused}`}${by}`] : [];
  return [known, ...(owned ? [] : ['no tag of ours']), ...pause].join(', ');
}

const unknown = {
  present: 'not read',
  gone: 'its load balancer is gone',
  elsewhere: 'not looked at: elsewhere',
  unknown: 'its tag names no ALB',
} as const;
