import type {
  RuleReport,
  SecurityGroupReport,
  SecurityGroupsResult,
  SyncedSecurityGroupReport,
} from '../actions/outcome.js';
import type { Paint } from './paint.js';

/** The plan of security groups as people read it: every rule on a line, a sum at the end. */
export function renderGroupsDiff({ groups }: SecurityGroupsResult, paint: Paint): string {
  const shown = groups.map((group) => {
    if (group.inSync) return admitted(group);
    return block(group, paint, [
      ...standing(group, paint),
      ...group.authorize.map(row('+', 'authorize', paint.added)),
      ...group.revoke.map(row('-', 'revoke', paint.removed)),
    ]);
  });
  if (groups.every(({ inSync }) => inSync)) return shown.join('\n');
  const sum = [
    `${count(groups, ({ authorize }) => authorize)} to authorize`,
    `${count(groups, ({ revoke }) => revoke)} to revoke`,
    `${count(groups, ({ unchanged }) => unchanged)} unchanged`,
    `${count(groups, ({ foreign }) => foreign)} foreign`,
  ];
  return `${shown.join('\n\n')}\n\n${paint.strong(`Plan: ${sum.join(', ')}.`)}`;
}

/** What a sync of security groups did, and what it left. */
export function renderGroupsSync({ groups }: SecurityGroupsResult<SyncedSecurityGroupReport>, paint: Paint): string {
  const shown = groups.map((group) => {
    if (isQuiet(group)) return admitted(group);
    const isNew = new Set(group.authorized.map(({ ruleId }) => ruleId));
    const unchanged = group.unchanged.filter(({ ruleId }) => !isNew.has(ruleId));
    return block(group, paint, [
      ...standing({ ...group, unchanged }, paint),
      ...group.authorized.map(row('+', 'authorized', paint.added)),
      ...group.revoked.map(row('-', 'revoked', paint.removed)),
      ...group.authorize.map(row('?', 'not authorized yet', paint.held)),
      ...group.revoke.map(row('?', 'not revoked yet', paint.held)),
    ]);
  });
  if (groups.every(isQuiet)) return shown.join('\n');
  const left = count(groups, ({ authorize, revoke }) => [...authorize, ...revoke]);
  const sum = [
    `${count(groups, ({ authorized }) => authorized)} authorized`,
    `${count(groups, ({ revoked }) => revoked)} revoked`,
    ...(left > 0 ? [`${left} left to do`] : []),
  ];
  return `${shown.join('\n\n')}\n\n${paint.strong(`Done: ${sum.join(', ')}.`)}`;
}

const isQuiet = ({ inSync, authorized, revoked }: SyncedSecurityGroupReport): boolean =>
  inSync && authorized.length + revoked.length === 0;

const count = <G>(groups: readonly G[], list: (group: G) => readonly unknown[]): number =>
  groups.reduce((sum, group) => sum + list(group).length, 0);

function admitted({ securityGroupId, source, unchanged, foreign }: SecurityGroupReport): string {
  const rules = [
    ...(unchanged.length > 0 ? [`${unchanged.length} of ours`] : []),
    ...(foreign.length > 0 ? [`${foreign.length} of others`] : []),
  ];
  return `No changes. ${securityGroupId} lets ${source?.name ?? '?'} in, by ${rules.join(' and ')}.`;
}

interface Row {
  readonly cells: readonly [sign: string, whom: string, ports: string, text: string];
  readonly paint: (text: string) => string;
}

const row =
  (sign: string, text: string, paint: (text: string) => string) =>
  (rule: RuleReport): Row => ({ cells: [sign, whoseRule(rule), portsOfRule(rule), text], paint });

const standing = ({ unchanged, foreign }: SecurityGroupReport, paint: Paint): Row[] => [
  ...unchanged.map(row('=', 'ours', paint.faint)),
  ...foreign.map(row('·', "somebody else's", paint.faint)),
];

/** Who is let in by a rule. */
export const whoseRule = ({ cidr, securityGroupId, prefixListId, userId }: RuleReport): string =>
  cidr ?? prefixListId ?? (userId === undefined ? (securityGroupId ?? '?') : `${userId}/${securityGroupId}`);

export function portsOfRule({ protocol, fromPort, toPort }: RuleReport): string {
  if (protocol === '-1') return 'all';
  return `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
}

function block({ name, securityGroupId, source }: SecurityGroupReport, paint: Paint, rows: readonly Row[]): string {
  if (!source || !securityGroupId) return `${paint.strong(name)}  ${paint.removed('failed')}`;
  const title = `${paint.strong(securityGroupId)}  <-  ${paint.strong(source.name)}   ${source.vpcId ?? ''}`;
  const width = (index: 1 | 2): number => Math.max(0, ...rows.map(({ cells }) => cells[index].length));
  const [first, second] = [width(1), width(2)];
  const lines = rows.map(({ cells: [sign, peer, on, text], paint: colour }) =>
    colour(`  ${sign} ${peer.padEnd(first)}  ${on.padEnd(second)}  ${text}`),
  );
  return [title, ...lines].join('\n');
}
