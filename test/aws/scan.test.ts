import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Send } from '../../src/aws/call.js';
import { loadBalancing } from '../../src/aws/load-balancing.js';
import { network } from '../../src/aws/network.js';
import { scanAnswers } from '../../src/aws/scanned-answers.js';
import { ec2, eni, groupArn, interfaces, loadBalancers, query, tags, targetGroups, targets } from './answers.js';
import './stub.js';

/** Both services on canned answers, as the SDK alone reads them, or with the scan before it. */
function services(answer: string, isScanned: boolean) {
  /** How often the SDK's own parser was asked. */
  const asked = { bySdk: 0 };
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers: {}, body: new TextEncoder().encode(answer) } }),
    },
  };
  const clients = [new EC2Client(config as never), new ElasticLoadBalancingV2Client(config as never)] as const;
  for (const client of clients) {
    const { protocol } = client.config as unknown as { protocol: { deserializeResponse(...words: never[]): unknown } };
    const read = protocol.deserializeResponse.bind(protocol);
    protocol.deserializeResponse = (...words) => {
      asked.bySdk += 1;
      return read(...words);
    };
    if (isScanned) scanAnswers(client as never);
  }
  const send: Send = (_, call) => call();
  return { asked, network: network(clients[0], '', send), loadBalancing: loadBalancing(clients[1], '', send) };
}

type Services = ReturnType<typeof services>;
const reads = {
  interfaces: ({ network }: Services) => network.interfacesByDescription('*'),
  targets: ({ loadBalancing }: Services) => loadBalancing.targets('group'),
  tags: async ({ loadBalancing }: Services) => [...(await loadBalancing.tags(groupArn('edge')))],
  balancers: ({ loadBalancing }: Services) => loadBalancing.loadBalancersByName('web'),
  group: ({ loadBalancing }: Services) => loadBalancing.targetGroupByName('edge'),
};
type Read = keyof typeof reads;

/** What comes of an answer, and who has read it. */
async function outcome(read: Read, answer: string, isScanned: boolean) {
  const some = services(answer, isScanned);
  const found = await Promise.resolve(reads[read](some) as Promise<unknown>).then(
    (value) => ({ value }),
    ({ message }: Error) => ({ message }),
  );
  return { found, wasScanned: some.asked.bySdk === 0 };
}

/** The rule: the same values as the SDK's, or the SDK's own. Tells whether it was a scan. */
async function sameAsSdk(read: Read, answer: string): Promise<boolean> {
  const scanned = await outcome(read, answer, true);
  const bySdk = await outcome(read, answer, false);
  expect(scanned.found).toEqual(bySdk.found);
  return scanned.wasScanned;
}

const healthy = `<HealthCheckPort>80</HealthCheckPort><TargetHealth><State>draining</State><Reason>Target.DeregistrationInProgress</Reason>
  <Description>Target deregistration is in progress</Description></TargetHealth>
  <Target><AvailabilityZone>us-east-1a</AvailabilityZone><Port>80</Port><Id>10.0.2.91</Id></Target>
  <AdministrativeOverride><State>no_override</State></AdministrativeOverride>`;

describe('a scanned answer', () => {
  it.each<[Read, string]>([
    ['interfaces', interfaces([eni('eni-1'), eni('eni-2', 'a &amp; b &lt;c&gt; &#x27;d&#39; &quot;e&quot;')])],
    ['interfaces', interfaces([])],
    ['interfaces', ec2('DescribeNetworkInterfaces', '<networkInterfaceSet/>')],
    [
      'interfaces',
      interfaces([eni('eni-1').replace('<tagSet/>', '<tagSet><item><key>a</key><value/></item></tagSet>')]),
    ],
    ['interfaces', interfaces([eni('eni-1').replaceAll(/>\s+</g, '><')])],
    ['targets', targets([healthy, healthy])],
    ['targets', targets([])],
    ['tags', tags([groupArn('edge')])],
    [
      'tags',
      tags([groupArn('edge')]).replace('<Tags/>', '<Tags><member><Key>k</Key><Value> v </Value></member></Tags>'),
    ],
    ['balancers', loadBalancers(['web', 'web-2'])],
    ['group', targetGroups(['edge'])],
  ])('of %s gives what the SDK gives', async (read, answer) => {
    expect(await sameAsSdk(read, answer)).toBe(true);
  });

  it.each<[string, Read, string]>([
    ['attributes', 'interfaces', interfaces([eni('eni-1').replace('<item>', '<item id="1">')])],
    ['a comment', 'interfaces', interfaces([eni('eni-1').replace('<item>', '<item><!-- <vpcId>vpc-2</vpcId> -->')])],
    ['CDATA', 'interfaces', interfaces([eni('eni-1', '<![CDATA[</description><vpcId>vpc-2</vpcId>]]>')])],
    ['a declaration', 'targets', `<!DOCTYPE a [<!ENTITY b "c">]>${targets([healthy])}`],
    ['an entity that nobody knows', 'interfaces', interfaces([eni('eni-1', 'a &nbsp; b')])],
    ['an ampersand by itself', 'interfaces', interfaces([eni('eni-1', 'a & b')])],
    ['an element twice', 'interfaces', interfaces([eni('eni-1').replace('<vpcId>', '<vpcId>vpc-2</vpcId><vpcId>')])],
    ['text between elements', 'targets', targets([`oops${healthy}`])],
    ['a blank between elements', 'targets', targets([healthy.replace('<State>', ' <State>')])],
    ['carriage returns', 'targets', targets([healthy.replaceAll('\n', '\r\n')])],
    ['a byte order mark', 'targets', `\ufeff${targets([healthy])}`],
    ['a flag that is none', 'interfaces', interfaces([eni('eni-1').replace('>true<', '>yes<')])],
    ['a port that is none', 'targets', targets([healthy.replace('<Port>80<', '<Port>eighty<')])],
    ['an element inside of text', 'targets', targets([healthy.replace('<Id>', '<Id><b/>')])],
    ['a tag that is not closed', 'interfaces', interfaces([eni('eni-1').replace('</vpcId>', '')])],
    ['tags that cross', 'tags', query('DescribeTags', '<TagDescriptions><a><b></a></b></TagDescriptions>')],
    ['another root', 'group', query('DescribeTags', '<TargetGroups/>')],
    ['something behind the root', 'tags', `${tags([groupArn('edge')])}<a/>`],
    ['elements in elements without end', 'tags', query('DescribeTags', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`)],
  ])('leaves %s to the SDK', async (_, read, answer) => {
    expect(await sameAsSdk(read, answer)).toBe(false);
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => index);
  const tag = '<item><key>a</key><value>b</value></item>';
  const address = '<item><ipv6Address>::1</ipv6Address></item>';
  const withIn = (name: string, inner: string) => eni('eni-1').replace(`<${name}/>`, `<${name}>${inner}</${name}>`);
  it.each<[string, string[]]>([
    ['a thousand that are alike', many(1000).map((index) => eni(`eni-${index}`, `no. ${index}`))],
    ['thirty that all differ', many(30).map((index) => withIn('tagSet', tag.repeat(index)))],
    ['two kinds in turn', many(60).map((index) => withIn('tagSet', tag.repeat(index % 2)))],
    ['more texts than a pattern takes', many(3).map(() => withIn('ipv6AddressesSet', address.repeat(120)))],
    ['more tags than a pattern takes', many(3).map(() => withIn('tagSet', tag.repeat(1000)))],
    [
      'what JSON writes otherwise',
      ['a"b', 'a', 'a\\b', '"},{"', '$1', '\u2028', '\t', 'é'].map((one) => eni('e', one)),
    ],
    ['text that looks like a row of JSON', [eni('e', 'a'), eni('e', '{},'), eni('e', 'null]')]],
  ])('gives what the SDK gives of interfaces: %s', async (_, items) => {
    expect(await sameAsSdk('interfaces', interfaces(items))).toBe(true);
  });

  it('takes nothing between rows for a row', async () => {
    const items = [eni('eni-1'), eni('eni-2'), '{"NetworkInterfaceId":"eni-3"},', eni('eni-4')];
    expect(await sameAsSdk('interfaces', interfaces(items))).toBe(false);
  });

  it('has the SDK read errors and everything else', async () => {
    const some = services(ec2('DescribeSubnets', '<subnetSet/>'), true);
    expect(await some.network.subnets('vpc-1')).toEqual([]);
    expect(some.asked.bySdk).toBe(1);
  });
});

/** Text as it may stand in XML, well written or not. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replace(/[<&]/g, '')),
  fc.constantFrom(' ', '\n', '\t', ' \n ', '&amp;', '&lt;', '&#10;', '&#x41;', '&unknown;', '&', ']]>', 'é', '\u00a0'),
  fc.constantFrom('<![CDATA[<a>]]>', '<!-- - -->', '<?pi?>', '<b/>', '<b>c</b>', '</item>', '<item>', '\r\n', '\u0000'),
);
const text = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(''));
const plainText = fc.string({ maxLength: 12 }).map((value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
const gap = fc.constantFrom('', '\n', '\n    ', '\n\t');

/** Interfaces with the same of their elements in the same order, whichever; `content` makes what stands in them. */
const interfacesAlike = (content: fc.Arbitrary<string>, most: number) =>
  fc
    .tuple(
      fc.shuffledSubarray([
        'description',
        'availabilityZone',
        'requesterId',
        'tagSet',
        'groupSet',
        'attachment',
        'privateIpAddressesSet',
        'ipv6AddressesSet',
        'requesterManaged',
        'extra',
      ]),
      fc.array(fc.array(content, { minLength: 10, maxLength: 10 }), { maxLength: most }),
      gap,
    )
    .map(([elements, rows, between]) => rows.map((contents) => interfaceOf(elements, contents, between)));

function interfaceOf(elements: readonly string[], contents: readonly string[], between: string): string {
  const ids = '<networkInterfaceId>eni-1</networkInterfaceId><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId>';
  const members = elements.map((element, index) => {
    const inner = contents[index] ?? '';
    if (element.endsWith('Set')) {
      const item = `<privateIpAddress>10.0.0.1${inner}</privateIpAddress><ipv6Address>::1${inner}</ipv6Address><groupId>${inner}</groupId>`;
      return `<${element}><item>${item}</item>${between}<item>${item}</item></${element}>`;
    }
    if (element === 'attachment') return `<attachment>${between}<status>${inner}</status>${between}</attachment>`;
    if (element === 'requesterManaged') return '<requesterManaged>true</requesterManaged>';
    return `<${element}>${inner}</${element}>`;
  });
  return `<item>${between}${ids}${members.join(between)}${between}</item>`;
}

/** One interface, or some that are alike, and others after them. */
const groups = (content: fc.Arbitrary<string>) =>
  fc.array(interfacesAlike(content, 3), { maxLength: 3 }).map((some) => some.flat());

describe('whatever comes', () => {
  it('gives what the SDK gives for every answer that is written as AWS writes', async () => {
    let scans = 0;
    await fc.assert(
      fc.asyncProperty(groups(plainText), async (items) => {
        if (await sameAsSdk('interfaces', interfaces(items))) scans += 1;
      }),
      { numRuns: 200 },
    );
    expect(scans).toBe(200);
  });

  it('never gives anything else than the SDK, however the answer is written', async () => {
    await fc.assert(
      fc.asyncProperty(groups(text), async (items) => {
        await sameAsSdk('interfaces', interfaces(items));
      }),
      { numRuns: 300 },
    );
  });

  it('never gives anything else than the SDK where an answer is damaged', async () => {
    const whole = interfaces([eni('eni-1'), eni('eni-2'), eni('eni-3', 'a &amp; b'), eni('eni-4')]);
    const damage = fc.tuple(fc.nat(whole.length), fc.nat(12), text);
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        let answer = whole;
        for (const [at, gone, more] of damages) answer = answer.slice(0, at) + more + answer.slice(at + gone);
        await sameAsSdk('interfaces', answer);
      }),
      { numRuns: 300 },
    );
  });
});
