import { diffBridges } from '../../src/actions/diff-bridges.js';
import { diffSecurityGroups } from '../../src/actions/diff-security-groups.js';
import { examineBridges } from '../../src/actions/examine-bridges.js';
import { listAddresses } from '../../src/actions/list-addresses.js';
import { listBridges } from '../../src/actions/list-bridges.js';
import type { Outcome } from '../../src/actions/outcome.js';
import { pauseGroup, resumeGroup } from '../../src/actions/pause-group.js';
import type { Ports } from '../../src/actions/ports.js';
import { releaseGroup } from '../../src/actions/release-group.js';
import { syncBridges } from '../../src/actions/sync-bridges.js';
import { syncSecurityGroups } from '../../src/actions/sync-security-groups.js';
import type { Bridge, Ingress } from '../../src/config/bridge.js';
import { type BridgeFlags, resolveBridges } from '../../src/config/resolve-bridges.js';
import { resolveIngresses } from '../../src/config/resolve-ingresses.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { bridgeFlagsOf, guarded, type Situation, situations } from './situations.js';

/** What the flags of a command name. */
export interface Named {
  readonly bridges: readonly Bridge[];
  readonly ingresses: readonly Ingress[];
}

/** A command of the matrix: its action, called as the command calls it, and the words that call the built program so. */
export interface Command {
  readonly name: string;
  /** The words of the command, without the flags that name the bridge. */
  readonly words: string;
  readonly act: (named: Named, ports: Ports, sandbox: Sandbox) => Promise<Outcome<unknown>>;
  /** What follows the words on the command line; the bridge's flags unless told. */
  readonly argv?: (sandbox: Sandbox) => readonly string[];
  readonly flags?: BridgeFlags;
  readonly situations: readonly Situation[];
  /** AWS actions that it may call to change something. */
  readonly writes: readonly string[];
  /**
   * Names of situations in which the calls that faults cause are struck too. They are chosen so that every way in which
   * the command makes calls is among them; elsewhere it makes the same calls, and only those of a clean run are struck.
   */
  readonly deep?: readonly string[];
  /** It ends the bridge, so that nobody is left on purpose. */
  readonly ends?: boolean;
  /** What it cannot read may be a gap that it warns of, and what it reads a finding: neither ends it. */
  readonly tellsGaps?: boolean;
}

const readOnly = false;
const only = (...names: string[]): Situation[] => situations.filter(({ name }) => names.includes(name));
const built = situations.filter(({ change }) => !change);
const syncing = ['AddTags', 'RegisterTargets', 'DeregisterTargets'];
const named = ({ stage }: Sandbox) => ({ targetGroup: stage.group.name, access: {} });
const groupName = ({ stage }: Sandbox) => [stage.group.name];

export const commands: readonly Command[] = [
  {
    name: 'ips',
    words: 'ips',
    act: ({ bridges: [bridge] }, ports) =>
      listAddresses({ loadBalancer: bridge?.alb, access: bridge?.albAccess ?? {} }, ports),
    argv: ({ stage }) => [stage.alb.arn],
    situations: built.filter(({ name }) => name !== 'cross-account' && name !== 'shared-vpc'),
    writes: [],
  },
  {
    name: 'ips by name',
    deep: ['bridge'],
    words: 'ips',
    act: (_named, ports) => listAddresses({ loadBalancer: 'web', access: {} }, ports),
    argv: () => ['web'],
    situations: only('bridge', 'look-alikes', 'large'),
    writes: [],
  },
  {
    name: 'list',
    deep: ['synced, replaced'],
    words: 'list',
    act: (_named, ports) => listBridges({ access: {} }, ports),
    argv: () => [],
    situations: only('bridge', 'synced, replaced', 'shared-group'),
    writes: [],
  },
  {
    name: 'doctor',
    words: 'doctor',
    act: async ({ bridges }, ports) => {
      const outcome = await examineBridges(bridges, { readOnly, again: () => [] }, ports);
      const findings = outcome.result.bridges.flatMap((one) => one.findings);
      const isSound = findings.every(({ severity }) => severity !== 'error');
      return { ...outcome, status: outcome.status === 0 && !isSound ? 2 : outcome.status };
    },
    situations: only('synced', 'synced, replaced', 'cross-account'),
    writes: [],
    tellsGaps: true,
  },
  {
    name: 'diff',
    words: 'diff',
    act: ({ bridges }, ports) => diffBridges(bridges, { readOnly }, ports),
    situations,
    writes: [],
  },
  {
    name: 'sync',
    deep: ['bridge', 'synced, replaced', 'cross-account, replaced', 'synced, given away', 'synced, full'],
    words: 'sync',
    act: ({ bridges }, ports) => syncBridges(bridges, { readOnly }, ports),
    situations,
    writes: syncing,
  },
  {
    name: 'sync by name',
    deep: ['bridge'],
    words: 'sync',
    flags: { alb: 'web', targetGroup: 'nlb-edge' },
    act: ({ bridges }, ports) => syncBridges(bridges, { readOnly }, ports),
    situations: only('bridge', 'synced, replaced'),
    writes: syncing,
  },
  {
    name: 'sync --wait',
    words: 'sync --wait 10m',
    act: ({ bridges }, ports) => syncBridges(bridges, { readOnly, wait: 600_000 }, ports),
    situations: only('synced, replaced'),
    writes: syncing,
  },
  {
    name: 'sync --adopt',
    words: 'sync --adopt',
    flags: { adopt: true },
    act: ({ bridges }, ports) => syncBridges(bridges, { readOnly }, ports),
    situations: only('shared-group'),
    writes: syncing,
  },
  {
    name: 'sg diff',
    words: 'sg diff',
    act: ({ ingresses }, ports) => diffSecurityGroups(ingresses, { readOnly }, ports),
    situations: [...built, ...guarded],
    writes: [],
  },
  {
    name: 'sg sync',
    deep: ['synced, closed'],
    words: 'sg sync',
    act: ({ ingresses }, ports) => syncSecurityGroups(ingresses, { readOnly }, ports),
    situations: [...guarded, ...only('synced', 'cross-account', 'cross-region')],
    writes: ['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'],
  },
  {
    name: 'pause',
    deep: ['bridge'],
    words: 'pause',
    act: (_named, ports, sandbox) => pauseGroup({ ...named(sandbox), readOnly }, ports),
    argv: groupName,
    situations: only('bridge', 'synced'),
    writes: ['AddTags', 'RemoveTags'],
  },
  {
    name: 'resume',
    deep: ['bridge'],
    words: 'resume',
    act: (_named, ports, sandbox) => resumeGroup({ ...named(sandbox), readOnly }, ports),
    argv: groupName,
    situations: only('bridge', 'synced'),
    writes: ['RemoveTags'],
  },
  {
    name: 'release',
    deep: ['synced'],
    words: 'release --confirm nlb-edge',
    act: (_named, ports, sandbox) =>
      releaseGroup(
        { ...named(sandbox), readOnly, albSettings: {}, confirm: async ({ targetGroup }) => targetGroup.name },
        ports,
      ),
    argv: groupName,
    situations: only('bridge', 'synced', 'synced, replaced'),
    writes: ['DeregisterTargets', 'RevokeSecurityGroupIngress', 'RemoveTags'],
    ends: true,
  },
];

/** What a command is about, as the command line would resolve it. */
export async function namedBy(command: Command, sandbox: Sandbox, situation: Situation): Promise<Named> {
  const flags = { ...bridgeFlagsOf(sandbox, situation), ...command.flags };
  const input = { names: [], flags, cwd: '/', env: {}, home: '/' };
  return { bridges: await resolveBridges(input), ingresses: await resolveIngresses(input) };
}

/** The whole command line of the same. */
export function wordsOf(command: Command, sandbox: Sandbox, situation: Situation): string[] {
  const { alb, targetGroup, albRoleArn } = { ...bridgeFlagsOf(sandbox, situation), ...command.flags };
  const role = albRoleArn === undefined ? [] : ['--alb-role-arn', albRoleArn];
  const rest = command.argv?.(sandbox) ?? ['--alb', String(alb), '--target-group', String(targetGroup), ...role];
  return [...command.words.split(' '), ...rest];
}
