import type { Access, Aws } from '../aws/ports.js';
import { defaultPolicy } from '../config/bridge.js';
import { parseAlbArn } from '../config/reference.js';
import { OperationError } from '../errors.js';
import { interfaceDescription, pathOfArn } from '../plan/addresses.js';
import type { TargetFacts } from '../plan/facts.js';
import {
  type LoadBalancer,
  type NetworkInterface,
  PAUSE_REASON_TAG,
  PAUSED_BY_TAG,
  SOURCE_TAG,
  type Tags,
  type Target,
  type TargetGroup,
} from '../plan/model.js';
import { pauseOf } from '../plan/pause.js';
import { type AlbAddresses, albAddresses, anyAlb, bridgePort, sourceBehind } from '../plan/source-behind.js';
import { planTargets, type TargetPlan } from '../plan/target-plan.js';
import { nextCommand } from './next-command.js';
import type { ErrorReport, ListedBridge, ListResult, Outcome, SourceState, Warning } from './outcome.js';
import { isInSync } from './plan-bridges.js';
import type { Ports } from './ports.js';
import { completeFacts, misfitOf } from './read-bridge.js';
import { errorReport, sourceReport, targetGroupReport } from './report.js';
import { accessWords } from './shell.js';
import { worstVerdict } from './verdict.js';

export interface ListOptions {
  readonly access: Access;
  /** As said on the command line: the commands to paste say it again. */
  readonly endpointUrl?: string | undefined;
}

/** What is read once for all bridges. */
interface Surroundings {
  readonly aws: Aws;
  /** By ARN: every ALB of the account and region. */
  readonly albs: ReadonlyMap<string, TargetFacts['loadBalancer']>;
  /** By description: the interfaces of all ALBs. */
  readonly interfaces: ReadonlyMap<string, readonly NetworkInterface[]>;
  readonly addresses: AlbAddresses;
  readonly started: Date;
  /** The flags with which every command to paste ends. */
  readonly access: readonly string[];
}

/** One target group; what could not be read is null, and `error` says why. */
interface GroupRead {
  readonly group: TargetGroup;
  readonly tags: Tags | null;
  readonly targets: readonly Target[] | null;
  readonly error: ErrorReport | undefined;
}

/**
 * Lists the bridges of an account and region: groups with our tag, and untagged ones that hold an ALB's addresses.
 * Reads only: load balancers, target groups and the ALBs' interfaces once, tags 20 groups a call, health group by group.
 * A group that cannot be read is told of, and hides no other (S1).
 */
export async function listBridges(
  { access, endpointUrl }: ListOptions,
  { connect, now, signal, progress }: Pick<Ports, 'connect' | 'now' | 'signal' | 'progress'>,
): Promise<Outcome<ListResult>> {
  const started = now();
  const aws = connect(access);
  progress(`Reading the load balancers and target groups of ${aws.region}`);
  const [groups, balancers, interfaces] = await Promise.all([
    aws.loadBalancing.allTargetGroups(),
    aws.loadBalancing.allLoadBalancers(),
    aws.network.interfacesByDescription(anyAlb),
  ]);
  const candidates = groups.filter((group) => misfitOf(group) === null);
  let done = 0;
  const reads = await Promise.all(
    candidates.map(async (group) => {
      const read = await readGroup(group, aws);
      done += 1;
      progress(`${done} of ${candidates.length} target groups read`);
      return read;
    }),
  );
  if (signal.aborted) throw new OperationError('Interrupted', 'Interrupted before everything was read.');
  const surroundings: Surroundings = {
    aws,
    albs: new Map(balancers.filter(hasPlace).map((one) => [one.arn, one])),
    interfaces: byDescription(interfaces),
    addresses: albAddresses(interfaces),
    started,
    access: accessWords(access, endpointUrl),
  };
  const all = await Promise.all(reads.map((read) => read && bridgeOf(read, surroundings)));
  const bridges = all.filter((one) => one !== null).sort((a, b) => (a.targetGroup.name < b.targetGroup.name ? -1 : 1));
  const verdicts = bridges.map(({ targetGroup, error }) => ({
    report: targetGroup,
    verdict: error ? ({ status: 1, error } as const) : ({ status: 0 } as const),
  }));
  return { result: { bridges }, warnings: bridges.length > 0 ? [] : [noBridges(aws)], ...worstVerdict(verdicts) };
}

async function readGroup(group: TargetGroup, { loadBalancing }: Aws): Promise<GroupRead | null> {
  let error: ErrorReport | undefined;
  const orNull = <T>(read: Promise<T>): Promise<T | null> =>
    read.catch((reason) => {
      error ??= errorReport(reason);
      return null;
    });
  const [tags, targets] = await Promise.all([
    orNull(loadBalancing.tags(group.arn)),
    orNull(loadBalancing.targets(group.arn)),
  ]);
  // Deleted since the groups were listed: there is nothing left to tell of.
  return error?.code === 'TargetGroupNotFound' ? null : { group, tags, targets, error };
}

/** The bridge that a group is, or null where it is none. */
async function bridgeOf(read: GroupRead, surroundings: Surroundings): Promise<ListedBridge | null> {
  const { group, tags, targets, error } = read;
  const told = toldOf(read, surroundings.started);
  if (error || !tags || !targets) return { ...told, ...(error ? { error } : {}) };
  const sourceArn = tags.get(SOURCE_TAG) ?? arnBehind(group, targets, surroundings.addresses);
  if (sourceArn === null) return null;
  const loadBalancer = surroundings.albs.get(sourceArn);
  const interfaces = surroundings.interfaces.get(interfaceDescription(pathOfArn(sourceArn))) ?? [];
  const port = bridgePort(group, targets, interfaces);
  const bridge: ListedBridge = {
    ...told,
    source: loadBalancer ? sourceReport(loadBalancer) : null,
    sourceArn,
    sourceState: loadBalancer ? 'present' : absence(sourceArn, group),
  };
  try {
    const plan = loadBalancer
      ? await planOf({ group, tags, targets, port, loadBalancer, interfaces }, surroundings)
      : null;
    return { ...bridge, inSync: plan && isInSync(plan), command: nextCommand(bridge, { ...surroundings, plan, port }) };
  } catch (failure) {
    return { ...bridge, error: errorReport(failure) };
  }
}

/** What can be told of a group without looking at its source; null is what could not be read. */
function toldOf({ group, tags, targets }: GroupRead, started: Date): ListedBridge {
  const pause = tags && pauseOf(tags, started);
  const health: Record<string, number> = {};
  for (const state of (targets ?? []).map((target) => target.state).sort()) health[state] = (health[state] ?? 0) + 1;
  return {
    targetGroup: targetGroupReport(group),
    loadBalancer: group.loadBalancerArns[0] ?? null,
    source: null,
    sourceArn: tags?.get(SOURCE_TAG) ?? null,
    sourceState: null,
    owned: tags?.has(SOURCE_TAG) ?? null,
    paused: pause instanceof Date ? pause.toISOString() : tags && pause === true,
    pausedBy: (pause && tags?.get(PAUSED_BY_TAG)) || null,
    pauseReason: (pause && tags?.get(PAUSE_REASON_TAG)) || null,
    health,
    inSync: null,
    command: null,
  };
}

/** The plan that a sync would make, by the same rules; it tells whether anything is left to do. */
async function planOf(
  facts: Pick<TargetFacts, 'loadBalancer' | 'interfaces' | 'targets' | 'tags' | 'port'> & {
    readonly group: TargetGroup;
  },
  { aws }: Surroundings,
): Promise<TargetPlan> {
  const { group, ...known } = facts;
  const whole = await completeFacts(
    {
      ...known,
      description: interfaceDescription(pathOfArn(known.loadBalancer.arn)),
      targetGroup: group,
      localSubnets: null,
      zoneIds: null,
      // Whose a stale address is by now (S14) decides how it goes, not whether anything is left to do: one call less
      // for each bridge.
      found: [],
    },
    defaultPolicy,
    { groupSide: aws, albSide: aws },
  );
  return planTargets(whole, defaultPolicy);
}

/** The ARN of the ALB whose addresses the targets are; an ALB of a shared VPC may be another account's. */
function arnBehind(group: TargetGroup, targets: readonly Target[], addresses: AlbAddresses): string | null {
  const behind = sourceBehind(group, targets, addresses);
  if (behind === null) return null;
  const [scheme, partition, service, region, account] = group.arn.split(':');
  return [scheme, partition, service, region, behind.ownerId ?? account, `loadbalancer/${behind.path}`].join(':');
}

/** Why a source is not among the ALBs of the group's account and region. */
function absence(sourceArn: string, group: TargetGroup): SourceState {
  const place = (arn: string): string => arn.split(':').slice(3, 5).join(':');
  if (parseAlbArn(sourceArn) === null) return 'unknown';
  return place(sourceArn) === place(group.arn) ? 'gone' : 'elsewhere';
}

function byDescription(interfaces: readonly NetworkInterface[]): Map<string, NetworkInterface[]> {
  const groups = new Map<string, NetworkInterface[]>();
  for (const one of interfaces) {
    const group = groups.get(one.description);
    if (group) group.push(one);
    else groups.set(one.description, [one]);
  }
  return groups;
}

const hasPlace = (one: LoadBalancer): one is TargetFacts['loadBalancer'] =>
  one.type === 'application' && one.arn !== null && one.vpcId !== null;

const noBridges = ({ region }: Aws): Warning => ({
  code: 'NoBridges',
  message: `No bridge was found in ${region}: no target group carries our tag, and no other holds an ALB's addresses. Another region: --region. A new bridge: lbbridge sync --alb NAME --target-group NAME`,
});
