import { canonical } from '../ip.js';
import type { RuleSource, SecurityGroup, SecurityGroupRule } from '../state.js';
import { invalidParameterValue, missingParameter } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import type { Params } from '../wire/params.js';
import { dryRun } from './interface-writes.js';
import { ruleById, ruleXml, securityGroup } from './security-groups.js';
import { tagSpecifications } from './tags.js';

/** What makes a rule the same as another; its description does not. */
interface Permission {
  protocol: string;
  fromPort: number;
  toPort: number;
  source: RuleSource;
  description?: string | undefined;
}

const names: Record<string, string> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };

const authorize = (call: Call, isEgress: boolean): ReturnType<Operation> => {
  const { params, world } = call;
  const group = groupNamed(call);
  const wanted = permissionsOf(call);
  const tags = tagSpecifications(params, 'security-group-rule');
  const keys = new Set<string>();
  for (const one of wanted) {
    if (keys.has(identity(one))) throw invalidParameterValue('The same permission must not appear multiple times');
    keys.add(identity(one));
  }
  for (const one of wanted) {
    if (rulesOf(group, isEgress).some((rule) => identity(rule) === identity(one))) {
      throw new AwsError(400, 'InvalidPermission.Duplicate', `the specified rule "${words(one)}" already exists`);
    }
  }
  if (params.boolean('DryRun')) throw dryRun();
  checkQuota(call, rulesOf(group, isEgress), wanted);
  const added = wanted.map((one): SecurityGroupRule => {
    const { description, ...rule } = one;
    return {
      ...rule,
      id: world.random.id('sgr'),
      groupId: group.id,
      isEgress,
      ...(description === undefined ? {} : { description }),
      tags: new Map(tags),
      effectiveAt: world.clock.now + world.knobs['sg.propagationSeconds'] * 1000,
    };
  });
  for (const rule of added) group.rules.set(rule.id, rule);
  return { return: true, securityGroupRuleSet: new List(added.map((rule) => ruleXml(call, rule))) };
};

const revoke = (call: Call, isEgress: boolean): ReturnType<Operation> => {
  const { params, region } = call;
  const group = groupNamed(call);
  const ids = params.strings('SecurityGroupRuleId');
  const permissions = ids.length > 0 && !params.has('IpPermissions') ? [] : permissionsOf(call);
  if (ids.length > 0 && permissions.length > 0) {
    throw new AwsError(
      400,
      'InvalidParameterCombination',
      'Rule ids and permissions cannot be given in the same call.',
    );
  }
  const byId = ids.map((id) => ruleById(rulesOf(group, isEgress), id));
  const found = permissions.map((one) => rulesOf(group, isEgress).find((rule) => identity(rule) === identity(one)));
  const unknown = permissions.filter((_, index) => found[index] === undefined);
  if (unknown.length > 0 && !region.vpcs.get(group.vpcId)?.isDefault) {
    throw new AwsError(400, 'InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  }
  if (params.boolean('DryRun')) throw dryRun();
  const revoked = [...byId, ...found.filter((rule) => rule !== undefined)];
  for (const rule of revoked) group.rules.delete(rule.id);
  return {
    return: true,
    revokedSecurityGroupRuleSet: new List(revoked.map((rule) => ruleXml(call, rule))),
    unknownIpPermissionSet: new List(
      unknown.map(({ protocol, fromPort, toPort, source }) => ({
        ipProtocol: protocol,
        fromPort,
        toPort,
        ipRanges: new List(source.kind === 'cidr' ? [{ cidrIp: source.cidr }] : []),
      })),
    ),
  };
};

export const authorizeSecurityGroupIngress: Operation = (call) => authorize(call, false);
export const authorizeSecurityGroupEgress: Operation = (call) => authorize(call, true);
export const revokeSecurityGroupIngress: Operation = (call) => revoke(call, false);
export const revokeSecurityGroupEgress: Operation = (call) => revoke(call, true);

const rulesOf = ({ rules }: SecurityGroup, isEgress: boolean): SecurityGroupRule[] =>
  [...rules.values()].filter((rule) => rule.isEgress === isEgress);

function groupNamed(call: Call): SecurityGroup {
  const id = call.params.string('GroupId');
  if (id !== undefined) return securityGroup(call, id);
  const name = call.params.string('GroupName');
  if (name === undefined) throw missingParameter('groupId');
  throw new AwsError(400, 'InvalidGroup.NotFound', `The security group '${name}' does not exist in default VPC 'none'`);
}

/** Every (protocol, ports, source) that the request names, from `IpPermissions` or the flat parameters. */
function permissionsOf(call: Call): Permission[] {
  const { params } = call;
  if (!params.has('IpPermissions')) {
    const cidr = params.string('CidrIp');
    if (cidr === undefined) throw missingParameter('ipPermissions');
    return [{ ...portsOf(params), source: cidrSource(cidr) }];
  }
  return params.list('IpPermissions').flatMap((entry) => {
    const ports = portsOf(entry);
    const sources: { source: RuleSource; of: Params }[] = [
      ...entry.list('IpRanges').map((of) => ({ source: cidrSource(of.string('CidrIp') ?? ''), of })),
      ...entry.list('Ipv6Ranges').map((of) => ({ source: cidrSource(of.string('CidrIpv6') ?? ''), of })),
      ...entry.list('Groups').map((of) => ({ source: groupSource(call, of), of })),
      ...entry.list('PrefixListIds').map((of) => ({ source: prefixListSource(call, of), of })),
    ];
    return sources.map(({ source, of }) => ({ ...ports, source, description: descriptionOf(of) }));
  });
}

function portsOf(entry: Params): Pick<Permission, 'protocol' | 'fromPort' | 'toPort'> {
  const given = entry.string('IpProtocol') ?? '';
  const protocol = names[given] ?? given;
  if (protocol === '-1') return { protocol, fromPort: -1, toPort: -1 };
  const fromPort = entry.integer('FromPort');
  const toPort = entry.integer('ToPort');
  if ((protocol === 'tcp' || protocol === 'udp') && (fromPort === undefined || toPort === undefined)) {
    throw invalidParameterValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
  }
  return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 };
}

function cidrSource(text: string): RuleSource {
  const cidr = canonical(text);
  if (cidr === null) throw invalidParameterValue(`CIDR block ${text} is malformed`);
  return { kind: text.includes(':') ? 'cidr6' : 'cidr', cidr };
}

function groupSource({ region, account }: Call, of: Params): RuleSource {
  const groupId = of.string('GroupId') ?? '';
  const group = region.securityGroups.get(groupId);
  if (!group) throw new AwsError(400, 'InvalidGroup.NotFound', `The security group '${groupId}' does not exist`);
  return { kind: 'group', groupId, userId: of.string('UserId') ?? group.ownerId ?? account.id };
}

function prefixListSource({ region }: Call, of: Params): RuleSource {
  const prefixListId = of.string('PrefixListId') ?? '';
  if (!region.prefixLists.has(prefixListId)) {
    throw new AwsError(400, 'InvalidPrefixListID.NotFound', `The prefix list ID '${prefixListId}' does not exist`);
  }
  return { kind: 'prefix-list', prefixListId };
}

function descriptionOf(of: Params): string | undefined {
  const text = of.string('Description');
  if (text !== undefined && (text.length > 255 || !/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/.test(text))) {
    throw invalidParameterValue(
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
  }
  return text;
}

const identity = ({ protocol, fromPort, toPort, source }: Permission): string =>
  `${protocol} ${fromPort} ${toPort} ${peer(source)}`;

function peer(source: RuleSource): string {
  if (source.kind === 'group') return source.groupId;
  return source.kind === 'prefix-list' ? source.prefixListId : source.cidr;
}

const words = ({ protocol, fromPort, toPort, source }: Permission): string =>
  protocol === '-1'
    ? `peer: ${peer(source)}, ALL, ALLOW`
    : `peer: ${peer(source)}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`;

/** Inbound and outbound rules count apart, and so do IPv4 and IPv6; a group counts in both, a prefix list with all the entries it may get. */
function checkQuota(
  { world, region }: Call,
  standing: readonly SecurityGroupRule[],
  wanted: readonly Permission[],
): void {
  const all = [...standing, ...wanted];
  const weigh = (family: 'cidr' | 'cidr6'): number =>
    all.reduce((sum, { source }) => {
      if (source.kind === 'prefix-list') return sum + (region.prefixLists.get(source.prefixListId)?.maxEntries ?? 1);
      return sum + (source.kind === 'group' || source.kind === family ? 1 : 0);
    }, 0);
  if (Math.max(weigh('cidr'), weigh('cidr6')) > world.knobs['quota.rulesPerGroup']) {
    throw new AwsError(
      400,
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
}
