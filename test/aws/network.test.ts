import { describe, expect, it } from 'vitest';
import { ec2, ec2Error, eni, interfaces } from './answers.js';
import { type Answers, type Call, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, network: connectTo(stub).network };
};

const values = ({ params }: Call, filter = 1): string[] =>
  [...params].filter(([name]) => name.startsWith(`Filter.${filter}.Value.`)).map(([, value]) => value);

describe('interfaces by description', () => {
  it('reads every page to the last', async () => {
    const { stub, network } = await connected((_, earlier) =>
      interfaces([eni(`eni-${earlier}`)], ['one', 'two'][earlier]),
    );
    const found = await network.interfacesByDescription('ELB app/web/1');
    expect(found.map(({ id }) => id)).toEqual(['eni-0', 'eni-1', 'eni-2']);
    expect(stub.calls.map(({ params }) => params.get('NextToken'))).toEqual([null, 'one', 'two']);
    expect(stub.calls[0]?.params.get('MaxResults')).toBe('1000');
  });

  it('takes a page token that comes twice for no answer', async () => {
    const { stub, network } = await connected(() => interfaces([eni('eni-1')], 'same'));
    expect(await failure(network.interfacesByDescription('ELB app/web/1'))).toMatchObject({
      code: 'InvalidResponse',
      action: 'ec2:DescribeNetworkInterfaces',
    });
    expect(stub.calls).toHaveLength(2);
  });

  it('gives an interface in the words of the domain', async () => {
    const { network } = await connected(() => interfaces([eni('eni-1')]));
    expect(await network.interfacesByDescription('ELB app/web/1')).toEqual([
      {
        id: 'eni-1',
        description: 'ELB app/web/1',
        status: 'in-use',
        interfaceType: 'interface',
        requesterManaged: true,
        requesterId: 'amazon-elb',
        attachmentOwnerId: 'amazon-elb',
        attachmentStatus: 'attached',
        ownerId: '111122223333',
        vpcId: 'vpc-1',
        subnetId: 'subnet-1',
        zoneName: 'us-east-1b',
        zoneId: 'use1-az2',
        securityGroupIds: [],
        addresses: [{ ip: '10.0.2.91', family: 'ipv4', primary: true, publicIp: '203.0.113.10' }],
      },
    ]);
  });

  it('takes an empty list for what it is', async () => {
    const { network } = await connected(() => ec2('DescribeNetworkInterfaces', '<networkInterfaceSet/>'));
    expect(await network.interfacesByDescription('ELB app/web/1')).toEqual([]);
  });

  it('asks for all descriptions of one turn in one call and tells the answers apart', async () => {
    const { stub, network } = await connected(() =>
      interfaces([eni('eni-1', 'ELB app/a/1'), eni('eni-2', 'ELB app/b/2'), eni('eni-3', 'ELB app/a/1')]),
    );
    const [a, b, again, none] = await Promise.all(
      ['ELB app/a/1', 'ELB app/b/2', 'ELB app/a/1', 'ELB app/c/3'].map((one) => network.interfacesByDescription(one)),
    );
    expect(a?.map(({ id }) => id)).toEqual(['eni-1', 'eni-3']);
    expect(b?.map(({ id }) => id)).toEqual(['eni-2']);
    expect(again).toEqual(a);
    expect(none).toEqual([]);
    expect(stub.calls.map((call) => values(call))).toEqual([['ELB app/a/1', 'ELB app/b/2', 'ELB app/c/3']]);
  });

  it('puts 150 descriptions into a call, and the next into another', async () => {
    const { stub, network } = await connected(() => interfaces([]));
    const all = Array.from({ length: 151 }, (_, index) => `ELB app/web/${index}`);
    await Promise.all(all.map((one) => network.interfacesByDescription(one)));
    expect(stub.calls.map((call) => values(call).length).sort()).toEqual([1, 150]);
  });

  it('sends a pattern alone, since its matches cannot be told from others', async () => {
    const { stub, network } = await connected((call) =>
      interfaces(values(call)[0]?.includes('*') ? [eni('eni-1', 'ELB app/x/9')] : []),
    );
    const [pattern, exact] = await Promise.all(
      ['ELB app/*', 'ELB app/a/1'].map((one) => network.interfacesByDescription(one)),
    );
    expect(pattern?.map(({ id }) => id)).toEqual(['eni-1']);
    expect(exact).toEqual([]);
    expect(stub.calls).toHaveLength(2);
  });

  it('asks afresh in the next turn', async () => {
    const { stub, network } = await connected((_, earlier) => interfaces(earlier === 0 ? [] : [eni('eni-1')]));
    expect(await network.interfacesByDescription('ELB app/web/1')).toEqual([]);
    expect(await network.interfacesByDescription('ELB app/web/1')).toHaveLength(1);
    expect(stub.calls).toHaveLength(2);
  });

  it('fails for all who asked together where AWS refuses the caller', async () => {
    const { stub, network } = await connected(() => ec2Error(403, 'UnauthorizedOperation'));
    const both = await Promise.allSettled(
      ['ELB app/a/1', 'ELB app/b/2'].map((one) => network.interfacesByDescription(one)),
    );
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stub.calls).toHaveLength(1);
  });
});

describe('interfaces by address', () => {
  it('asks for each family by its own filter, inside the VPC', async () => {
    const { stub, network } = await connected(() => interfaces([eni('eni-1')]));
    const found = await network.interfacesByAddress('vpc-1', ['10.0.2.91', '2001:db8::1', '10.0.2.92']);
    expect(found.map(({ id }) => id)).toEqual(['eni-1']);
    const asked = stub.calls.map((call) => [call.params.get('Filter.2.Name'), values(call), values(call, 2)]);
    expect(asked).toHaveLength(2);
    expect(asked).toContainEqual(['private-ip-address', ['vpc-1'], ['10.0.2.91', '10.0.2.92']]);
    expect(asked).toContainEqual(['ipv6-addresses.ipv6-address', ['vpc-1'], ['2001:db8::1']]);
  });

  it('puts 150 addresses into a call, and the next into another', async () => {
    const { stub, network } = await connected(() => interfaces([]));
    await network.interfacesByAddress(
      'vpc-1',
      Array.from({ length: 151 }, (_, index) => `10.0.1.${index}`),
    );
    expect(stub.calls.map((call) => values(call, 2).length).sort()).toEqual([1, 150]);
  });

  it('asks nothing where no address is given', async () => {
    const { stub, network } = await connected(() => interfaces([]));
    expect(await network.interfacesByAddress('vpc-1', [])).toEqual([]);
    expect(stub.calls).toEqual([]);
  });
});

describe('subnets and zones', () => {
  const subnet = (id: string, inner: string): string =>
    `<item><subnetId>${id}</subnetId><vpcId>vpc-1</vpcId><availabilityZone>us-east-1a</availabilityZone>` +
    `<availabilityZoneId>use1-az4</availabilityZoneId><availableIpAddressCount>7</availableIpAddressCount>${inner}</item>`;

  it('reads every page of the subnets of a VPC, once for all who ask', async () => {
    const { stub, network } = await connected((_, earlier) =>
      earlier === 0
        ? ec2(
            'DescribeSubnets',
            `<subnetSet>${subnet('subnet-1', '<cidrBlock>10.0.1.0/24</cidrBlock>')}</subnetSet><nextToken>t</nextToken>`,
          )
        : ec2(
            'DescribeSubnets',
            `<subnetSet>${subnet(
              'subnet-2',
              '<ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>2001:db8::/64</ipv6CidrBlock></item></ipv6CidrBlockAssociationSet>',
            )}</subnetSet>`,
          ),
    );
    const [found, again] = await Promise.all([network.subnets('vpc-1'), network.subnets('vpc-1')]);
    const place = { vpcId: 'vpc-1', zoneName: 'us-east-1a', zoneId: 'use1-az4', freeAddresses: 7 };
    expect(found).toEqual([
      { ...place, id: 'subnet-1', cidrBlock: '10.0.1.0/24', ipv6CidrBlocks: [] },
      { ...place, id: 'subnet-2', cidrBlock: null, ipv6CidrBlocks: ['2001:db8::/64'] },
    ]);
    expect(again).toEqual(found);
    expect(stub.calls).toHaveLength(2);
  });

  it('does not take a subnet without a range for one that holds no address', async () => {
    const { network } = await connected(() =>
      ec2('DescribeSubnets', `<subnetSet>${subnet('subnet-1', '')}</subnetSet>`),
    );
    expect(await failure(network.subnets('vpc-1'))).toMatchObject({ code: 'InvalidResponse' });
  });

  it("maps the account's zone names to zone ids", async () => {
    const { network } = await connected(() =>
      ec2(
        'DescribeAvailabilityZones',
        '<availabilityZoneInfo><item><zoneName>us-east-1a</zoneName><zoneId>use1-az4</zoneId></item></availabilityZoneInfo>',
      ),
    );
    expect(await network.zoneIds()).toEqual(new Map([['us-east-1a', 'use1-az4']]));
  });
});
