import type { Access } from '../aws/ports.js';
import { UsageError } from '../errors.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from './reference.js';
import { parseRegion, parseRoleArn } from './values.js';

/** What flags or file say about accounts and regions; a flag and its key have the same name. */
export interface AccessSettings {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly albRegion?: string | undefined;
  readonly albProfile?: string | undefined;
  readonly albRoleArn?: string | undefined;
  readonly albExternalId?: string | undefined;
}

/**
 * Where a target group is: the region that is said, else its ARN's, else (undefined) the environment's.
 * @throws UsageError `RegionMismatch`, `InvalidRegion`, `InvalidRoleArn` or `ExternalIdWithoutRole`.
 */
export function targetGroupAccess(targetGroup: string, settings: AccessSettings): Access {
  const reference = parseTargetGroupReference(targetGroup);
  const { profile, externalId } = settings;
  const roleArn = settings.roleArn === undefined ? undefined : parseRoleArn(settings.roleArn);
  if (externalId !== undefined && roleArn === undefined) throw withoutRole('external id', '--role-arn', 'roleArn');
  const own = reference.kind === 'arn' ? reference.region : undefined;
  return { region: oneRegion(settings.region, own, targetGroup, '--region (region)'), profile, roleArn, externalId };
}

/**
 * Where a load balancer is: its own region by ARN or DNS name, else `albRegion`, else the target group's; with
 * credentials of its own if it is given any, else with the target group's.
 * @param alb undefined where only its security group is named, which is in its account and region
 * @throws UsageError `RegionMismatch`, `InvalidRegion`, `InvalidRoleArn` or `ExternalIdWithoutRole`.
 */
export function loadBalancerAccess(alb: string | undefined, settings: AccessSettings, group: Access): Access {
  const reference = alb === undefined ? undefined : parseLoadBalancerReference(alb);
  const { albProfile, albExternalId: externalId } = settings;
  const roleArn = settings.albRoleArn === undefined ? undefined : parseRoleArn(settings.albRoleArn);
  if (externalId !== undefined && roleArn === undefined) {
    throw withoutRole('external id for the load balancer', '--alb-role-arn', 'albRoleArn');
  }
  const own = reference === undefined || reference.kind === 'name' ? undefined : reference.region;
  const region = oneRegion(settings.albRegion, own, alb ?? '', '--alb-region (albRegion)') ?? group.region;
  if (albProfile === undefined && roleArn === undefined) return { ...group, region };
  return { region, profile: albProfile ?? group.profile, roleArn, externalId };
}

/**
 * Where a load balancer is that a command is all about: its own region by ARN or DNS name, else the region that is said.
 * @throws UsageError `RegionMismatch`, `InvalidRegion`, `InvalidRoleArn` or `ExternalIdWithoutRole`.
 */
export function addressAccess(loadBalancer: string | undefined, settings: AccessSettings): Access {
  const { region, profile, roleArn, externalId } = settings;
  const reference = loadBalancer === undefined ? undefined : parseLoadBalancerReference(loadBalancer);
  const own = reference === undefined || reference.kind === 'name' ? undefined : reference.region;
  if (externalId !== undefined && roleArn === undefined) throw withoutRole('external id', '--role-arn', 'roleArn');
  return {
    region: oneRegion(region, own, loadBalancer ?? '', '--region'),
    profile,
    roleArn: roleArn === undefined ? undefined : parseRoleArn(roleArn),
    externalId,
  };
}

function oneRegion(
  said: string | undefined,
  own: string | undefined,
  text: string,
  setting: string,
): string | undefined {
  const region = said === undefined ? own : parseRegion(said);
  if (own === undefined || region === own) return region;
  throw new UsageError('RegionMismatch', `${text} is in ${own}, but ${setting} says ${region}.`, [
    `Leave the region out: it is known from what is named. Or name what is in ${region}.`,
  ]);
}

const withoutRole = (what: string, flag: string, key: string): UsageError =>
  new UsageError('ExternalIdWithoutRole', `An ${what} is given, but no role that it would be for.`, [
    `Add ${flag} (in lbbridge.yaml: ${key}), or leave the external id out.`,
  ]);
