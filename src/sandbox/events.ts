import { setZones } from './engine/load-balancers.js';
import {
  churn,
  failZone,
  giveAddress,
  placeNode,
  recoverZone,
  replaceNodes,
  scaleIn,
  scaleOut,
  shiftZone,
} from './engine/scaling.js';
import type { LoadBalancer, RegionState } from './state.js';
import type { World } from './world.js';

/** Something that happens in AWS without an API call of ours. Zones are ids (`use1-az4`) or the home account's names. */
export interface EventRequest {
  event: string;
  /** Name or ARN of the load balancer; the bridge's ALB unless told. */
  loadBalancer?: string;
  zone?: string;
  count?: number;
  ip?: string;
  /** `give`: `instance`, or the name of the load balancer that gets the address. */
  to?: string;
  subnets?: string[];
  /** `fail-resource`: which resource of a stack (its logical id), when and why it is to fail, `count` times. */
  resource?: string;
  on?: 'create' | 'update' | 'delete';
  reason?: string;
}

type EventAction = (world: World, region: RegionState, balancer: LoadBalancer, request: EventRequest) => void;

/** Every event, by name. */
export const events: Record<string, EventAction> = {
  'scale-out': (world, region, balancer, { zone, count }) => scaleOut(world, region, balancer, zone, count),
  'scale-in': (world, region, balancer, { zone, count }) => scaleIn(world, region, balancer, zone, count),
  replace: (world, region, balancer, { zone }) => replaceNodes(world, region, balancer, zone),
  'fail-zone': (world, _region, balancer, { zone }) => failZone(world, balancer, needed('zone', zone)),
  'recover-zone': (_world, _region, balancer, { zone }) => recoverZone(balancer, needed('zone', zone)),
  'shift-zone': (_world, region, balancer, { zone }) => shiftZone(region, balancer, needed('zone', zone), true),
  'end-shift': (_world, region, balancer, { zone }) => shiftZone(region, balancer, needed('zone', zone), false),
  'set-subnets': (world, region, balancer, { subnets }) => setZones(world, region, balancer, subnets ?? []),
  place: (world, region, balancer, { ip }) => placeNode(world, region, balancer, needed('ip', ip)),
  give: (world, region, _balancer, { ip, to = 'instance' }) => {
    const other = [...region.loadBalancers.values()].find(({ name }) => name === to);
    if (to !== 'instance' && !other) throw new Error(`no load balancer ${to}`);
    giveAddress(world, region, needed('ip', ip), other ?? 'instance');
  },
  churn: (world, region, balancer) => churn(world, region, balancer),
  fail: (_world, _region, balancer) => {
    balancer.state = 'failed';
  },
  'fail-resource': (_world, region, _balancer, { resource, on = 'create', reason = 'Rehearsed failure', count }) => {
    const logicalId = needed('resource', resource);
    region.resourceFailures.push({ logicalId, on, reason, ...(count === undefined ? {} : { count }) });
  },
  impair: (_world, _region, balancer) => {
    balancer.state = 'active_impaired';
  },
};

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`the event needs a "${name}"`);
  return value;
}
