import type { BridgeReport, DiffResult, SyncedBridgeReport, SyncResult, TargetReport } from '../actions/outcome.js';
import type { Paint } from './paint.js';

/** More unchanged targets than this are told as a number. */
const MANY = 40;

/** A plan as people read it: every target on a line, a sum at the end. */
export function renderDiff({ bridges, fingerprint }: DiffResult, paint: Paint): string {
  const shown = bridges.map((bridge) => renderBridge(bridge, paint));
  const count = (list: (bridge: BridgeReport) => readonly unknown[]): number =>
    bridges.reduce((sum, bridge) => sum + list(bridge).length, 0);
  if (bridges.every(({ inSync }) => inSync)) return shown.join('\n');
  const sum = [
    `${count(({ register }) => register)} to register`,
    `${count(({ deregister }) => deregister)} to deregister`,
    `${count(({ held }) => held)} held`,
    ...(count(({ kept }) => kept) > 0 ? [`${count(({ kept }) => kept)} kept`] : []),
    `${count(({ unchanged }) => unchanged)} unchanged`,
  ].join(', ');
  return `${shown.join('\n\n')}\n\n${paint.strong(`Plan: ${sum}.`)}  fingerprint ${fingerprint}`;
}

/** What a sync did, and what it left. */
export function renderSync({ bridges, summary }: SyncResult, paint: Paint): string {
  const shown = bridges.map((bridge) => renderSynced(bridge, paint));
  const { registered, deregistered, register, deregister, held } = summary;
  if (bridges.every(isQuiet)) return shown.join('\n');
  const left = [
    ...(register > 0 ? [`${register} left to register`] : []),
    ...(deregister > 0 ? [`${deregister} left to deregister`] : []),
    ...(held > 0 ? [`${held} held`] : []),
  ];
  const done = [`${registered} registered`, `${deregistered} deregistered`, ...left].join(', ');
  return `${shown.join('\n\n')}\n\n${paint.strong(`Done: ${done}.`)}`;
}

/** In sync, and nothing was done to get there. */
const isQuiet = ({ inSync, registered, deregistered }: SyncedBridgeReport): boolean =>
  inSync && registered.length + deregistered.length === 0;

function renderBridge(bridge: BridgeReport, paint: Paint): string {
  if (bridge.inSync) return inSync(bridge);
  return block(bridge, paint, [
    ...bridge.unchanged.map(row('=', (target) => target.health, paint.faint)),
    ...bridge.register.map(row('+', () => 'register', paint.added)),
    ...bridge.deregister.map(row('-', () => 'deregister', paint.removed)),
    ...bridge.held.map(row('~', heldWhy, paint.held)),
    ...bridge.kept.map(row('·', (target) => `kept, ${target.health}`, paint.faint)),
  ]);
}

function renderSynced(bridge: SyncedBridgeReport, paint: Paint): string {
  if (isQuiet(bridge)) return inSync(bridge);
  const isNew = new Set(bridge.registered.map(({ ip, port }) => `${ip} ${port}`));
  return block(bridge, paint, [
    ...bridge.unchanged
      .filter(({ ip, port }) => !isNew.has(`${ip} ${port}`))
      .map(row('=', (target) => target.health, paint.faint)),
    ...bridge.registered.map(row('+', () => 'registered', paint.added)),
    ...bridge.deregistered.map(row('-', () => 'deregistered', paint.removed)),
    ...bridge.register.map(row('?', () => 'not registered yet', paint.held)),
    ...bridge.deregister.map(row('?', () => 'not deregistered yet', paint.held)),
    ...bridge.held.map(row('~', heldWhy, paint.held)),
    ...bridge.kept.map(row('·', (target) => `kept, ${target.health}`, paint.faint)),
  ]);
}

const heldWhy = ({ reason, heldBy }: TargetReport): string => `held: ${reason} (${heldBy})`;

function inSync({ name, source, targetGroup, unchanged, kept }: BridgeReport): string {
  const count = unchanged.length;
  const targets = `${count} ${count === 1 ? 'target' : 'targets'} of ${targetGroup?.name ?? name}`;
  const spared = kept.length > 0 ? ` ${kept.length} kept.` : '';
  return `No changes. ${targets} ${count === 1 ? 'matches' : 'match'} ${source?.name ?? '?'}.${spared}`;
}

interface Row {
  readonly sign: string;
  readonly cells: readonly [ip: string, zone: string, text: string];
  readonly paint: (text: string) => string;
  readonly port: number;
}

const row =
  (sign: string, text: (target: TargetReport) => string, paint: (text: string) => string) =>
  (target: TargetReport): Row => ({
    sign,
    cells: [target.ip, target.availabilityZone ?? '', text(target)],
    paint,
    port: target.port,
  });

function block(bridge: BridgeReport, paint: Paint, rows: readonly Row[]): string {
  const { name, source, targetGroup } = bridge;
  if (!source || !targetGroup) return `${paint.strong(name)}  ${paint.removed('failed')}`;
  const port = rows[0]?.port ?? targetGroup.port;
  const title = `${paint.strong(targetGroup.name)} (${targetGroup.targetType}:${port})  <-  ${paint.strong(source.name)}   ${source.vpcId ?? ''}`;
  const unchanged = rows.filter(({ sign }) => sign === '=');
  const folded = unchanged.length > MANY;
  const shown = folded ? rows.filter(({ sign }) => sign !== '=') : rows;
  const mixed = rows.some((one) => one.port !== port);
  const address = ({ cells: [ip], port: own }: Row): string => (mixed ? `${ip}:${own}` : ip);
  const width = (text: (one: Row) => string): number => Math.max(0, ...shown.map((one) => text(one).length));
  const first = width(address);
  const second = width(({ cells }) => cells[1]);
  const lines = shown.map((one) =>
    one.paint(`  ${one.sign} ${address(one).padEnd(first)}  ${one.cells[1].padEnd(second)}  ${one.cells[2]}`.trimEnd()),
  );
  return [title, ...(folded ? [paint.faint(`  = ${unchanged.length} unchanged`)] : []), ...lines].join('\n');
}
