import type { Access, Aws } from '../aws/ports.js';
import { parseLoadBalancerReference } from '../config/reference.js';
import { OperationError } from '../errors.js';
import { addressesOf, interfaceDescription, ownAddresses, pathOfArn } from '../plan/addresses.js';
import { compareAddresses } from '../plan/cidr.js';
import type { LoadBalancerType, NetworkInterface } from '../plan/model.js';
import { findLoadBalancer } from './find.js';
import type { AddressesResult, Outcome, SourceReport } from './outcome.js';
import type { Ports } from './ports.js';
import { addressReport, ignoredReport, sourceReport } from './report.js';

export interface ListAddressesOptions {
  /** Name, ARN or DNS name. */
  readonly loadBalancer?: string | undefined;
  readonly type?: LoadBalancerType | undefined;
  /** Instead of a load balancer: a description pattern in EC2's filter syntax. */
  readonly description?: string | undefined;
  readonly access: Access;
}

/** Lists the addresses of a load balancer's interfaces, or of any interfaces by their description. Reads only. */
export async function listAddresses(
  { loadBalancer, type, description, access }: ListAddressesOptions,
  { connect }: Pick<Ports, 'connect'>,
): Promise<Outcome<AddressesResult>> {
  const aws = connect(access);
  if (description !== undefined) return byDescription(description, aws);
  if (loadBalancer === undefined) throw new Error('neither a load balancer nor a description was given');
  const reference = parseLoadBalancerReference(loadBalancer);
  if (type === 'classic') {
    if (reference.kind !== 'name') {
      throw new OperationError(
        'ClassicByNameOnly',
        `A classic load balancer is found by its name, not by ${loadBalancer}.`,
        ['Give its name: lbbridge ips NAME --type classic'],
      );
    }
    const found = await aws.network.interfacesByDescription(interfaceDescription(reference.name));
    return listed(reference.name, found, interfaceDescription(reference.name), classicReport(reference.name, found));
  }
  if (reference.kind === 'arn') {
    const tail = interfaceDescription(reference.path);
    const [source, found] = await Promise.all([
      findLoadBalancer(loadBalancer, aws, { type }),
      aws.network.interfacesByDescription(tail),
    ]);
    return listed(source.name, found, tail, sourceReport(source));
  }
  const source = await findLoadBalancer(loadBalancer, aws, { type });
  const tail = interfaceDescription(pathOfArn(source.arn ?? ''));
  return listed(source.name, await aws.network.interfacesByDescription(tail), tail, sourceReport(source));
}

function listed(
  name: string,
  interfaces: readonly NetworkInterface[],
  description: string,
  source: SourceReport,
): Outcome<AddressesResult> {
  const { addresses, ignored } = ownAddresses(description, interfaces);
  return {
    result: { source, addresses: addresses.map(addressReport), ignored: ignored.map(ignoredReport) },
    warnings:
      addresses.length > 0
        ? []
        : [{ code: 'NoAddresses', message: `${name} shows no address: no interface of it is in use.` }],
    status: 0,
  };
}

async function byDescription(pattern: string, { network }: Aws): Promise<Outcome<AddressesResult>> {
  const interfaces = await network.interfacesByDescription(pattern);
  const addresses = interfaces.flatMap(addressesOf).sort((a, b) => compareAddresses(a.ip, b.ip));
  const message = `No interface in ${network.region} has a description that matches ${pattern}.`;
  return {
    result: { source: null, addresses: addresses.map(addressReport), ignored: [] },
    warnings: interfaces.length > 0 ? [] : [{ code: 'NoAddresses', message }],
    status: 0,
  };
}

/** EC2 knows a classic load balancer only by its interfaces. */
function classicReport(name: string, interfaces: readonly NetworkInterface[]): SourceReport {
  const { addresses } = ownAddresses(interfaceDescription(name), interfaces);
  return {
    type: 'classic',
    name,
    arn: null,
    dnsName: null,
    vpcId: addresses[0]?.vpcId ?? null,
    state: null,
    availabilityZones: [...new Set(addresses.map(({ zoneName }) => zoneName))].sort(),
  };
}
