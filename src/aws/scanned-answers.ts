import { type Found, list, rows, type Struct, scan, struct } from './scan.js';

interface SdkResponse {
  readonly statusCode: number;
  readonly body?: unknown;
}

/** What the client of a service does with an answer; the rest of the client stays the SDK's. */
interface SdkProtocol {
  deserializeResponse(operation: { readonly name: string }, context: never, response: never): Promise<unknown>;
}

/**
 * Has the answers to everyday reads scanned for what lbbridge asks of them. Signing, retries, credentials, errors, every
 * other operation and every answer that the scan does not know stay the SDK's.
 */
export function scanAnswers({ config }: { readonly config: { readonly protocol: SdkProtocol } }): void {
  const { protocol } = config;
  const bySdk = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response: SdkResponse) =>
    scanned(operation.name, response) ?? bySdk(operation, context, response as never);
}

function scanned(operation: string, { statusCode, body }: SdkResponse): object | null {
  const root = roots[operation];
  if (root === undefined || statusCode !== 200 || !(body instanceof Uint8Array)) return null;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const found = scan(bytes, `${operation}Response`, root);
  return found && { ...((found.result as object | undefined) ?? found), $metadata: { httpStatusCode: statusCode } };
}

const networkInterface = struct({
  networkInterfaceId: ['NetworkInterfaceId', 'text'],
  vpcId: ['VpcId', 'text'],
  subnetId: ['SubnetId', 'text'],
  description: ['Description', 'text'],
  status: ['Status', 'text'],
  interfaceType: ['InterfaceType', 'text'],
  requesterManaged: ['RequesterManaged', 'flag'],
  requesterId: ['RequesterId', 'text'],
  ownerId: ['OwnerId', 'text'],
  availabilityZone: ['AvailabilityZone', 'text'],
  availabilityZoneId: ['AvailabilityZoneId', 'text'],
  attachment: ['Attachment', struct({ instanceOwnerId: ['InstanceOwnerId', 'text'], status: ['Status', 'text'] })],
  groupSet: ['Groups', list('item', struct({ groupId: ['GroupId', 'text'] }))],
  privateIpAddressesSet: [
    'PrivateIpAddresses',
    list(
      'item',
      struct({
        privateIpAddress: ['PrivateIpAddress', 'text'],
        primary: ['Primary', 'flag'],
        association: ['Association', struct({ publicIp: ['PublicIp', 'text'] })],
      }),
    ),
  ],
  ipv6AddressesSet: ['Ipv6Addresses', list('item', struct({ ipv6Address: ['Ipv6Address', 'text'] }))],
});

const targetHealth = struct({
  Target: struct({ Id: 'text', Port: 'number', AvailabilityZone: 'text' }),
  TargetHealth: struct({ State: 'text', Reason: 'text' }),
  AdministrativeOverride: struct({ State: 'text' }),
});

const tagDescription = struct({
  ResourceArn: 'text',
  Tags: list('member', struct({ Key: 'text', Value: 'text' })),
});

const loadBalancer = struct({
  LoadBalancerArn: 'text',
  LoadBalancerName: 'text',
  Type: 'text',
  DNSName: 'text',
  VpcId: 'text',
  Scheme: 'text',
  IpAddressType: 'text',
  EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'text',
  State: struct({ Code: 'text' }),
  AvailabilityZones: list('member', struct({ ZoneName: 'text', SubnetId: 'text' })),
  SecurityGroups: list('member', 'text'),
});

const targetGroup = struct({
  TargetGroupArn: 'text',
  TargetGroupName: 'text',
  Protocol: 'text',
  Port: 'number',
  VpcId: 'text',
  TargetType: 'text',
  IpAddressType: 'text',
  LoadBalancerArns: list('member', 'text'),
  HealthCheckProtocol: 'text',
  HealthCheckPort: 'text',
  HealthCheckPath: 'text',
  HealthCheckIntervalSeconds: 'number',
  HealthyThresholdCount: 'number',
  UnhealthyThresholdCount: 'number',
  Matcher: struct({ HttpCode: 'text' }),
});

export type ScannedInterface = Found<typeof networkInterface>;
export type ScannedTargetHealth = Found<typeof targetHealth>;
export type ScannedLoadBalancer = Found<typeof loadBalancer>;
export type ScannedTargetGroup = Found<typeof targetGroup>;

/** The query protocol of Elastic Load Balancing wraps every result. */
const result = (operation: string, element: string, of: Struct): Struct =>
  struct({
    [`${operation}Result`]: ['result', struct({ [element]: rows('member', of), NextMarker: 'text' })],
  });

/** Operation -> what is wanted of its answer: all that the ports read. */
const roots: Readonly<Record<string, Struct>> = {
  DescribeNetworkInterfaces: struct({
    networkInterfaceSet: ['NetworkInterfaces', rows('item', networkInterface)],
    nextToken: ['NextToken', 'text'],
  }),
  DescribeTargetHealth: result('DescribeTargetHealth', 'TargetHealthDescriptions', targetHealth),
  DescribeTags: result('DescribeTags', 'TagDescriptions', tagDescription),
  DescribeLoadBalancers: result('DescribeLoadBalancers', 'LoadBalancers', loadBalancer),
  DescribeTargetGroups: result('DescribeTargetGroups', 'TargetGroups', targetGroup),
};
