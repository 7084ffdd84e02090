import { partitionOf } from '../regions.js';
import type { RegionState, SecurityGroup, SecurityGroupRule } from '../state.js';
import { invalidParameterValue, missingParameter } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import { type FilterTable, filtered } from './filters.js';
import { dryRun } from './interface-writes.js';
import { paged } from './paging.js';
import { tagSet, tagSpecifications } from './tags.js';

const visible = ({ region, account }: Call): SecurityGroup[] =>
  [...region.securityGroups.values()].filter(({ ownerId }) => ownerId === account.id);

/** The group of that id; throws where the account has none. */
export function securityGroup(call: Call, id: string): SecurityGroup {
  if (!/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
    throw new AwsError(400, 'InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
  }
  const found = visible(call).find((group) => group.id === id);
  if (!found) throw new AwsError(400, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return found;
}

export const describeSecurityGroups: Operation = (call) => {
  const ids = call.params.strings('GroupId');
  const names = call.params.strings('GroupName');
  const all = ids.length > 0 ? ids.map((id) => securityGroup(call, id)) : visible(call);
  const chosen = names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
  const { items, nextToken } = paged(
    call,
    chosen,
    (some) => filtered(call, some, groupFilters, ({ tags }) => tags),
    ({ id }) => id,
    {
      operation: 'DescribeSecurityGroups',
      parameter: 'maxResults',
      ids: 'securityGroupIdSet',
      idsParameter: 'GroupId',
    },
  );
  return {
    securityGroupInfo: new List(
      items.map((group) => ({
        groupDescription: group.description,
        groupId: group.id,
        groupName: group.name,
        ipPermissions: permissions(group, false),
        ipPermissionsEgress: permissions(group, true),
        ownerId: group.ownerId,
        securityGroupArn: groupArn(call.region, group),
        tagSet: tagSet(group.tags),
        vpcId: group.vpcId,
      })),
    ),
    nextToken,
  };
};

const groupArn = ({ name }: RegionState, { ownerId, id }: SecurityGroup): string =>
  `arn:${partitionOf(name)}:ec2:${name}:${ownerId}:security-group/${id}`;

/** Rules as DescribeSecurityGroups shows them: one entry for each protocol and range of ports, its sources in lists. */
function permissions({ rules }: SecurityGroup, egress: boolean): List {
  const byPorts = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules.values()) {
    if (rule.isEgress !== egress) continue;
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), rule]);
  }
  return new List(
    [...byPorts.values()].map((same) => {
      const [{ protocol, fromPort, toPort }] = same as [SecurityGroupRule];
      return {
        ...(protocol === '-1' ? {} : { fromPort, toPort }),
        groups: sources(same, ({ source, description }) =>
          source.kind === 'group' ? { description, groupId: source.groupId, userId: source.userId } : null,
        ),
        ipProtocol: protocol,
        ipRanges: sources(same, ({ source, description }) =>
          source.kind === 'cidr' ? { cidrIp: source.cidr, description } : null,
        ),
        ipv6Ranges: sources(same, ({ source, description }) =>
          source.kind === 'cidr6' ? { cidrIpv6: source.cidr, description } : null,
        ),
        prefixListIds: sources(same, ({ source, description }) =>
          source.kind === 'prefix-list' ? { description, prefixListId: source.prefixListId } : null,
        ),
      };
    }),
  );
}

const sources = (rules: SecurityGroupRule[], read: (rule: SecurityGroupRule) => Xml | null): List =>
  new List(rules.map(read).filter((one) => one !== null));

export const describeSecurityGroupRules: Operation = (call) => {
  const { params, world } = call;
  const ids = params.strings('SecurityGroupRuleId');
  if (world.knobs['error.sgrRequireMax'] && ids.length === 0 && !params.has('MaxResults')) {
    throw new AwsError(400, 'MissingParameter', "Either 'securityGroupRuleIds' or 'maxResults' should be provided.");
  }
  const all = visible(call).flatMap(({ rules }) => [...rules.values()]);
  const chosen = ids.length > 0 ? ids.map((id) => ruleById(all, id)) : all;
  const table: FilterTable<SecurityGroupRule> = {
    'group-id': ({ groupId }) => [groupId],
    'security-group-rule-id': ({ id }) => [id],
  };
  for (const filter of params.list('Filter')) {
    if (filter.string('Name') === 'tag-key') throw invalidParameterValue("The filter 'tag-key' is invalid");
  }
  const { items, nextToken } = paged(
    call,
    chosen,
    (some) => filtered(call, some, table, ({ tags }) => tags),
    ({ id }) => id,
    {
      operation: 'DescribeSecurityGroupRules',
      parameter: 'maxResults',
      ids: 'securityGroupRuleIds',
      idsParameter: 'SecurityGroupRuleId',
    },
  );
  return { securityGroupRuleSet: new List(items.map((rule) => ruleXml(call, rule))), nextToken };
};

export function ruleById(rules: readonly SecurityGroupRule[], id: string): SecurityGroupRule {
  const found = rules.find((rule) => rule.id === id);
  if (found) return found;
  throw new AwsError(400, 'InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
}

export function ruleXml({ region }: Call, rule: SecurityGroupRule): Xml {
  const { source } = rule;
  const group = region.securityGroups.get(rule.groupId);
  const ownerId = group?.ownerId ?? '';
  return {
    cidrIpv4: source.kind === 'cidr' ? source.cidr : undefined,
    cidrIpv6: source.kind === 'cidr6' ? source.cidr : undefined,
    description: rule.description,
    fromPort: rule.fromPort,
    groupId: rule.groupId,
    groupOwnerId: ownerId,
    ipProtocol: rule.protocol,
    isEgress: rule.isEgress,
    prefixListId: source.kind === 'prefix-list' ? source.prefixListId : undefined,
    referencedGroupInfo: source.kind === 'group' ? { groupId: source.groupId, userId: source.userId } : undefined,
    securityGroupRuleArn: `arn:${partitionOf(region.name)}:ec2:${region.name}:${ownerId}:security-group-rule/${rule.id}`,
    securityGroupRuleId: rule.id,
    tagSet: tagSet(rule.tags),
    toPort: rule.toPort,
  };
}

export const createSecurityGroup: Operation = (call) => {
  const { params, world, region, account } = call;
  const name = params.string('GroupName');
  const description = params.string('GroupDescription');
  const vpcId = params.string('VpcId');
  if (name === undefined) throw missingParameter('groupName');
  if (description === undefined) throw missingParameter('groupDescription');
  if (/^sg-/i.test(name))
    throw invalidParameterValue(`Invalid value '${name}' for groupName. It may not begin with 'sg-'`);
  if (vpcId === undefined || !region.vpcs.has(vpcId)) {
    throw new AwsError(400, 'InvalidVpcID.NotFound', `The vpc ID '${vpcId ?? ''}' does not exist`);
  }
  const tags = tagSpecifications(params, 'security-group');
  const same = (group: SecurityGroup) => group.vpcId === vpcId && group.name.toLowerCase() === name.toLowerCase();
  if ([...region.securityGroups.values()].some(same)) {
    throw new AwsError(400, 'InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  }
  if (params.boolean('DryRun')) throw dryRun();
  const group: SecurityGroup = {
    id: world.random.id('sg'),
    name,
    description,
    vpcId,
    ownerId: account.id,
    rules: new Map(),
    tags,
  };
  const egress: SecurityGroupRule = {
    id: world.random.id('sgr'),
    groupId: group.id,
    isEgress: true,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    source: { kind: 'cidr', cidr: '0.0.0.0/0' },
    tags: new Map(),
    effectiveAt: world.clock.now,
  };
  group.rules.set(egress.id, egress);
  region.securityGroups.set(group.id, group);
  return { groupId: group.id, securityGroupArn: groupArn(region, group), tagSet: tagSet(tags) };
};

export const deleteSecurityGroup: Operation = (call) => {
  const { params, region } = call;
  const id = params.string('GroupId');
  if (id === undefined) throw missingParameter('groupId');
  const group = securityGroup(call, id);
  if (group.name === 'default') {
    throw new AwsError(400, 'CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  }
  const used = [...region.interfaces.values()].some(({ securityGroupIds }) => securityGroupIds.includes(id));
  const referenced = [...region.securityGroups.values()].some(
    (other) =>
      other.id !== id &&
      other.vpcId === group.vpcId &&
      [...other.rules.values()].some(({ source }) => source.kind === 'group' && source.groupId === id),
  );
  if (used || referenced) throw new AwsError(400, 'DependencyViolation', `resource ${id} has a dependent object`);
  if (params.boolean('DryRun')) throw dryRun();
  region.securityGroups.delete(id);
  return { return: true, groupId: id };
};

const rulesOf = ({ rules }: SecurityGroup, egress: boolean): SecurityGroupRule[] =>
  [...rules.values()].filter(({ isEgress }) => isEgress === egress);

const groupFilters: FilterTable<SecurityGroup> = {
  description: ({ description }) => [description],
  'group-id': ({ id }) => [id],
  'group-name': ({ name }) => [name],
  'owner-id': ({ ownerId }) => [ownerId],
  'vpc-id': ({ vpcId }) => [vpcId],
  ...Object.fromEntries(
    [false, true].flatMap((egress) =>
      Object.entries({
        cidr: ({ source }: SecurityGroupRule) => (source.kind === 'cidr' ? source.cidr : undefined),
        'from-port': ({ fromPort }: SecurityGroupRule) => String(fromPort),
        'group-id': ({ source }: SecurityGroupRule) => (source.kind === 'group' ? source.groupId : undefined),
        'ipv6-cidr': ({ source }: SecurityGroupRule) => (source.kind === 'cidr6' ? source.cidr : undefined),
        'prefix-list-id': ({ source }: SecurityGroupRule) =>
          source.kind === 'prefix-list' ? source.prefixListId : undefined,
        protocol: ({ protocol }: SecurityGroupRule) => protocol,
        'to-port': ({ toPort }: SecurityGroupRule) => String(toPort),
        'user-id': ({ source }: SecurityGroupRule) => (source.kind === 'group' ? source.userId : undefined),
      }).map(([name, read]) => [
        `${egress ? 'egress.' : ''}ip-permission.${name}`,
        (group: SecurityGroup) => rulesOf(group, egress).map(read),
      ]),
    ),
  ),
};
