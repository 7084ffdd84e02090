import { describe, expect, it } from 'vitest';
import type { NewRule } from '../../src/aws/ports.js';
import { ec2, ec2Error } from './answers.js';
import { type Answers, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, groups: connectTo(stub).securityGroups };
};

const rule = (id: string, inner = '<cidrIpv4>10.0.1.1/32</cidrIpv4>') =>
  `<item><securityGroupRuleId>${id}</securityGroupRuleId><groupId>sg-1</groupId><groupOwnerId>111122223333</groupOwnerId>
  <isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>443</toPort>${inner}
  <tagSet><item><key>lbbridge:source</key><value>nlb</value></item></tagSet></item>`;
const rules = (items: string[], nextToken?: string) =>
  ec2(
    'DescribeSecurityGroupRules',
    `<securityGroupRuleSet>${items.join('')}</securityGroupRuleSet>${nextToken ? `<nextToken>${nextToken}</nextToken>` : ''}`,
  );
const added = ec2(
  'AuthorizeSecurityGroupIngress',
  `<return>true</return><securityGroupRuleSet>${rule('sgr-1')}</securityGroupRuleSet>`,
);

const wanted: NewRule = {
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr', cidr: '10.0.1.1/32' },
  description: 'lbbridge: NLB edge',
};

describe('rules', () => {
  it('reads every page, in the words of the domain', async () => {
    const { stub, groups } = await connected((_, earlier) =>
      earlier === 0
        ? rules([rule('sgr-1'), rule('sgr-2', '<cidrIpv6>fd00::1/128</cidrIpv6><description>d</description>')], 'two')
        : rules([
            rule(
              'sgr-3',
              '<referencedGroupInfo><groupId>sg-2</groupId><userId>444455556666</userId></referencedGroupInfo>',
            ),
            rule('sgr-4', '<prefixListId>pl-1</prefixListId>'),
          ]),
    );
    const found = await groups.rules('sg-1');
    expect(found.map(({ peer }) => peer)).toEqual([
      { kind: 'cidr', cidr: '10.0.1.1/32' },
      { kind: 'cidr', cidr: 'fd00::1/128' },
      { kind: 'group', groupId: 'sg-2', userId: '444455556666' },
      { kind: 'prefix-list', prefixListId: 'pl-1' },
    ]);
    expect(found[1]).toMatchObject({
      id: 'sgr-2',
      protocol: 'tcp',
      fromPort: 80,
      toPort: 443,
      isEgress: false,
      description: 'd',
    });
    expect(found[0]?.tags).toEqual(new Map([['lbbridge:source', 'nlb']]));
    expect(stub.calls.map(({ params }) => params.get('NextToken'))).toEqual([null, 'two']);
    expect(stub.calls[0]?.params.get('MaxResults')).toBe('1000');
  });

  it('looks for a tag as it stands, wildcards escaped', async () => {
    const { stub, groups } = await connected(() => rules([]));
    expect(await groups.rulesTagged('lbbridge:source', 'arn:*?\\')).toEqual([]);
    expect(stub.calls[0]?.params.get('Filter.1.Name')).toBe('tag:lbbridge:source');
    expect(stub.calls[0]?.params.get('Filter.1.Value.1')).toBe('arn:\\*\\?\\\\');
  });

  it.each([
    ['no list', ec2('DescribeSecurityGroupRules', '')],
    ['a rule for nobody', rules([rule('sgr-1', '')])],
    ['a page token that comes twice', rules([], 'same')],
  ])('%s is no answer (S1)', async (_, answer) => {
    const { groups } = await connected(() => answer);
    expect(await failure(groups.rules('sg-1'))).toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('groups and prefix lists', () => {
  it('gives a group, null where there is none, and no answer for half of one', async () => {
    const group = (inner: string) =>
      ec2(
        'DescribeSecurityGroups',
        `<securityGroupInfo><item><groupId>sg-1</groupId>${inner}</item></securityGroupInfo>`,
      );
    const whole = group('<groupName>web</groupName><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId>');
    const { groups } = await connected(
      (_, earlier) => [whole, ec2Error(400, 'InvalidGroup.NotFound'), group('')][earlier] ?? '',
    );
    expect(await groups.securityGroup('sg-1')).toEqual({
      id: 'sg-1',
      name: 'web',
      vpcId: 'vpc-1',
      ownerId: '111122223333',
      tags: new Map(),
    });
    expect(await groups.securityGroup('sg-1')).toBeNull();
    expect(await failure(groups.securityGroup('sg-1'))).toMatchObject({ code: 'InvalidResponse' });
  });

  it('gives a prefix list with its entries', async () => {
    const { groups } = await connected(({ action }) =>
      action === 'DescribeManagedPrefixLists'
        ? ec2(
            action,
            '<prefixListSet><item><prefixListId>pl-1</prefixListId><maxEntries>7</maxEntries></item></prefixListSet>',
          )
        : ec2(action, '<entrySet><item><cidr>10.0.0.0/8</cidr></item></entrySet>'),
    );
    expect(await groups.prefixList('pl-1')).toEqual({ id: 'pl-1', maxEntries: 7, cidrs: ['10.0.0.0/8'] });
  });
});

describe('writes', () => {
  it('authorizes rules of every kind in one call, tagged', async () => {
    const { stub, groups } = await connected(() => added);
    const made = await groups.authorizeIngress(
      'sg-1',
      [
        wanted,
        { ...wanted, peer: { kind: 'cidr', cidr: 'fd00::1/128' } },
        { ...wanted, peer: { kind: 'group', groupId: 'sg-2', userId: '444455556666' } },
        { ...wanted, peer: { kind: 'prefix-list', prefixListId: 'pl-1' } },
      ],
      new Map([['lbbridge:source', 'nlb']]),
    );
    expect(made.map(({ id }) => id)).toEqual(['sgr-1']);
    const params = stub.calls[0]?.params;
    expect(params?.get('IpPermissions.1.IpRanges.1.CidrIp')).toBe('10.0.1.1/32');
    expect(params?.get('IpPermissions.1.IpRanges.1.Description')).toBe('lbbridge: NLB edge');
    expect(params?.get('IpPermissions.2.Ipv6Ranges.1.CidrIpv6')).toBe('fd00::1/128');
    expect(params?.get('IpPermissions.3.Groups.1.UserId')).toBe('444455556666');
    expect(params?.get('IpPermissions.4.PrefixListIds.1.PrefixListId')).toBe('pl-1');
    expect(params?.get('TagSpecification.1.ResourceType')).toBe('security-group-rule');
    expect(params?.get('TagSpecification.1.Tag.1.Key')).toBe('lbbridge:source');
    expect(params?.has('DryRun')).toBe(false);
  });

  it('revokes by ids', async () => {
    const { stub, groups } = await connected(() => ec2('RevokeSecurityGroupIngress', '<return>true</return>'));
    await groups.revokeIngress('sg-1', ['sgr-1', 'sgr-2']);
    expect(stub.calls[0]?.params.get('SecurityGroupRuleId.2')).toBe('sgr-2');
  });

  it.each([
    ['DryRunOperation', 412, true],
    ['UnauthorizedOperation', 403, false],
  ])('a dry run that ends with %s is an answer', async (code, status, may) => {
    const { stub, groups } = await connected(() => ec2Error(status, code));
    expect(await groups.mayAuthorizeIngress('sg-1')).toBe(may);
    expect(stub.calls[0]?.params.get('DryRun')).toBe('true');
  });

  it('a dry run that ends with anything else is none', async () => {
    const { groups } = await connected((_, earlier) =>
      earlier === 0 ? ec2Error(400, 'InvalidGroup.NotFound') : added,
    );
    expect(await failure(groups.mayAuthorizeIngress('sg-1'))).toMatchObject({ code: 'InvalidGroup.NotFound' });
    expect(await failure(groups.mayAuthorizeIngress('sg-1'))).toMatchObject({ code: 'InvalidResponse' });
  });
});
