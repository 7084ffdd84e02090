import type { ServiceTable } from '../wire/operation.js';
import { createNetworkInterface, deleteNetworkInterface, modifyNetworkInterfaceAttribute } from './interface-writes.js';
import { describeNetworkInterfaces } from './interfaces.js';
import { describeAvailabilityZones, describeSubnets, describeVpcs } from './networks.js';
import { describeManagedPrefixLists, getManagedPrefixListEntries } from './prefix-lists.js';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
} from './security-group-rules.js';
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroupRules,
  describeSecurityGroups,
} from './security-groups.js';
import { createTags, deleteTags } from './tags.js';

const page = ['Filter', 'MaxResults', 'NextToken'];
const permission = ['IpPermissions', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp'];
const group = ['GroupId', 'GroupName', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'];

/** EC2's query protocol. Every operation with the parameters that it knows: EC2 refuses all others. */
export const ec2: ServiceTable = {
  version: '2016-11-15',
  operations: {
    DescribeNetworkInterfaces: describeNetworkInterfaces,
    CreateNetworkInterface: createNetworkInterface,
    DeleteNetworkInterface: deleteNetworkInterface,
    ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
    DescribeVpcs: describeVpcs,
    DescribeSubnets: describeSubnets,
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeSecurityGroups: describeSecurityGroups,
    DescribeSecurityGroupRules: describeSecurityGroupRules,
    CreateSecurityGroup: createSecurityGroup,
    DeleteSecurityGroup: deleteSecurityGroup,
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
    DescribeManagedPrefixLists: describeManagedPrefixLists,
    GetManagedPrefixListEntries: getManagedPrefixListEntries,
    CreateTags: createTags,
    DeleteTags: deleteTags,
  },
  parameters: {
    DescribeNetworkInterfaces: [...page, 'NetworkInterfaceId', 'IncludeManagedResources'],
    CreateNetworkInterface: [
      'SubnetId',
      'Description',
      'PrivateIpAddress',
      'PrivateIpAddresses',
      'SecondaryPrivateIpAddressCount',
      'Ipv6AddressCount',
      'Ipv6Addresses',
      'SecurityGroupId',
      'TagSpecification',
      'ClientToken',
    ],
    DeleteNetworkInterface: ['NetworkInterfaceId'],
    ModifyNetworkInterfaceAttribute: ['NetworkInterfaceId', 'Description', 'SecurityGroupId', 'SourceDestCheck'],
    DescribeVpcs: [...page, 'VpcId'],
    DescribeSubnets: [...page, 'SubnetId'],
    DescribeAvailabilityZones: ['Filter', 'ZoneName', 'ZoneId', 'AllAvailabilityZones'],
    DescribeSecurityGroups: [...page, 'GroupId', 'GroupName'],
    DescribeSecurityGroupRules: [...page, 'SecurityGroupRuleId'],
    CreateSecurityGroup: ['GroupName', 'GroupDescription', 'VpcId', 'TagSpecification'],
    DeleteSecurityGroup: ['GroupId', 'GroupName'],
    AuthorizeSecurityGroupIngress: [...group, ...permission, 'TagSpecification'],
    RevokeSecurityGroupIngress: [...group, ...permission, 'SecurityGroupRuleId'],
    AuthorizeSecurityGroupEgress: [...group, ...permission, 'TagSpecification'],
    RevokeSecurityGroupEgress: [...group, ...permission, 'SecurityGroupRuleId'],
    DescribeManagedPrefixLists: [...page, 'PrefixListId'],
    GetManagedPrefixListEntries: ['PrefixListId', 'TargetVersion', 'MaxResults', 'NextToken'],
    CreateTags: ['ResourceId', 'Tag'],
    DeleteTags: ['ResourceId', 'Tag'],
  },
};
