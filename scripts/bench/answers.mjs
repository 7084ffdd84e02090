// What the benchmark's stub answers: bridges that are in sync, as AWS words them. Everything follows from two numbers,
// how many bridges there are and how many interfaces each load balancer has.
const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const hex = (number) => number.toString(16).padStart(16, '0');
const arn = (kind, id) => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${kind}/${id}`;

export const albArn = (bridge) => arn('loadbalancer', `app/web-${bridge}/${hex(bridge + 1)}`);
export const groupArn = (bridge) => arn('targetgroup', `edge-${bridge}/${hex(bridge + 1)}`);
export const description = (bridge) => `ELB app/web-${bridge}/${hex(bridge + 1)}`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/bench`;

/** Zones of a load balancer; its interfaces take turns. */
const zones = ['a', 'b', 'c'];
const address = (number) => `10.${(number >> 14) & 0xff}.${(number >> 6) & 0xff}.${4 + (number & 0x3f)}`;

/** One page's end: after it, somebody asks for the next one. */
const PAGE = 1000;

/** @returns {(params: URLSearchParams) => string | null} the body for a request, null where it is none of these */
export function answersFor({ bridges, interfaces }) {
  const numbers = (bridge) => Array.from({ length: interfaces }, (_, index) => bridge * interfaces + index);
  const bridgeOf = (name) => Number(/(?:web|edge)-(\d+)\b/.exec(name)?.[1]);
  const list = (params, prefix) => [...params].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  const arnsOf = (params, name) => list(params, `${name}.member.`);

  const operations = {
    DescribeNetworkInterfaces: (params) => {
      const asked = list(params, 'Filter.1.Value.');
      const all = asked.some((text) => text.includes('*'));
      const wanted = all ? Array.from({ length: bridges }, (_, index) => index) : asked.map(bridgeOf);
      const found = wanted.flatMap((bridge) => numbers(bridge).map((number) => [bridge, number]));
      const start = Number(params.get('NextToken') ?? 0);
      const end = Math.min(found.length, start + Number(params.get('MaxResults') ?? PAGE));
      const items = found.slice(start, end).map(([bridge, number]) => networkInterface(bridge, number));
      const token = end < found.length ? `\n    <nextToken>${end}</nextToken>` : '';
      return ec2(
        'DescribeNetworkInterfaces',
        `<networkInterfaceSet>\n${items.join('\n')}\n    </networkInterfaceSet>${token}`,
      );
    },
    DescribeLoadBalancers: (params) =>
      elb('DescribeLoadBalancers', 'LoadBalancers', arnsOf(params, 'LoadBalancerArns').map(loadBalancer)),
    DescribeTargetGroups: (params) =>
      elb('DescribeTargetGroups', 'TargetGroups', arnsOf(params, 'TargetGroupArns').map(targetGroup)),
    DescribeTags: (params) => elb('DescribeTags', 'TagDescriptions', arnsOf(params, 'ResourceArns').map(tags)),
    DescribeTargetHealth: (params) =>
      elb(
        'DescribeTargetHealth',
        'TargetHealthDescriptions',
        numbers(bridgeOf(params.get('TargetGroupArn'))).map(health),
      ),
    AssumeRole: () => assumedRole,
  };
  const loadBalancer = (text) => `<LoadBalancerArn>${text}</LoadBalancerArn>
        <DNSName>internal-web-${bridgeOf(text)}-1234567890.${REGION}.elb.amazonaws.com</DNSName>
        <CanonicalHostedZoneId>Z35SXDOTRQ7X7K</CanonicalHostedZoneId>
        <CreatedTime>2026-01-02T03:04:05.670Z</CreatedTime>
        <LoadBalancerName>web-${bridgeOf(text)}</LoadBalancerName>
        <Scheme>internal</Scheme>
        <VpcId>vpc-0aaaaaaaaaaaaaaa5</VpcId>
        <State><Code>active</Code></State>
        <Type>application</Type>
        <AvailabilityZones>${zones.map((zone) => `<member><ZoneName>${REGION}${zone}</ZoneName><SubnetId>subnet-0aaaaaaaaaaaaaa${zone}</SubnetId></member>`).join('')}</AvailabilityZones>
        <SecurityGroups><member>sg-0aaaaaaaaaaaaaaa2</member></SecurityGroups>
        <IpAddressType>ipv4</IpAddressType>`;
  const targetGroup = (text) => `<TargetGroupArn>${text}</TargetGroupArn>
        <TargetGroupName>edge-${bridgeOf(text)}</TargetGroupName>
        <Protocol>TCP</Protocol>
        <Port>443</Port>
        <VpcId>vpc-0aaaaaaaaaaaaaaa5</VpcId>
        <HealthCheckProtocol>TCP</HealthCheckProtocol>
        <HealthCheckPort>traffic-port</HealthCheckPort>
        <HealthCheckEnabled>true</HealthCheckEnabled>
        <HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds>
        <HealthCheckTimeoutSeconds>10</HealthCheckTimeoutSeconds>
        <HealthyThresholdCount>3</HealthyThresholdCount>
        <UnhealthyThresholdCount>3</UnhealthyThresholdCount>
        <LoadBalancerArns><member>${arn('loadbalancer', `net/nlb/${hex(1)}`)}</member></LoadBalancerArns>
        <TargetType>ip</TargetType>
        <IpAddressType>ipv4</IpAddressType>`;
  const tags = (text) =>
    `<ResourceArn>${text}</ResourceArn>
        <Tags><member><Key>lbbridge:source</Key><Value>${albArn(bridgeOf(text))}</Value></member></Tags>`;

  return (params) => {
    const action = params.get('Action') ?? '';
    return Object.hasOwn(operations, action) ? operations[action](params) : null;
  };
}

const health = (number) => `<HealthCheckPort>443</HealthCheckPort>
        <TargetHealth><State>healthy</State></TargetHealth>
        <Target>
          <AvailabilityZone>${REGION}${zones[number % zones.length]}</AvailabilityZone>
          <Port>443</Port>
          <Id>${address(number)}</Id>
        </Target>
        <AdministrativeOverride>
          <State>no_override</State>
          <Reason>AdministrativeOverride.NoOverride</Reason>
          <Description>No override is currently active on target</Description>
        </AdministrativeOverride>`;

function networkInterface(bridge, number) {
  const ip = address(number);
  const zone = zones[number % zones.length];
  const id = number.toString(16).padStart(17, '0');
  const name = `ip-${ip.replaceAll('.', '-')}.ec2.internal`;
  return `        <item>
            <attachment>
                <attachTime>2026-01-02T03:04:05.000Z</attachTime>
                <attachmentId>eni-attach-${id}</attachmentId>
                <deleteOnTermination>false</deleteOnTermination>
                <deviceIndex>1</deviceIndex>
                <instanceOwnerId>amazon-elb</instanceOwnerId>
                <networkCardIndex>0</networkCardIndex>
                <status>attached</status>
            </attachment>
            <availabilityZone>${REGION}${zone}</availabilityZone>
            <availabilityZoneId>use1-az${zones.indexOf(zone) + 1}</availabilityZoneId>
            <description>${description(bridge)}</description>
            <groupSet>
                <item>
                    <groupId>sg-0aaaaaaaaaaaaaaa2</groupId>
                    <groupName>web</groupName>
                </item>
            </groupSet>
            <interfaceType>interface</interfaceType>
            <ipv6AddressesSet/>
            <macAddress>0a:ff:e7:${hex(number)
              .slice(-6)
              .replace(/(..)(..)(..)/, '$1:$2:$3')}</macAddress>
            <networkInterfaceId>eni-${id}</networkInterfaceId>
            <operator>
                <managed>false</managed>
            </operator>
            <ownerId>${ACCOUNT}</ownerId>
            <privateDnsName>${name}</privateDnsName>
            <privateIpAddress>${ip}</privateIpAddress>
            <privateIpAddressesSet>
                <item>
                    <primary>true</primary>
                    <privateDnsName>${name}</privateDnsName>
                    <privateIpAddress>${ip}</privateIpAddress>
                </item>
            </privateIpAddressesSet>
            <requesterId>amazon-elb</requesterId>
            <requesterManaged>true</requesterManaged>
            <sourceDestCheck>true</sourceDestCheck>
            <status>in-use</status>
            <subnetId>subnet-0aaaaaaaaaaaaaa${zone}</subnetId>
            <tagSet/>
            <vpcId>vpc-0aaaaaaaaaaaaaaa5</vpcId>
        </item>`;
}

const ec2 = (action, inner) => `<?xml version="1.0" encoding="UTF-8"?>
<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>11111111-2222-4333-8444-555555555555</requestId>
    ${inner}
</${action}Response>`;

const elb = (
  action,
  name,
  members,
) => `<${action}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">
  <${action}Result>
    <${name}>
      ${members.map((one) => `<member>\n        ${one}\n      </member>`).join('\n      ')}
    </${name}>
  </${action}Result>
  <ResponseMetadata>
    <RequestId>11111111-2222-4333-8444-555555555555</RequestId>
  </ResponseMetadata>
</${action}Response>`;

export const temporary = {
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  SessionToken: 'a-session-token-of-no-account',
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
};

const assumedRole = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROAIOSFODNN7EXAMPLE:lbbridge</AssumedRoleId>
      <Arn>arn:aws:sts::${ACCOUNT}:assumed-role/bench/lbbridge</Arn>
    </AssumedRoleUser>
    <Credentials>${Object.entries(temporary)
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join('')}</Credentials>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>11111111-2222-4333-8444-555555555555</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>`;
