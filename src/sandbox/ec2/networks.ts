import { freeCount } from '../engine/addresses.js';
import { partitionOf, zoneName, zoneNamesOf } from '../regions.js';
import type { Subnet, Vpc } from '../state.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import { type FilterTable, filtered } from './filters.js';
import { paged } from './paging.js';
import { tagSet } from './tags.js';

export const describeVpcs: Operation = (call) => {
  const { params, region, account } = call;
  const visible = [...region.vpcs.values()].filter((vpc) => vpc.ownerId === account.id || isShared(call, vpc));
  const chosen = byId(visible, params.strings('VpcId'), 'InvalidVpcID.NotFound', 'vpc ID');
  const { items, nextToken } = paged(
    call,
    chosen,
    (some) => filtered(call, some, vpcFilters, ({ tags }) => tags),
    ({ id }) => id,
    { operation: 'DescribeVpcs', parameter: 'MaxResults', ids: 'VpcIds', idsParameter: 'VpcId' },
  );
  return {
    vpcSet: new List(
      items.map((vpc) => ({
        cidrBlock: vpc.cidrBlocks[0],
        cidrBlockAssociationSet: new List(
          vpc.cidrBlocks.map((cidrBlock, index) => ({
            associationId: `vpc-cidr-assoc-${vpc.id.slice(4, -1)}${index}`,
            cidrBlock,
            cidrBlockState: { state: 'associated' },
          })),
        ),
        ipv6CidrBlockAssociationSet: new List(
          vpc.ipv6CidrBlocks.map((ipv6CidrBlock, index) => ({
            associationId: `vpc-cidr-assoc-${vpc.id.slice(4, -1)}${index + 5}`,
            ipv6CidrBlock,
            ipv6CidrBlockState: { state: 'associated' },
          })),
        ),
        dhcpOptionsId: 'default',
        instanceTenancy: 'default',
        isDefault: vpc.isDefault,
        ownerId: vpc.ownerId,
        state: 'available',
        tagSet: tagSet(vpc.tags),
        vpcId: vpc.id,
      })),
    ),
    nextToken,
  };
};

const vpcFilters: FilterTable<Vpc> = {
  cidr: ({ cidrBlocks }) => [cidrBlocks[0]],
  'cidr-block-association.cidr-block': ({ cidrBlocks }) => cidrBlocks,
  'cidr-block-association.state': ({ cidrBlocks }) => cidrBlocks.map(() => 'associated'),
  'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6CidrBlocks }) => ipv6CidrBlocks,
  'ipv6-cidr-block-association.state': ({ ipv6CidrBlocks }) => ipv6CidrBlocks.map(() => 'associated'),
  'dhcp-options-id': () => ['default'],
  'is-default': ({ isDefault }) => [String(isDefault)],
  'owner-id': ({ ownerId }) => [ownerId],
  state: () => ['available'],
  'vpc-id': ({ id }) => [id],
};

const isShared = ({ region, account }: Call, vpc: Vpc): boolean =>
  [...region.subnets.values()].some(({ vpcId, sharedWith }) => vpcId === vpc.id && sharedWith.has(account.id));

export const describeSubnets: Operation = (call) => {
  const { params, world, region, account } = call;
  const visible = [...region.subnets.values()].filter(
    (subnet) => subnet.ownerId === account.id || subnet.sharedWith.has(account.id),
  );
  const chosen = byId(visible, params.strings('SubnetId'), 'InvalidSubnetID.NotFound', 'subnet ID');
  const arn = ({ ownerId, id }: Subnet) => `arn:${partitionOf(region.name)}:ec2:${region.name}:${ownerId}:subnet/${id}`;
  const zone = ({ zoneId }: Subnet) => zoneName(world, account, region, zoneId);
  const free = (subnet: Subnet) => String(freeCount(region, subnet));
  const table: FilterTable<Subnet> = {
    'available-ip-address-count': (subnet) => [free(subnet)],
    'map-public-ip-on-launch': () => ['false'],
    'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6CidrBlock }) => [ipv6CidrBlock],
    'owner-id': ({ ownerId }) => [ownerId],
    state: () => ['available'],
    'subnet-arn': (subnet) => [arn(subnet)],
    'subnet-id': ({ id }) => [id],
    'vpc-id': ({ vpcId }) => [vpcId],
  };
  for (const name of ['availability-zone', 'availabilityZone']) table[name] = (subnet) => [zone(subnet)];
  for (const name of ['availability-zone-id', 'availabilityZoneId']) table[name] = ({ zoneId }) => [zoneId];
  for (const name of ['cidr-block', 'cidr', 'cidrBlock']) table[name] = ({ cidrBlock }) => [cidrBlock];
  for (const name of ['default-for-az', 'defaultForAz']) table[name] = () => ['false'];
  const { items, nextToken } = paged(
    call,
    chosen,
    (some) => filtered(call, some, table, ({ tags }) => tags),
    ({ id }) => id,
    { operation: 'DescribeSubnets', parameter: 'MaxResults', ids: 'SubnetIds', idsParameter: 'SubnetId' },
  );
  return {
    subnetSet: new List(
      items.map((subnet) => ({
        assignIpv6AddressOnCreation: subnet.ipv6CidrBlock !== undefined,
        availabilityZone: zone(subnet),
        availabilityZoneId: subnet.zoneId,
        availableIpAddressCount: free(subnet),
        cidrBlock: subnet.cidrBlock,
        defaultForAz: false,
        enableDns64: false,
        ipv6CidrBlockAssociationSet: new List(
          subnet.ipv6CidrBlock === undefined
            ? []
            : [
                {
                  associationId: `subnet-cidr-assoc-${subnet.id.slice(7)}`,
                  ipv6CidrBlock: subnet.ipv6CidrBlock,
                  ipv6CidrBlockState: { state: 'associated' },
                },
              ],
        ),
        ipv6Native: false,
        mapCustomerOwnedIpOnLaunch: false,
        mapPublicIpOnLaunch: false,
        ownerId: subnet.ownerId,
        privateDnsNameOptionsOnLaunch: {
          enableResourceNameDnsAAAARecord: false,
          enableResourceNameDnsARecord: false,
          hostnameType: 'ip-name',
        },
        state: 'available',
        subnetArn: arn(subnet),
        subnetId: subnet.id,
        tagSet: tagSet(subnet.tags),
        vpcId: subnet.vpcId,
      })),
    ),
    nextToken,
  };
};

export const describeAvailabilityZones: Operation = (call) => {
  const { params, world, region, account } = call;
  const names = params.strings('ZoneName');
  const ids = params.strings('ZoneId');
  const zones = [...zoneNamesOf(world, account, region)].map(([id, name]) => ({ id, name }));
  for (const name of names) {
    if (!zones.some((zone) => zone.name === name)) {
      throw new AwsError(400, 'InvalidParameterValue', `Invalid availability zone: [${name}]`);
    }
  }
  const chosen = zones
    .filter(({ id, name }) => (names.length === 0 || names.includes(name)) && (ids.length === 0 || ids.includes(id)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = filtered(call, chosen, {
    'group-name': () => [`${region.name}-zg-1`],
    'opt-in-status': () => ['opt-in-not-required'],
    'region-name': () => [region.name],
    state: () => ['available'],
    'zone-id': ({ id }) => [id],
    'zone-name': ({ name }) => [name],
    'zone-type': () => ['availability-zone'],
  });
  return {
    availabilityZoneInfo: new List(
      items.map(({ id, name }) => ({
        groupName: `${region.name}-zg-1`,
        groupLongName: `${region.name} 1`,
        messageSet: new List([]),
        networkBorderGroup: region.name,
        optInStatus: 'opt-in-not-required',
        regionName: region.name,
        zoneId: id,
        zoneName: name,
        zoneState: 'available',
        zoneType: 'availability-zone',
      })),
    ),
  };
};

function byId<T extends { id: string }>(all: T[], ids: string[], code: string, what: string): T[] {
  if (ids.length === 0) return all;
  return ids.map((id) => {
    const found = all.find((one) => one.id === id);
    if (!found) throw new AwsError(400, code, `The ${what} '${id}' does not exist`);
    return found;
  });
}
