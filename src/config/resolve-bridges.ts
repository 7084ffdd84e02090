import { UsageError } from '../errors.js';
import type { Prune } from '../plan/facts.js';
import { type AccessSettings, loadBalancerAccess, targetGroupAccess } from './access.js';
import { type Bridge, defaultPolicy } from './bridge.js';
import { type FileBridge, findConfigFile, readConfigFile } from './file.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from './reference.js';
import { closest } from './suggest.js';
import { parseKeep, parseMinHealthy, parsePort, quoted } from './values.js';

/** The flags that describe a bridge, as typed. */
export interface BridgeFlags extends AccessSettings {
  readonly alb?: string | undefined;
  readonly targetGroup?: string | undefined;
  readonly port?: string | undefined;
  readonly minHealthy?: string | undefined;
  readonly prune?: Prune | undefined;
  readonly keep?: readonly string[] | undefined;
  readonly adopt?: boolean | undefined;
  readonly adoptFrom?: string | undefined;
  readonly allowEmpty?: boolean | undefined;
  readonly nlb?: string | undefined;
}

export interface BridgeInput {
  /** The bridges of the file that are asked for; none: all of them. */
  readonly names: readonly string[];
  readonly flags: BridgeFlags;
  /** `--config`. */
  readonly config?: string | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** A bridge before the flags are laid over it: from the file, or nothing but its two ends. */
type Described = Omit<FileBridge, 'place'> & { readonly place?: string };

/**
 * The bridges that a command is about: the one of `--alb` and `--target-group`, else those of the file. Flags beat
 * keys, but for `--keep`, which adds to them. No two of them have the same target group.
 * @throws UsageError `NoBridge`, `MissingFlag`, `NamesAndFlags`, `UnknownBridge`, `SharedTargetGroup`, and whatever
 * reading the file, the references, values and regions throws.
 */
export async function resolveBridges(input: BridgeInput): Promise<Bridge[]> {
  const { names, flags } = input;
  const ends = endsOf(flags);
  if (ends && names.length > 0) {
    throw new UsageError('NamesAndFlags', `${names.map(quoted).join(', ')} and --alb name different bridges.`, [
      'Name bridges of lbbridge.yaml, or give --alb and --target-group, not both.',
    ]);
  }
  const described = ends ? [ends] : await fromFile(input);
  const bridges = described.map((one) => locate(one.place, () => bridge(one, flags)));
  refuseShared(bridges.map((one) => ({ ...one, ...one.access })));
  return bridges;
}

function endsOf({ alb, targetGroup }: BridgeFlags): Described | null {
  if (alb === undefined && targetGroup === undefined) return null;
  if (alb !== undefined && targetGroup !== undefined) return { name: targetGroup, alb, targetGroup };
  const [given, missing] = alb === undefined ? ['--target-group', '--alb'] : ['--alb', '--target-group'];
  throw new UsageError('MissingFlag', `${given} is given, but ${missing} is missing.`, [
    `Add ${missing}: a bridge has two ends. Or leave both out, to take the bridges of lbbridge.yaml.`,
  ]);
}

/** The bridges of the file that are asked for, or all of them. */
export async function fromFile(input: Omit<BridgeInput, 'flags'>): Promise<readonly FileBridge[]> {
  const path = findConfigFile(input);
  if (path === null) {
    throw new UsageError('NoBridge', 'No bridge is named, and there is no lbbridge.yaml.', [
      'Name one: --alb NAME --target-group NAME (names or ARNs).',
      'Or describe your bridges in lbbridge.yaml, here or in ~/.config/lbbridge, or name such a file with --config.',
    ]);
  }
  const all = await readConfigFile(path, input.config !== undefined);
  // Also where only some are asked for: the others run too, at another time.
  refuseShared(all);
  if (input.names.length === 0) return all;
  return [...new Set(input.names)].map((name) => {
    const found = all.find((one) => one.name === name);
    if (found) return found;
    const known = all.map((one) => one.name);
    const near = closest(name, known);
    throw new UsageError('UnknownBridge', `${quoted(name)} is not a bridge of ${path}.`, [
      ...(near.length > 0 ? [`Did you mean ${near.join(' or ')}?`] : []),
      `Its bridges are ${known.join(', ')}.`,
    ]);
  });
}

function bridge(described: Described, flags: BridgeFlags): Bridge {
  const { name, alb, targetGroup, securityGroup } = described;
  const settings = accessSettings(described, flags);
  const access = targetGroupAccess(targetGroup, settings);
  if (flags.nlb !== undefined) parseLoadBalancerReference(flags.nlb);
  return {
    name,
    alb,
    targetGroup,
    port: flags.port === undefined ? described.port : parsePort(flags.port),
    minHealthy:
      flags.minHealthy === undefined
        ? (described.minHealthy ?? defaultPolicy.minHealthy)
        : parseMinHealthy(flags.minHealthy),
    prune: flags.prune ?? described.prune ?? defaultPolicy.prune,
    keep: [...new Set([...(described.keep ?? []), ...(flags.keep ?? []).map(parseKeep)])],
    adopt: flags.adopt ?? defaultPolicy.adopt,
    adoptFrom: flags.adoptFrom === undefined ? undefined : loadBalancerArn(flags.adoptFrom),
    allowEmpty: flags.allowEmpty ?? defaultPolicy.allowEmpty,
    owned: described.owned ?? defaultPolicy.owned,
    access,
    albAccess: loadBalancerAccess(alb, settings, access),
    securityGroup: flags.nlb === undefined ? securityGroup : { ...securityGroup, nlb: flags.nlb },
  };
}

/** A flag beats the file's key. */
export function accessSettings(file: AccessSettings, flags: AccessSettings): AccessSettings {
  return {
    region: flags.region ?? file.region,
    profile: flags.profile ?? file.profile,
    roleArn: flags.roleArn ?? file.roleArn,
    externalId: flags.externalId ?? file.externalId,
    albRegion: flags.albRegion ?? file.albRegion,
    albProfile: flags.albProfile ?? file.albProfile,
    albRoleArn: flags.albRoleArn ?? file.albRoleArn,
    albExternalId: flags.albExternalId ?? file.albExternalId,
  };
}

function loadBalancerArn(text: string): string {
  if (parseLoadBalancerReference(text).kind === 'arn') return text;
  throw new UsageError('InvalidAdoptFrom', `--adopt-from ${quoted(text)} is not the ARN of a load balancer.`, [
    'Give the ARN that stands in the tag lbbridge:source of the target group, in full.',
  ]);
}

/** Says of a usage error which bridge of the file it is about. */
export function locate<T>(place: string | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (place === undefined || !(error instanceof UsageError)) throw error;
    throw new UsageError(error.code, `${place}: ${error.message}`, error.suggestions);
  }
}

interface Claim extends Pick<AccessSettings, 'region' | 'profile' | 'roleArn'> {
  readonly name: string;
  readonly targetGroup: string;
}

/** Two bridges on one group would remove each other's targets for ever. */
function refuseShared(claims: readonly Claim[]): void {
  for (const [index, claim] of claims.entries()) {
    const other = claims.slice(0, index).find((earlier) => isSameGroup(earlier, claim));
    if (!other) continue;
    throw new UsageError(
      'SharedTargetGroup',
      `The bridges ${quoted(other.name)} and ${quoted(claim.name)} have the same target group, ${claim.targetGroup}.`,
      ['A bridge owns all of its target group: give each its own, or remove one of the two.'],
    );
  }
}

/** What has a name and an ARN for one group counts as well, where both are looked for in the same place. */
function isSameGroup(a: Claim, b: Claim): boolean {
  const [left, right] = [parseTargetGroupReference(a.targetGroup), parseTargetGroupReference(b.targetGroup)];
  if (left.kind === 'arn' && right.kind === 'arn') return left.arn === right.arn;
  const [here, there] = [left, right].map((one, i) => (one.kind === 'arn' ? one.region : [a, b][i]?.region));
  return left.name === right.name && here === there && a.profile === b.profile && a.roleArn === b.roleArn;
}
