import { UsageError } from '../errors.js';
import type { PolicyScope } from '../policy/model.js';
import { targetGroupAccess } from './access.js';
import { parseTargetGroupReference } from './reference.js';
import { parseRegion, quoted } from './values.js';

/** What a policy is to be narrowed to, as typed. */
export interface PolicyScopeFlags {
  readonly region?: string | undefined;
  /** Names or ARNs. */
  readonly targetGroups: readonly string[];
  /** Ids or ARNs. */
  readonly securityGroups: readonly string[];
}

/** A resource whose ARN may be known in part: what is missing may be any. */
interface Resource {
  readonly partition?: string;
  readonly region?: string | undefined;
  readonly accountId?: string;
  readonly service: string;
  /** The last part of the ARN. */
  readonly path: string;
}

/**
 * The resources that a policy is for. A name or an id is completed from the ARNs beside it where these agree; what
 * stays unknown becomes a wildcard, and the policy stays as tight: a group's id is unique, and its account is asked.
 * @throws UsageError `InvalidTargetGroup`, `InvalidSecurityGroup`, `InvalidRegion`, `RegionMismatch`, and
 * `PartitionMismatch` for ARNs of several partitions, which no policy can serve.
 */
export function policyScope({ region: said, targetGroups, securityGroups }: PolicyScopeFlags): PolicyScope {
  const groups = targetGroups.map((text) => targetGroup(text, said));
  const guards = securityGroups.map((text) => securityGroup(text, said));
  const all = [...groups, ...guards];
  const region = said === undefined ? onlyOne(all.map((one) => one.region)) : parseRegion(said);
  const accountId = onlyOne(all.map((one) => one.accountId));
  const partitions = [...new Set(all.flatMap(({ partition }) => partition ?? []))];
  if (partitions.length > 1) throw severalPartitions(partitions);
  const partition = partitions[0] ?? partitionOf(region ?? '');
  const arn = (one: Resource): string =>
    ['arn', partition, one.service, one.region ?? region ?? '*', one.accountId ?? accountId ?? '*', one.path].join(':');
  return {
    partition,
    region: region ?? '*',
    accountId: accountId ?? '*',
    targetGroups: groups.map(arn),
    securityGroups: guards.map(arn),
  };
}

function targetGroup(text: string, region: string | undefined): Resource {
  const reference = parseTargetGroupReference(text);
  const place = targetGroupAccess(text, { region }).region;
  const service = 'elasticloadbalancing';
  if (reference.kind === 'name') return { service, region: place, path: `targetgroup/${reference.name}/*` };
  const { partition, accountId, arn } = reference;
  return { service, partition, region: place, accountId, path: arn.slice(arn.indexOf('targetgroup/')) };
}

const id = 'sg-[0-9a-f]{8,17}';
const arnPattern = new RegExp(`^arn:(aws[a-z-]*):ec2:([a-z0-9-]+):(\\d{12}):(security-group/${id})$`);

function securityGroup(text: string, said: string | undefined): Resource {
  if (new RegExp(`^${id}$`).test(text)) return { service: 'ec2', path: `security-group/${text}` };
  const [, partition, region, accountId, path] = arnPattern.exec(text) ?? [];
  if (!partition || !region || !accountId || !path) {
    throw new UsageError('InvalidSecurityGroup', `${quoted(text)} is not the id or ARN of a security group.`, [
      'Give its id, sg-0123456789abcdef0, or arn:aws:ec2:REGION:ACCOUNT:security-group/ID; a policy cannot name it otherwise.',
    ]);
  }
  if (said !== undefined && said !== region) {
    throw new UsageError('RegionMismatch', `${text} is in ${region}, but --region says ${said}.`, [
      'Leave the region out: it is known from what is named.',
    ]);
  }
  return { service: 'ec2', partition, region, accountId, path };
}

/** What all that is known agrees on. */
function onlyOne(values: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = new Set(values.filter((value) => value !== undefined));
  return others.length === 0 ? first : undefined;
}

const severalPartitions = (partitions: readonly string[]): UsageError =>
  new UsageError('PartitionMismatch', `ARNs of ${partitions.join(' and ')} cannot stand in one policy.`, [
    'Print one policy for each partition.',
  ]);

/** By AWS's names of regions, for a region that no ARN comes with. */
const partitionOf = (region: string): string =>
  partitionPrefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

const partitionPrefixes = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
] as const;
