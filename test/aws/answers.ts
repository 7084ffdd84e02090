import type { Answer } from './stub.js';

export const ACCOUNT = '111122223333';
export const arnOf = (kind: string, id: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:${kind}/${id}`;
export const albArn = (name: string): string => arnOf('loadbalancer', `app/${name}/50dc6c495c0c9188`);
export const groupArn = (name: string): string => arnOf('targetgroup', `${name}/50dc6c495c0c9188`);

/** An EC2 answer: members stand right under the root. */
export const ec2 = (action: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
  `<requestId>req-1</requestId>${inner}</${action}Response>\n`;

/** An answer of the query protocol, as ELBv2 and STS give it. */
export const query = (action: string, inner: string): string =>
  `<${action}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${action}Result>${inner}` +
  `</${action}Result><ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></${action}Response>\n`;

export const ec2Error = (status: number, code: string, message = ''): Answer => ({
  status,
  body:
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message>` +
    `</Error></Errors><RequestID>req-1</RequestID></Response>`,
});

export const queryError = (status: number, code: string, message = ''): Answer => ({
  status,
  body:
    `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">\n  <Error>\n    <Type>Sender</Type>` +
    `\n    <Code>${code}</Code>\n    <Message>${message}</Message>\n  </Error>\n  <RequestId>req-1</RequestId>\n</ErrorResponse>\n`,
});

export const interfaces = (items: readonly string[], nextToken?: string): string =>
  ec2(
    'DescribeNetworkInterfaces',
    `<networkInterfaceSet>${items.join('')}</networkInterfaceSet>${nextToken ? `<nextToken>${nextToken}</nextToken>` : ''}`,
  );

export const eni = (id: string, description = 'ELB app/web/1', ip = '10.0.2.91'): string => `<item>
  <attachment><instanceOwnerId>amazon-elb</instanceOwnerId><status>attached</status></attachment>
  <availabilityZone>us-east-1b</availabilityZone><availabilityZoneId>use1-az2</availabilityZoneId>
  <description>${description}</description><interfaceType>interface</interfaceType><ipv6AddressesSet/>
  <networkInterfaceId>${id}</networkInterfaceId><ownerId>${ACCOUNT}</ownerId>
  <privateIpAddressesSet><item><association><publicIp>203.0.113.10</publicIp></association><primary>true</primary>
  <privateIpAddress>${ip}</privateIpAddress></item></privateIpAddressesSet>
  <requesterId>amazon-elb</requesterId><requesterManaged>true</requesterManaged>
  <status>in-use</status><subnetId>subnet-1</subnetId><tagSet/><vpcId>vpc-1</vpcId></item>`;

export const loadBalancer = (name: string): string => `<member><LoadBalancerArn>${albArn(name)}</LoadBalancerArn>
  <LoadBalancerName>${name}</LoadBalancerName><Type>application</Type><DNSName>${name}-1.us-east-1.elb.amazonaws.com</DNSName>
  <VpcId>vpc-1</VpcId><Scheme>internal</Scheme><State><Code>active</Code></State>
  <AvailabilityZones><member><ZoneName>us-east-1b</ZoneName><SubnetId>subnet-1</SubnetId></member></AvailabilityZones>
  <SecurityGroups><member>sg-1</member></SecurityGroups></member>`;

export const loadBalancers = (names: readonly string[], marker?: string): string =>
  query(
    'DescribeLoadBalancers',
    `<LoadBalancers>${names.map(loadBalancer).join('')}</LoadBalancers>${marker ? `<NextMarker>${marker}</NextMarker>` : ''}`,
  );

export const targetGroups = (names: readonly string[], marker?: string): string => {
  const members = names.map(
    (name) => `<member><TargetGroupArn>${groupArn(name)}</TargetGroupArn><TargetGroupName>${name}</TargetGroupName>
  <Protocol>TCP</Protocol><Port>443</Port><VpcId>vpc-1</VpcId><TargetType>ip</TargetType><IpAddressType>ipv4</IpAddressType>
  <LoadBalancerArns/><HealthCheckProtocol>TCP</HealthCheckProtocol><HealthCheckPort>traffic-port</HealthCheckPort>
  <HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds><HealthyThresholdCount>3</HealthyThresholdCount></member>`,
  );
  const next = marker ? `<NextMarker>${marker}</NextMarker>` : '';
  return query('DescribeTargetGroups', `<TargetGroups>${members.join('')}</TargetGroups>${next}`);
};

export const targets = (members: readonly string[]): string =>
  query(
    'DescribeTargetHealth',
    `<TargetHealthDescriptions>${members.map((one) => `<member>${one}</member>`).join('')}</TargetHealthDescriptions>`,
  );

export const tags = (arns: readonly string[]): string => {
  const members = arns.map((arn) => `<member><ResourceArn>${arn}</ResourceArn><Tags/></member>`);
  return query('DescribeTags', `<TagDescriptions>${members.join('')}</TagDescriptions>`);
};
