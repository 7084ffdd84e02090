import {
  DescribeAvailabilityZonesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  type Subnet as Ec2Subnet,
  type Filter,
} from '@aws-sdk/client-ec2';
import type { InterfaceAddress, NetworkInterface, Subnet } from '../plan/model.js';
import { Batch, shared } from './batching.js';
import { isRefusedRequest, type Send, unreadable } from './call.js';
import { everyPage } from './paging.js';
import type { Network } from './ports.js';
import type { ScannedInterface } from './scanned-answers.js';

/** EC2 allows 200 filter values a call. */
const VALUES_PER_CALL = 150;
const PAGE = 1000;

const INTERFACES = 'ec2:DescribeNetworkInterfaces';
const SUBNETS = 'ec2:DescribeSubnets';
const ZONES = 'ec2:DescribeAvailabilityZones';

/** The EC2 side of the ports. `send` makes one call and words its failure. */
export function network(client: EC2Client, region: string, send: Send): Network {
  const interfaces = (filters: Filter[]): Promise<NetworkInterface[]> =>
    everyPage(INTERFACES, async (token) => {
      const command = new DescribeNetworkInterfacesCommand({ Filters: filters, MaxResults: PAGE, NextToken: token });
      const { NetworkInterfaces, NextToken } = await send(INTERFACES, () => client.send(command));
      if (!NetworkInterfaces) throw unreadable(INTERFACES, 'no list of interfaces');
      return { items: NetworkInterfaces.map(toInterface), marker: NextToken };
    });

  const byDescription = new Batch<NetworkInterface[]>(
    VALUES_PER_CALL,
    async (descriptions) => {
      const found = await interfaces([{ Name: 'description', Values: [...descriptions] }]);
      return descriptions.map((description) => found.filter((one) => one.description === description));
    },
    isRefusedRequest,
  );

  const subnets = (vpcId: string): Promise<Subnet[]> =>
    everyPage(SUBNETS, async (token) => {
      const filters = [{ Name: 'vpc-id', Values: [vpcId] }];
      const command = new DescribeSubnetsCommand({ Filters: filters, MaxResults: PAGE, NextToken: token });
      const { Subnets, NextToken } = await send(SUBNETS, () => client.send(command));
      if (!Subnets) throw unreadable(SUBNETS, 'no list of subnets');
      return { items: Subnets.map((one) => toSubnet(one, vpcId)), marker: NextToken };
    });

  const zoneIds = shared(async () => {
    const answer = await send(ZONES, () => client.send(new DescribeAvailabilityZonesCommand({})));
    if (!answer.AvailabilityZones) throw unreadable(ZONES, 'no list of zones');
    return new Map(
      answer.AvailabilityZones.flatMap(({ ZoneName, ZoneId }): [string, string][] =>
        ZoneName && ZoneId ? [[ZoneName, ZoneId]] : [],
      ),
    );
  });

  return {
    region,
    interfacesByDescription: (pattern) =>
      /[*?\\]/.test(pattern) ? interfaces([{ Name: 'description', Values: [pattern] }]) : byDescription.get(pattern),

    async interfacesByAddress(vpcId, ips) {
      const families: [string, string[]][] = [
        ['private-ip-address', ips.filter((ip) => !ip.includes(':'))],
        ['ipv6-addresses.ipv6-address', ips.filter((ip) => ip.includes(':'))],
      ];
      const reads = families.flatMap(([name, values]) =>
        chunks(values, VALUES_PER_CALL).map((some) =>
          interfaces([
            { Name: 'vpc-id', Values: [vpcId] },
            { Name: name, Values: some },
          ]),
        ),
      );
      // One interface may hold addresses of both families, or of two chunks.
      return [...new Map((await Promise.all(reads)).flat().map((one) => [one.id, one])).values()];
    },

    interfacesByGroup: (groupId) => interfaces([{ Name: 'group-id', Values: [groupId] }]),
    subnets: shared(subnets),
    zoneIds: () => zoneIds(''),
  };
}

function toSubnet(one: Ec2Subnet, vpcId: string): Subnet {
  const ipv6CidrBlocks = (one.Ipv6CidrBlockAssociationSet ?? []).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []);
  if (!one.SubnetId || (!one.CidrBlock && ipv6CidrBlocks.length === 0)) {
    throw unreadable(SUBNETS, 'a subnet without its id or its range');
  }
  return {
    id: one.SubnetId,
    vpcId,
    cidrBlock: one.CidrBlock ?? null,
    ipv6CidrBlocks,
    zoneName: one.AvailabilityZone ?? '',
    zoneId: one.AvailabilityZoneId ?? null,
    freeAddresses: one.AvailableIpAddressCount ?? null,
  };
}

function toInterface(one: ScannedInterface): NetworkInterface {
  const { NetworkInterfaceId: id, VpcId: vpcId, SubnetId: subnetId } = one;
  if (!id || !vpcId || !subnetId) throw unreadable(INTERFACES, 'an interface without its ids');
  return {
    id,
    vpcId,
    subnetId,
    description: one.Description ?? '',
    status: one.Status ?? 'unknown',
    interfaceType: one.InterfaceType ?? 'interface',
    requesterManaged: one.RequesterManaged === true,
    requesterId: one.RequesterId ?? null,
    attachmentOwnerId: one.Attachment?.InstanceOwnerId ?? null,
    attachmentStatus: one.Attachment?.Status ?? null,
    ownerId: one.OwnerId ?? null,
    zoneName: one.AvailabilityZone ?? '',
    zoneId: one.AvailabilityZoneId ?? null,
    securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    addresses: addressesOf(one),
  };
}

function addressesOf(one: ScannedInterface): InterfaceAddress[] {
  if (!one.PrivateIpAddresses && !one.Ipv6Addresses) throw unreadable(INTERFACES, 'an interface without addresses');
  const ipv4 = (one.PrivateIpAddresses ?? []).map(
    ({ PrivateIpAddress, Primary, Association }): InterfaceAddress => ({
      ip: readable(PrivateIpAddress),
      family: 'ipv4',
      primary: Primary === true,
      publicIp: Association?.PublicIp ?? null,
    }),
  );
  const ipv6 = (one.Ipv6Addresses ?? []).map(
    ({ Ipv6Address }): InterfaceAddress => ({
      ip: readable(Ipv6Address),
      family: 'ipv6',
      primary: false,
      publicIp: null,
    }),
  );
  return [...ipv4, ...ipv6];
}

function readable(ip: string | undefined): string {
  if (!ip) throw unreadable(INTERFACES, 'an interface with a nameless address');
  return ip;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const out: T[][] = [];
  for (let start = 0; start < items.length; start += size) out.push(items.slice(start, start + size));
  return out;
}
