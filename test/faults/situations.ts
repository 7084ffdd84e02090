import type { BridgeFlags } from '../../src/config/resolve-bridges.js';
import { happen } from '../../src/sandbox/control.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import type { Knobs } from '../../src/sandbox/knobs.js';
import { type ScenarioName, scenarioNames, sync } from '../../src/sandbox/scenarios/index.js';
import type { Subnet } from '../../src/sandbox/state.js';
import { interfacesGoFirst, replaceNode } from '../support/changes.js';
import { albGroup, plantRule } from '../support/rules.js';

/** What a command finds: a scenario of the sandbox, and what has happened to it since. */
export interface Situation {
  readonly name: string;
  readonly scenario: ScenarioName;
  readonly knobs?: Partial<Knobs>;
  readonly seed?: number;
  /** Long ago: a read that lags behind still sees all of it. */
  readonly before?: (sandbox: Sandbox) => void;
  /** Just now: what a read that lags behind does not see. */
  readonly change?: (sandbox: Sandbox) => void;
}

const accounts: Partial<Record<ScenarioName, BridgeFlags>> = {
  'cross-account': { albRoleArn: 'arn:aws:iam::444455556666:role/bridge' },
  'shared-vpc': { albRoleArn: 'arn:aws:iam::444455556666:role/bridge' },
};

/** How the bridge of a situation is named on the command line. */
export const bridgeFlagsOf = ({ stage }: Sandbox, { scenario }: Situation): BridgeFlags => ({
  alb: stage.alb.arn,
  targetGroup: stage.group.arn,
  ...accounts[scenario],
});

/** S7: while the group has this tag, nothing is written to it. */
export const PAUSED = 'lbbridge:paused';

const quick = { ...interfacesGoFirst, 'tg.nlbRegisterSeconds': 20 };

/** In sync since long ago, but for a target that has died meanwhile. */
function aged(sandbox: Sandbox): void {
  const { builder, group, alb, subnets } = sandbox.stage;
  if (!group.tags.has('lbbridge:source')) sync(builder, group, alb);
  builder.targets(group, [builder.unusedAddress(subnets[0] as Subnet)]);
  builder.settle();
}

/** Somebody has paused the group, without an end. */
function paused(sandbox: Sandbox): void {
  aged(sandbox);
  sandbox.stage.group.tags.set(PAUSED, 'true');
}

/** The node of one zone has been replaced, and the old one still answers: one to register, one to hold, one to remove. */
const replaced = (sandbox: Sandbox): void => {
  replaceNode(sandbox, letterOf(sandbox));
};

/** The same, and its successor is registered and healthy: the old target is due to go. */
function succeeded(sandbox: Sandbox): void {
  const { fresh } = replaceNode(sandbox, letterOf(sandbox));
  const { builder, group } = sandbox.stage;
  builder.targets(group, [fresh]);
  builder.settle(300);
}

/** An address of the ALB has been given to somebody's machine. */
function givenAway(sandbox: Sandbox): void {
  const { old } = replaceNode(sandbox, letterOf(sandbox));
  happen(sandbox.world, sandbox.stage, { event: 'give', ip: old });
}

/** A letter by which the home account calls a zone of the ALB; in another Region its own letters count. */
function letterOf({ stage }: Sandbox): string {
  const zones = new Set(stage.alb.zones.map(({ zoneId }) => zoneId));
  const letter = [...'abcdef'].find((one) => {
    try {
      return zones.has(stage.builder.zone(one));
    } catch {
      return false;
    }
  });
  return letter ?? 'a';
}

const changing = [
  'synced',
  'three-zones',
  'unattached',
  'look-alikes',
  'peered',
  'cross-account',
  'shared-vpc',
] as const;

/** Every scenario as it is built, and those that a bridge lives in with changes on their way. */
export const situations: readonly Situation[] = [
  ...scenarioNames.map((scenario) => ({ name: scenario, scenario })),
  ...[...changing, 'dual-stack' as const, 'zonal-shift' as const].map((scenario) => ({
    name: `${scenario}, replaced`,
    scenario,
    knobs: quick,
    before: aged,
    change: replaced,
  })),
  ...(['synced', 'three-zones', 'shared-vpc'] as const).map((scenario) => ({
    name: `${scenario}, due`,
    scenario,
    knobs: quick,
    before: aged,
    change: succeeded,
  })),
  { name: 'synced, paused', scenario: 'synced', knobs: quick, before: paused, change: replaced },
  { name: 'synced, given away', scenario: 'synced', knobs: quick, before: aged, change: givenAway },
  {
    name: 'synced, full',
    scenario: 'synced',
    knobs: { ...quick, 'quota.targetsPerGroup': 3 },
    before: aged,
    change: replaced,
  },
];

/** The ALB's security group lets nobody in any more but by our rules, of which one is missing and one is stale. */
function closed(sandbox: Sandbox): void {
  const { rules } = albGroup(sandbox);
  for (const [id, { isEgress }] of rules) if (!isEgress) rules.delete(id);
  const tags = new Map([['lbbridge:source', sandbox.stage.nlb.arn]]);
  const [first] = sandbox.stage.nlb.nodes;
  plantRule(sandbox, `${first?.ip}/32`, 80, { tags });
  plantRule(sandbox, '10.0.77.7/32', 80, { tags });
  plantRule(sandbox, '10.9.9.9/32', 80);
}

/** Situations in which the ALB's security group has to be changed; a full one has to make room first. */
export const guarded: readonly Situation[] = [
  { name: 'synced, closed', scenario: 'synced', change: closed },
  { name: 'three-zones, closed', scenario: 'three-zones', change: closed },
  { name: 'synced, closed and full', scenario: 'synced', knobs: { 'quota.rulesPerGroup': 3 }, change: closed },
];

/** A world of its own for one case; `onSettled` is called between what was long ago and what has just happened. */
export async function enter(situation: Situation, onSettled: (sandbox: Sandbox) => void): Promise<Sandbox> {
  const { scenario, knobs, seed, before, change } = situation;
  const sandbox = await startSandbox({ scenario, knobs, seed, start: Date.UTC(2026, 0, 15, 3) });
  before?.(sandbox);
  onSettled(sandbox);
  change?.(sandbox);
  return sandbox;
}
