import type { LoadBalancer, RegionState } from '../state.js';
import type { World } from '../world.js';
import { createNodeInterface, retireInterface } from './interfaces.js';
import { dropNode, startNode, stopNode } from './nodes.js';
import { usageChanged } from './targets.js';

/** Brings a new load balancer up: its interfaces first, then, minutes later, the state `active`. */
export function provision(world: World, region: RegionState, balancer: LoadBalancer): void {
  const { clock, knobs } = world;
  clock.after(knobs['lb.eniCreateSeconds'], () => {
    for (const { subnetId } of balancer.zones) openZone(world, region, balancer, subnetId);
  });
  const seconds = balancer.type === 'application' ? knobs['lb.provisionSeconds.alb'] : knobs['lb.provisionSeconds.nlb'];
  clock.after(seconds, () => {
    if (balancer.state === 'provisioning') balancer.state = 'active';
  });
}

/** One node in the zone's subnet. A network load balancer's answers as soon as it stands; an ALB's warms up first. */
export function openZone(world: World, region: RegionState, balancer: LoadBalancer, subnetId: string): void {
  const subnet = region.subnets.get(subnetId);
  if (!subnet || !region.loadBalancers.has(balancer.arn)) return;
  if (balancer.type === 'application') {
    startNode(world, region, balancer, subnet);
    return;
  }
  const one = createNodeInterface(world, region, balancer, subnet);
  balancer.nodes.push({
    interfaceId: one.id,
    zoneId: subnet.zoneId,
    ip: one.privateIps[0]?.ip ?? '',
    answering: true,
    inDns: true,
    phase: 'serving',
  });
}

/** Enables exactly these subnets. Zones that go lose their nodes, zones that come get new ones with new addresses. */
export function setZones(world: World, region: RegionState, balancer: LoadBalancer, subnetIds: string[]): void {
  const before = balancer.zones;
  balancer.zones = subnetIds.flatMap((subnetId) => {
    const subnet = region.subnets.get(subnetId);
    return subnet ? [before.find((zone) => zone.subnetId === subnetId) ?? { zoneId: subnet.zoneId, subnetId }] : [];
  });
  const gone = before.filter((zone) => !balancer.zones.some(({ subnetId }) => subnetId === zone.subnetId));
  const come = balancer.zones.filter((zone) => !before.some(({ subnetId }) => subnetId === zone.subnetId));
  for (const zone of gone) {
    const nodes = balancer.nodes.filter(({ zoneId }) => zoneId === zone.zoneId);
    if (balancer.type === 'application') for (const node of nodes) stopNode(world, region, balancer, node);
    else closeZone(world, region, balancer, zone.zoneId);
  }
  for (const { subnetId } of come) {
    world.clock.after(world.knobs['lb.eniCreateSeconds'], () => openZone(world, region, balancer, subnetId));
  }
  for (const group of region.targetGroups.values()) usageChanged(world, region, group);
}

function closeZone(world: World, region: RegionState, balancer: LoadBalancer, zoneId: string): void {
  const nodes = balancer.nodes.filter((node) => node.zoneId === zoneId);
  for (const node of nodes) node.inDns = false;
  world.clock.after(world.knobs['lb.zoneRemoveSeconds'], () => {
    for (const node of nodes) {
      const one = region.interfaces.get(node.interfaceId);
      if (one) retireInterface(world, region, one);
      node.answering = false;
      node.phase = 'dead';
      balancer.nodes = balancer.nodes.filter((other) => other !== node);
    }
  });
}

/** Deletes the load balancer and its listeners; its interfaces linger for a while, as AWS's do. */
export function remove(world: World, region: RegionState, balancer: LoadBalancer): void {
  const { clock, knobs } = world;
  for (const node of balancer.nodes) {
    node.inDns = false;
    node.answering = false;
  }
  clock.after(knobs['lb.goneSeconds'], () => {
    for (const group of region.targetGroups.values()) usageChanged(world, region, group);
    for (const listener of [...region.listeners.values()]) {
      if (listener.loadBalancerArn !== balancer.arn) continue;
      for (const rule of [...region.rules.values()]) {
        if (rule.listenerArn === listener.arn) region.rules.delete(rule.arn);
      }
      region.listeners.delete(listener.arn);
    }
    region.loadBalancers.delete(balancer.arn);
  });
  clock.after(knobs['lb.eniLingerSeconds'], () => {
    for (const node of [...balancer.nodes]) dropNode(world, region, balancer, node);
  });
}
