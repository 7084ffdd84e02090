import type { LoadBalancer, Node, RegionState, Subnet } from '../state.js';
import type { World } from '../world.js';
import { freeCount } from './addresses.js';
import { createNodeInterface, deleteInterface, retireInterface } from './interfaces.js';

/**
 * The life of one node of a load balancer. What the interface shows and what the node does are apart on purpose: a new
 * node is listed before it answers, an old one is listed after it has stopped.
 *
 *   interface listed ─▶ answering ─▶ in DNS ─▶ out of DNS ─▶ silent, still listed ─▶ interface gone
 */
export function startNode(world: World, region: RegionState, balancer: LoadBalancer, subnet: Subnet): Node | null {
  const { knobs, clock } = world;
  if (freeCount(region, subnet) < 1) {
    balancer.state = 'active_impaired';
    return null;
  }
  const one = createNodeInterface(world, region, balancer, subnet);
  const node: Node = {
    interfaceId: one.id,
    zoneId: subnet.zoneId,
    ip: one.privateIps[0]?.ip ?? '',
    answering: false,
    inDns: false,
    phase: 'starting',
  };
  balancer.nodes.push(node);
  clock.after(knobs['alb.warmSeconds'], () => {
    if (node.phase !== 'starting') return;
    node.answering = true;
    node.phase = 'serving';
  });
  clock.after(knobs['alb.warmSeconds'] + knobs['alb.dnsAddSeconds'], () => {
    if (node.phase === 'serving') node.inDns = !balancer.shiftedZoneIds.has(node.zoneId);
  });
  return node;
}

/** Takes a node out of service: DNS first, then, when clients have had time to leave, the node, last its interface. */
export function stopNode(world: World, region: RegionState, balancer: LoadBalancer, node: Node): void {
  const { knobs, clock } = world;
  if (node.phase === 'leaving' || node.phase === 'dead') return;
  node.phase = 'leaving';
  node.inDns = false;
  const stop = (): void => {
    node.answering = false;
    node.phase = 'dead';
  };
  const retire = (): void => {
    const one = region.interfaces.get(node.interfaceId);
    if (one) retireInterface(world, region, one);
  };
  const [first, second] = knobs['alb.eniBeforeStop'] ? [retire, stop] : [stop, retire];
  const last = knobs['alb.drainSeconds'] + knobs['alb.deadListedSeconds'];
  clock.after(knobs['alb.drainSeconds'], first);
  clock.after(last, second);
  clock.after(last + knobs['eni.detachSeconds'], () => forget(balancer, node));
}

/** Ends a node and its interface at once, as when its whole load balancer is gone. */
export function dropNode(world: World, region: RegionState, balancer: LoadBalancer, node: Node): void {
  node.answering = false;
  node.inDns = false;
  node.phase = 'dead';
  const one = region.interfaces.get(node.interfaceId);
  if (one) deleteInterface(world, region, one);
  forget(balancer, node);
}

function forget(balancer: LoadBalancer, node: Node): void {
  const index = balancer.nodes.indexOf(node);
  if (index >= 0) balancer.nodes.splice(index, 1);
}
