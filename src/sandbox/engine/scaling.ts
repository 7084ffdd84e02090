import { isIPv4 } from 'node:net';
import type { LoadBalancer, NetworkInterface, RegionState, Subnet } from '../state.js';
import type { World } from '../world.js';
import { subnetHolding } from './addresses.js';
import { createInterface, deleteInterface } from './interfaces.js';
import { dropNode, startNode, stopNode } from './nodes.js';

/** What happens to load balancers and addresses without anybody calling an API: AWS's own doing, and the neighbours'. */

/** `count` more nodes in the zone (by id), or in one chosen by chance. */
export function scaleOut(world: World, region: RegionState, balancer: LoadBalancer, zoneId?: string, count = 1): void {
  for (let n = 0; n < count; n++) startNode(world, region, balancer, subnetOf(world, region, balancer, zoneId));
}

/** Takes `count` nodes away, the longest standing first; the last one of a zone stays. */
export function scaleIn(world: World, region: RegionState, balancer: LoadBalancer, zoneId?: string, count = 1): void {
  for (let n = 0; n < count; n++) {
    const serving = balancer.nodes.filter(({ phase }) => phase === 'serving' || phase === 'starting');
    const spare = serving.find(
      (node) =>
        (zoneId === undefined || node.zoneId === zoneId) &&
        serving.filter((other) => other.zoneId === node.zoneId).length > 1,
    );
    if (!spare) return;
    stopNode(world, region, balancer, spare);
  }
}

/** New nodes for all (or one zone's), the old ones leave when the new ones have stood for a while. */
export function replaceNodes(world: World, region: RegionState, balancer: LoadBalancer, zoneId?: string): void {
  const old = balancer.nodes.filter(
    (node) =>
      (zoneId === undefined || node.zoneId === zoneId) && (node.phase === 'serving' || node.phase === 'starting'),
  );
  for (const node of old) startNode(world, region, balancer, subnetOf(world, region, balancer, node.zoneId));
  const seconds = world.knobs['alb.warmSeconds'] + world.knobs['alb.dnsAddSeconds'] + world.knobs['alb.overlapSeconds'];
  world.clock.after(seconds, () => {
    for (const node of old) stopNode(world, region, balancer, node);
  });
}

/** A zone's nodes fall silent; their interfaces stay listed. */
export function failZone(world: World, balancer: LoadBalancer, zoneId: string): void {
  const nodes = balancer.nodes.filter((node) => node.zoneId === zoneId);
  for (const node of nodes) node.answering = false;
  world.clock.after(60, () => {
    for (const node of nodes) node.inDns = false;
  });
}

/** The zone's nodes answer again. */
export function recoverZone(balancer: LoadBalancer, zoneId: string): void {
  for (const node of balancer.nodes) {
    if (node.zoneId !== zoneId || node.phase !== 'serving') continue;
    node.answering = true;
    node.inDns = !balancer.shiftedZoneIds.has(zoneId);
  }
}

/**
 * Shifts traffic away from a zone of a load balancer, or ends the shift. Of an NLB, its targets in that zone then carry
 * an administrative override; their health goes on being checked.
 */
export function shiftZone(region: RegionState, balancer: LoadBalancer, zoneId: string, active: boolean): void {
  if (active) balancer.shiftedZoneIds.add(zoneId);
  else balancer.shiftedZoneIds.delete(zoneId);
  for (const node of balancer.nodes) if (node.zoneId === zoneId) node.inDns = !active && node.phase === 'serving';
  const listeners = [...region.listeners.values()].filter(({ loadBalancerArn }) => loadBalancerArn === balancer.arn);
  for (const { defaultActions } of listeners) {
    for (const action of defaultActions) {
      if (action.type !== 'forward') continue;
      for (const { targetGroupArn } of action.targetGroups) {
        for (const target of region.targetGroups.get(targetGroupArn)?.targets.values() ?? []) {
          if (target.zone === zoneId) target.override = active ? 'zonal_shift_active' : 'no_override';
        }
      }
    }
  }
}

/** From now on the load balancer scales and replaces nodes by itself, at exponentially distributed intervals. */
export function churn(world: World, region: RegionState, balancer: LoadBalancer): void {
  const { knobs, random, clock } = world;
  const again = (mean: number, step: () => void): void => {
    clock.after(random.exponential(mean), () => {
      if (!region.loadBalancers.has(balancer.arn)) return;
      step();
      again(mean, step);
    });
  };
  again(knobs['alb.replaceEverySeconds'], () =>
    replaceNodes(world, region, balancer, random.pick(balancer.zones).zoneId),
  );
  again(knobs['alb.scaleEverySeconds'], () => {
    scaleOut(world, region, balancer);
    clock.after(random.exponential(knobs['alb.scaleEverySeconds'] / 2), () => scaleIn(world, region, balancer));
  });
}

/** A node with an address of its own choosing: for scenarios that must name it. */
export function placeNode(world: World, region: RegionState, balancer: LoadBalancer, ip: string): void {
  const subnet = subnetHolding(region, balancer.vpcId, ip);
  if (!subnet) throw new Error(`${ip} lies in no subnet of ${balancer.vpcId}`);
  const node = startNode(world, region, balancer, subnet);
  const one = node && region.interfaces.get(node.interfaceId);
  if (!node || !one) return;
  one.privateIps = [{ ...one.privateIps[0], ip }];
  node.ip = ip;
}

/** Ends the node that holds the address and gives the address to another owner's interface: an instance, or a load balancer. */
export function giveAddress(
  world: World,
  region: RegionState,
  ip: string,
  to: 'instance' | LoadBalancer,
): NetworkInterface | null {
  let subnet: Subnet | null = null;
  for (const balancer of region.loadBalancers.values()) {
    for (const node of balancer.nodes.filter((candidate) => candidate.ip === ip)) {
      dropNode(world, region, balancer, node);
    }
    subnet ??= subnetHolding(region, balancer.vpcId, ip);
  }
  for (const one of [...region.interfaces.values()]) {
    if (one.privateIps.some((address) => address.ip === ip)) deleteInterface(world, region, one);
  }
  if (!subnet || !isIPv4(ip)) return null;
  if (to !== 'instance') {
    placeNode(world, region, to, ip);
    return null;
  }
  const one = createInterface(world, region, subnet, {
    ownerId: subnet.ownerId,
    description: '',
    requesterId: `AIDA${world.random.hex(16).toUpperCase()}`,
    privateIps: [{ ip }],
  });
  one.status = 'in-use';
  one.attachment = {
    id: `eni-attach-0${world.random.hex(16)}`,
    instanceOwnerId: subnet.ownerId,
    instanceId: world.random.id('i'),
    deviceIndex: 0,
    networkCardIndex: 0,
    status: 'attached',
    deleteOnTermination: true,
    attachTime: world.clock.now,
  };
  return one;
}

function subnetOf(world: World, region: RegionState, balancer: LoadBalancer, zoneId?: string): Subnet {
  const zones = zoneId === undefined ? balancer.zones : balancer.zones.filter((zone) => zone.zoneId === zoneId);
  const subnet = zones.length > 0 && region.subnets.get(world.random.pick(zones).subnetId);
  if (!subnet) throw new Error(`${balancer.name} is not enabled in ${zoneId ?? 'any zone'}`);
  return subnet;
}
