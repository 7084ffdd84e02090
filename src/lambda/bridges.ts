import { loadBalancerAccess, targetGroupAccess } from '../config/access.js';
import type { Bridge, SecurityGroupSettings } from '../config/bridge.js';
import { parseKeep, parseMinHealthy, parsePort } from '../config/values.js';
import { OperationError } from '../errors.js';
import { SOURCE_TAG } from '../plan/model.js';

/** A bridge as the function is told of it: keys of `lbbridge.yaml`, of which only `alb` and `targetGroup` must be there. */
export interface Told {
  readonly name?: string;
  readonly alb: string;
  readonly targetGroup: string;
  readonly port?: number;
  readonly minHealthy?: string | number;
  readonly keep?: readonly string[];
  readonly albRoleArn?: string;
  readonly albExternalId?: string;
  readonly securityGroup?: SecurityGroupSettings;
  /** The ALB that the group was kept for until now. */
  readonly adoptFrom?: string | undefined;
}

/** @throws UsageError for a value that is none. */
export function bridgeOf(told: Told): Bridge {
  const { alb, targetGroup, name, port, minHealthy, keep = [], adoptFrom, securityGroup } = told;
  const access = targetGroupAccess(targetGroup, {});
  return {
    name: name ?? targetGroup,
    alb,
    targetGroup,
    port: port === undefined ? undefined : parsePort(port),
    minHealthy: minHealthy === undefined ? { percent: 50 } : parseMinHealthy(minHealthy),
    prune: 'owned',
    keep: keep.map(parseKeep),
    adopt: false,
    adoptFrom,
    allowEmpty: false,
    owned: false,
    access,
    albAccess: loadBalancerAccess(alb, told, access),
    securityGroup,
  };
}

/**
 * What the function is there for: the bridges of LBBRIDGE_BRIDGES, or those that carry our tag.
 * @throws OperationError where neither is told, or the list cannot be read; nothing is ever taken as no bridge (S1)
 */
export async function toldBridges(env: NodeJS.ProcessEnv): Promise<Told[]> {
  if (env.LBBRIDGE_DISCOVER) return discover();
  let list: unknown;
  try {
    list = JSON.parse(env.LBBRIDGE_BRIDGES ?? '');
  } catch {
    throw noBridges('is no JSON');
  }
  if (!Array.isArray(list) || list.length === 0) throw noBridges('is no list of bridges');
  if (list.every(isTold)) return list;
  throw noBridges('has an entry without alb or targetGroup');
}

const isTold = (entry: Partial<Told> | null): entry is Told =>
  typeof entry?.alb === 'string' && typeof entry.targetGroup === 'string';

const noBridges = (why: string): OperationError =>
  new OperationError('NoBridges', `LBBRIDGE_BRIDGES ${why}: [{"alb": ARN, "targetGroup": ARN}] is wanted.`);

/** Every target group of the account and region whose tag names a load balancer. */
async function discover(): Promise<Told[]> {
  const { GetResourcesCommand, ResourceGroupsTaggingAPIClient } = await import(
    '@aws-sdk/client-resource-groups-tagging-api'
  );
  const client = new ResourceGroupsTaggingAPIClient({});
  const found: Told[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await client.send(
      new GetResourcesCommand({
        ResourceTypeFilters: ['elasticloadbalancing:targetgroup'],
        TagFilters: [{ Key: SOURCE_TAG }],
        PaginationToken,
      }),
    );
    if (!page.ResourceTagMappingList) throw new OperationError('InvalidResponse', 'tag:GetResources gave no list.');
    for (const { ResourceARN: targetGroup = '', Tags = [] } of page.ResourceTagMappingList) {
      const alb = Tags.find(({ Key }) => Key === SOURCE_TAG)?.Value ?? '';
      found.push({ alb, targetGroup });
    }
    PaginationToken = page.PaginationToken || undefined;
  } while (PaginationToken !== undefined);
  return found;
}
