import { format6 } from '../ip.js';
import type { LoadBalancer, NetworkInterface, RegionState, Subnet, Vpc } from '../state.js';
import type { World } from '../world.js';
import { freeAddress, freeAddresses } from './addresses.js';

/** A new interface, `available` and attached to nothing. */
export function createInterface(
  world: World,
  region: RegionState,
  subnet: Subnet,
  given: Partial<NetworkInterface> & Pick<NetworkInterface, 'ownerId' | 'description' | 'requesterId'>,
): NetworkInterface {
  const one: NetworkInterface = {
    id: world.random.id('eni'),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zoneId: subnet.zoneId,
    interfaceType: 'interface',
    requesterManaged: false,
    status: 'available',
    sourceDestCheck: true,
    securityGroupIds: [],
    macAddress: `0a:${world.random.hex(10).match(/../g)?.join(':')}`,
    privateIps: [],
    ipv6Addresses: [],
    tags: new Map(),
    createdAt: world.clock.now,
    ...given,
  };
  if (one.privateIps.length === 0) one.privateIps.push({ ip: freeAddress(world, region, subnet) });
  region.interfaces.set(one.id, one);
  return one;
}

/** The interface of a load balancer's node: created at once, attached a few seconds later. */
export function createNodeInterface(
  world: World,
  region: RegionState,
  loadBalancer: LoadBalancer,
  subnet: Subnet,
): NetworkInterface {
  const isNetwork = loadBalancer.type === 'network';
  const given = loadBalancer.zones.find(({ zoneId }) => zoneId === subnet.zoneId);
  const one = createInterface(world, region, subnet, {
    ownerId: loadBalancer.ownerId,
    description: `ELB ${loadBalancer.path}`,
    requesterId: 'amazon-elb',
    requesterManaged: true,
    interfaceType: interfaceTypeOf(world, loadBalancer),
    sourceDestCheck: !isNetwork,
    securityGroupIds: [...loadBalancer.securityGroupIds],
    loadBalancerArn: loadBalancer.arn,
    privateIps: isNetwork && given?.privateIp ? [{ ip: given.privateIp }] : [],
  });
  if (loadBalancer.scheme === 'internet-facing') {
    const primary = one.privateIps[0];
    if (primary) {
      primary.publicIp = publicIp(world);
      primary.ipOwnerId = given?.allocationId ? loadBalancer.ownerId : 'amazon-elb';
      if (given?.allocationId) primary.allocationId = given.allocationId;
    }
  }
  if (loadBalancer.ipAddressType === 'dualstack' && subnet.ipv6CidrBlock) {
    one.ipv6Addresses.push(ipv6In(world, subnet.ipv6CidrBlock));
  }
  world.clock.after(world.knobs['eni.attachSeconds'], () => attach(world, one, isNetwork));
  return one;
}

/** Gives the interfaces of a load balancer an IPv6 address each, or takes it away. */
export function followIpAddressType(world: World, region: RegionState, { nodes, ipAddressType }: LoadBalancer): void {
  for (const { interfaceId } of nodes) {
    const one = region.interfaces.get(interfaceId);
    const block = one && region.subnets.get(one.subnetId)?.ipv6CidrBlock;
    if (!one) continue;
    if (ipAddressType === 'ipv4' || block === undefined) one.ipv6Addresses = [];
    else if (one.ipv6Addresses.length === 0) one.ipv6Addresses.push(ipv6In(world, block));
  }
}

function interfaceTypeOf(world: World, { type }: LoadBalancer): string {
  if (type === 'network') return 'network_load_balancer';
  return type === 'gateway' ? 'gateway_load_balancer' : world.knobs['eni.albInterfaceType'];
}

function attach(world: World, one: NetworkInterface, isNetwork: boolean): void {
  one.status = 'in-use';
  one.attachment = {
    id: `${isNetwork ? 'ela' : 'eni'}-attach-0${world.random.hex(16)}`,
    instanceOwnerId: isNetwork ? 'amazon-aws' : 'amazon-elb',
    deviceIndex: 1,
    status: 'attached',
    deleteOnTermination: false,
    ...(isNetwork ? {} : { networkCardIndex: 0, attachTime: world.clock.now }),
  };
}

/** Detaches an interface, and deletes it when that is done. */
export function retireInterface(world: World, region: RegionState, one: NetworkInterface): void {
  const seconds = world.knobs['eni.detachSeconds'];
  one.status = 'detaching';
  if (one.attachment) one.attachment.status = 'detaching';
  world.clock.after(seconds * 0.7, () => {
    one.status = 'available';
    delete one.attachment;
  });
  world.clock.after(seconds, () => deleteInterface(world, region, one));
}

export function deleteInterface(world: World, region: RegionState, one: NetworkInterface): void {
  if (region.interfaces.delete(one.id)) freeAddresses(world, region, one);
}

/** The private DNS name; undefined where the VPC has no DNS host names. */
export function privateDnsName(region: RegionState, vpc: Vpc | undefined, ip: string): string | undefined {
  if (!vpc?.dnsHostnames) return undefined;
  const domain = region.name === 'us-east-1' ? 'ec2.internal' : `${region.name}.compute.internal`;
  return `ip-${ip.replaceAll('.', '-')}.${domain}`;
}

/** From the block that documentation reserves. */
const publicIp = (world: World): string => `203.0.113.${1 + world.random.below(254)}`;

function ipv6In(world: World, block: string): string {
  const head = BigInt(
    `0x${(block.split('::')[0] ?? '')
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join('')
      .padEnd(16, '0')}`,
  );
  return format6((head << 64n) | BigInt(`0x${world.random.hex(16)}`));
}
