import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type SecurityGroup as Ec2Group,
  type SecurityGroupRule as Ec2Rule,
  type Tag as Ec2Tag,
  type Filter,
  GetManagedPrefixListEntriesCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { AwsFailure } from '../errors.js';
import type { RulePeer, SecurityGroup, SecurityGroupRule, Tags } from '../plan/model.js';
import { Batch, shared } from './batching.js';
import { isRefusedRequest, orNull, type Send, unreadable } from './call.js';
import { everyPage } from './paging.js';
import type { NewRule, SecurityGroups } from './ports.js';

const PAGE = 1000;
/** EC2 allows 200 filter values a call. */
const IDS_PER_CALL = 150;
/** Prefix lists come in smaller pages than anything else. */
const ENTRIES_PAGE = 100;

const GROUPS = 'ec2:DescribeSecurityGroups';
const RULES = 'ec2:DescribeSecurityGroupRules';
const LISTS = 'ec2:DescribeManagedPrefixLists';
const ENTRIES = 'ec2:GetManagedPrefixListEntries';
const AUTHORIZE = 'ec2:AuthorizeSecurityGroupIngress';
const REVOKE = 'ec2:RevokeSecurityGroupIngress';

/** The security groups of the ports. `send` makes one call and words its failure. */
export function securityGroups(client: EC2Client, region: string, send: Send): SecurityGroups {
  const rules = (filter: Filter): Promise<SecurityGroupRule[]> =>
    everyPage(RULES, async (NextToken) => {
      const input = { Filters: [filter], MaxResults: PAGE, NextToken };
      const page = await send(RULES, () => client.send(new DescribeSecurityGroupRulesCommand(input)));
      if (!page.SecurityGroupRules) throw unreadable(RULES, 'no list of rules');
      return { items: page.SecurityGroupRules.map(toRule), marker: page.NextToken };
    });

  const rulesByGroup = new Batch<SecurityGroupRule[]>(
    IDS_PER_CALL,
    async (ids) => {
      const found = await rules({ Name: 'group-id', Values: [...ids] });
      return ids.map((id) => found.filter(({ groupId }) => groupId === id));
    },
    isRefusedRequest,
  );

  const groups = new Batch<SecurityGroup>(
    IDS_PER_CALL,
    async (ids) => {
      const answer = await send(GROUPS, () => client.send(new DescribeSecurityGroupsCommand({ GroupIds: [...ids] })));
      return ids.map((id) => {
        const found = answer.SecurityGroups?.find(({ GroupId }) => GroupId === id);
        if (!found) throw unreadable(GROUPS, `nothing of ${id}`);
        return toGroup(found);
      });
    },
    isRefusedRequest,
  );

  const groupsWhere = (filter: Filter): Promise<SecurityGroup[]> =>
    everyPage(GROUPS, async (NextToken) => {
      const input = { Filters: [filter], MaxResults: PAGE, NextToken };
      const page = await send(GROUPS, () => client.send(new DescribeSecurityGroupsCommand(input)));
      if (!page.SecurityGroups) throw unreadable(GROUPS, 'no list of groups');
      return { items: page.SecurityGroups.map(toGroup), marker: page.NextToken };
    });

  const prefixList = shared(async (id) => {
    const [lists, cidrs] = await Promise.all([
      send(LISTS, () => client.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [id] }))),
      everyPage(ENTRIES, async (NextToken) => {
        const input = { PrefixListId: id, MaxResults: ENTRIES_PAGE, NextToken };
        const page = await send(ENTRIES, () => client.send(new GetManagedPrefixListEntriesCommand(input)));
        if (!page.Entries) throw unreadable(ENTRIES, 'no list of entries');
        return { items: page.Entries.flatMap(({ Cidr }) => Cidr ?? []), marker: page.NextToken };
      }),
    ]);
    const found = lists.PrefixLists?.find(({ PrefixListId }) => PrefixListId === id);
    if (!found) throw unreadable(LISTS, `nothing of ${id}`);
    return { id, maxEntries: found.MaxEntries ?? null, cidrs };
  });

  const authorize = (groupId: string, asked: readonly NewRule[], tags: Tags, DryRun: boolean) => {
    const input = { GroupId: groupId, IpPermissions: asked.map(toPermission), TagSpecifications: tagged(tags) };
    return send(AUTHORIZE, () =>
      client.send(new AuthorizeSecurityGroupIngressCommand(DryRun ? { ...input, DryRun } : input)),
    );
  };

  return {
    region,
    securityGroup: (id) => orNull('InvalidGroup.NotFound', groups.get(id)),
    async referringTo(groupId) {
      const filters = ['ip-permission.group-id', 'egress.ip-permission.group-id'];
      const found = await Promise.all(filters.map((Name) => groupsWhere({ Name, Values: [groupId] })));
      const others = found.flat().filter(({ id }) => id !== groupId);
      return [...new Map(others.map((one) => [one.id, one])).values()];
    },
    rules: (groupId) => rulesByGroup.get(groupId),
    rulesTagged: (key, value) => rules({ Name: `tag:${key}`, Values: [literal(value)] }),
    prefixList: (id) => orNull('InvalidPrefixListID.NotFound', prefixList(id)),
    async authorizeIngress(groupId, asked, tags) {
      const { SecurityGroupRules } = await authorize(groupId, asked, tags, false);
      if (!SecurityGroupRules) throw unreadable(AUTHORIZE, 'no list of the rules that were added');
      return SecurityGroupRules.map(toRule);
    },
    async revokeIngress(GroupId, ruleIds) {
      const command = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [...ruleIds] });
      await send(REVOKE, () => client.send(command));
    },
    async mayAuthorizeIngress(groupId) {
      try {
        await authorize(groupId, [neverMeant], new Map([['lbbridge:source', 'dry-run']]), true);
      } catch (error) {
        if (error instanceof AwsFailure && error.code === 'DryRunOperation') return true;
        if (error instanceof AwsFailure && error.code === 'UnauthorizedOperation') return false;
        throw error;
      }
      throw unreadable(AUTHORIZE, 'a success, where a dry run was asked for');
    },
  };
}

function toGroup({
  GroupId: id,
  GroupName: name,
  VpcId: vpcId,
  OwnerId: ownerId,
  Tags: tags,
}: Ec2Group): SecurityGroup {
  if (!id || !vpcId || !ownerId) throw unreadable(GROUPS, 'a group without its id, its VPC or its owner');
  return { id, name: name ?? id, vpcId, ownerId, tags: toTags(tags) };
}

/** A rule for nobody: an address of the documentation's block. */
const neverMeant: NewRule = {
  protocol: 'tcp',
  fromPort: 1,
  toPort: 1,
  peer: { kind: 'cidr', cidr: '192.0.2.1/32' },
  description: 'lbbridge: dry run',
};

/** A value that a filter takes as it stands: wildcards in it are escaped. */
const literal = (value: string): string => value.replace(/[*?\\]/g, '\\$&');

const tagged = (tags: Tags): TagSpecification[] => [
  { ResourceType: 'security-group-rule', Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) },
];

function toPermission({ protocol, fromPort, toPort, peer, description }: NewRule): IpPermission {
  const ports = { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort };
  const Description = description;
  switch (peer.kind) {
    case 'group': {
      const user = peer.userId === null ? {} : { UserId: peer.userId };
      return { ...ports, UserIdGroupPairs: [{ GroupId: peer.groupId, ...user, Description }] };
    }
    case 'prefix-list':
      return { ...ports, PrefixListIds: [{ PrefixListId: peer.prefixListId, Description }] };
    default:
      return peer.cidr.includes(':')
        ? { ...ports, Ipv6Ranges: [{ CidrIpv6: peer.cidr, Description }] }
        : { ...ports, IpRanges: [{ CidrIp: peer.cidr, Description }] };
  }
}

const toTags = (tags: Ec2Tag[] = []): Tags => new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

function toRule(one: Ec2Rule): SecurityGroupRule {
  const { SecurityGroupRuleId: id, GroupId: groupId, IpProtocol: protocol } = one;
  const peer = peerOf(one);
  if (!id || !groupId || !protocol || !peer || one.IsEgress === undefined) {
    throw unreadable(RULES, 'a rule without its id, its group, its protocol or its peer');
  }
  return {
    id,
    groupId,
    isEgress: one.IsEgress,
    protocol,
    fromPort: one.FromPort ?? -1,
    toPort: one.ToPort ?? -1,
    peer,
    description: one.Description ?? null,
    tags: toTags(one.Tags),
  };
}

function peerOf(one: Ec2Rule): RulePeer | null {
  const cidr = one.CidrIpv4 ?? one.CidrIpv6;
  if (cidr) return { kind: 'cidr', cidr };
  if (one.PrefixListId) return { kind: 'prefix-list', prefixListId: one.PrefixListId };
  const { GroupId: groupId, UserId: userId } = one.ReferencedGroupInfo ?? {};
  if (!groupId) return null;
  // AWS names the account of its own groups too.
  return { kind: 'group', groupId, userId: userId === undefined || userId === one.GroupOwnerId ? null : userId };
}
