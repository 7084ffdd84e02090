import { privateDnsName } from '../engine/interfaces.js';
import { zoneName } from '../regions.js';
import type { NetworkInterface } from '../state.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import { type FilterTable, filtered } from './filters.js';
import { paged } from './paging.js';
import { tagSet } from './tags.js';

/** What an account sees: its own interfaces, and all in the VPCs that it owns. */
export const visibleInterfaces = ({ region, account }: Call): NetworkInterface[] =>
  [...region.interfaces.values()].filter(
    (one) => one.ownerId === account.id || region.vpcs.get(one.vpcId)?.ownerId === account.id,
  );

export const describeNetworkInterfaces: Operation = (call) => {
  const { params, world } = call;
  const visible = visibleInterfaces(call);
  const ids = params.strings('NetworkInterfaceId');
  const chosen = ids.length > 0 ? interfacesById(call, ids) : visible;
  const limit = world.knobs['page.unpagedEniLimit'];
  const bounded = params.list('Filter').some((filter) => cheapFilters.has(filter.string('Name') ?? ''));
  if (limit > 0 && visible.length > limit && !params.has('MaxResults') && ids.length === 0 && !bounded) {
    throw new AwsError(400, 'OperationNotPermitted', 'Too many network interfaces: use pagination or a filter.');
  }
  const { items, nextToken } = paged(
    call,
    chosen,
    (some) => filtered(call, some, filterTable(call), ({ tags }) => tags),
    ({ id }) => id,
    {
      operation: 'DescribeNetworkInterfaces',
      parameter: 'MaxResults',
      ids: 'NetworkInterfaceIds',
      idsParameter: 'NetworkInterfaceId',
    },
  );
  return { networkInterfaceSet: new List(items.map((one) => interfaceXml(call, one))), nextToken };
};

/** Filters with which AWS lets a large account read without pages. */
const cheapFilters = new Set([
  'group-id',
  'mac-address',
  'private-dns-name',
  'private-ip-address',
  'subnet-id',
  'vpc-id',
]);

/** All of them or an error: one unknown id fails the whole call. */
export function interfacesById(call: Call, ids: readonly string[]): NetworkInterface[] {
  for (const id of ids) {
    if (!/^eni-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
      throw new AwsError(400, 'InvalidNetworkInterfaceId.Malformed', `Invalid id: "${id}" (expecting "eni-...")`);
    }
  }
  const visible = new Map(visibleInterfaces(call).map((one) => [one.id, one]));
  const missing = ids.filter((id) => !visible.has(id));
  if (missing.length > 0) {
    const text =
      missing.length === 1
        ? `The networkInterface ID '${missing[0]}' does not exist`
        : `The networkInterface IDs '${missing.join(', ')}' do not exist`;
    throw new AwsError(400, 'InvalidNetworkInterfaceID.NotFound', text);
  }
  return ids.map((id) => visible.get(id) as NetworkInterface);
}

export function interfaceXml(call: Call, one: NetworkInterface): { [element: string]: Xml } {
  const { world, region, account } = call;
  const { attachment } = one;
  const [primary] = one.privateIps;
  const vpc = region.vpcs.get(one.vpcId);
  return {
    association: primary && association(one, primary),
    attachment: attachment && {
      attachTime: attachment.attachTime === undefined ? undefined : new Date(attachment.attachTime).toISOString(),
      attachmentId: attachment.id,
      deleteOnTermination: attachment.deleteOnTermination,
      deviceIndex: attachment.deviceIndex,
      networkCardIndex: attachment.networkCardIndex,
      instanceId: attachment.instanceId,
      instanceOwnerId: attachment.instanceOwnerId,
      status: attachment.status,
    },
    availabilityZone: zoneName(world, account, region, one.zoneId),
    availabilityZoneId: one.zoneId,
    description: one.description,
    groupSet: new List(
      one.securityGroupIds.map((groupId) => ({ groupId, groupName: region.securityGroups.get(groupId)?.name ?? '' })),
    ),
    interfaceType: one.interfaceType,
    ipv6Address: one.ipv6Addresses[0],
    ipv6AddressesSet: new List(
      one.ipv6Addresses.map((ipv6Address, index) => ({ ipv6Address, isPrimaryIpv6: index === 0 })),
    ),
    macAddress: one.macAddress,
    networkInterfaceId: one.id,
    operator: { managed: false },
    ownerId: one.ownerId,
    privateDnsName: primary && privateDnsName(region, vpc, primary.ip),
    privateIpAddress: primary?.ip,
    privateIpAddressesSet: new List(
      one.privateIps.map((address, index) => ({
        association: association(one, address),
        primary: index === 0,
        privateDnsName: privateDnsName(region, vpc, address.ip),
        privateIpAddress: address.ip,
      })),
    ),
    requesterId: one.requesterId,
    requesterManaged: one.requesterManaged,
    sourceDestCheck: one.sourceDestCheck,
    status: one.status,
    subnetId: one.subnetId,
    tagSet: tagSet(one.tags),
    vpcId: one.vpcId,
  };
}

function association(one: NetworkInterface, address: NetworkInterface['privateIps'][number]): Xml {
  if (address.publicIp === undefined) return undefined;
  return {
    allocationId: address.allocationId,
    associationId: address.allocationId?.replace('eipalloc', 'eipassoc'),
    ipOwnerId: address.ipOwnerId ?? one.ownerId,
    publicDnsName: '',
    publicIp: address.publicIp,
  };
}

function filterTable({ world, region, account }: Call): FilterTable<NetworkInterface> {
  const primary = (one: NetworkInterface) => one.privateIps[0];
  return {
    'addresses.association.owner-id': (one) => one.privateIps.map(({ ipOwnerId }) => ipOwnerId),
    'addresses.association.public-ip': (one) => one.privateIps.map(({ publicIp }) => publicIp),
    'addresses.primary': (one) => one.privateIps.map((_, index) => String(index === 0)),
    'addresses.private-ip-address': (one) => one.privateIps.map(({ ip }) => ip),
    'association.allocation-id': (one) => [primary(one)?.allocationId],
    'association.association-id': (one) => [primary(one)?.allocationId?.replace('eipalloc', 'eipassoc')],
    'association.ip-owner-id': (one) => [primary(one)?.ipOwnerId],
    'association.public-dns-name': () => [],
    'association.public-ip': (one) => [primary(one)?.publicIp],
    'attachment.attach-time': ({ attachment }) => [
      attachment?.attachTime === undefined ? undefined : new Date(attachment.attachTime).toISOString(),
    ],
    'attachment.attachment-id': ({ attachment }) => [attachment?.id],
    'attachment.delete-on-termination': ({ attachment }) => [attachment && String(attachment.deleteOnTermination)],
    'attachment.device-index': ({ attachment }) => [attachment && String(attachment.deviceIndex)],
    'attachment.instance-id': ({ attachment }) => [attachment?.instanceId],
    'attachment.instance-owner-id': ({ attachment }) => [attachment?.instanceOwnerId],
    'attachment.status': ({ attachment }) => [attachment?.status],
    'availability-zone': ({ zoneId }) => [zoneName(world, account, region, zoneId)],
    'availability-zone-id': ({ zoneId }) => [zoneId],
    description: ({ description }) => [description],
    'group-id': ({ securityGroupIds }) => securityGroupIds,
    'group-name': ({ securityGroupIds }) => securityGroupIds.map((id) => region.securityGroups.get(id)?.name),
    'interface-type': ({ interfaceType }) => [interfaceType],
    'ipv6-addresses.ipv6-address': ({ ipv6Addresses }) => ipv6Addresses,
    'mac-address': ({ macAddress }) => [macAddress],
    'network-interface-id': ({ id }) => [id],
    'operator.managed': () => ['false'],
    'operator.principal': () => [],
    'owner-id': ({ ownerId }) => [ownerId],
    'private-dns-name': (one) => one.privateIps.map(({ ip }) => privateDnsName(region, region.vpcs.get(one.vpcId), ip)),
    'private-ip-address': (one) => one.privateIps.map(({ ip }) => ip),
    'requester-id': ({ requesterId }) => [requesterId],
    'requester-managed': ({ requesterManaged }) => [String(requesterManaged)],
    'source-dest-check': ({ sourceDestCheck }) => [String(sourceDestCheck)],
    status: ({ status }) => [status],
    'subnet-id': ({ subnetId }) => [subnetId],
    'vpc-id': ({ vpcId }) => [vpcId],
  };
}
