import { freeAddress, isReserved, usedAddresses } from '../engine/addresses.js';
import { createInterface, deleteInterface } from '../engine/interfaces.js';
import { contains } from '../ip.js';
import type { Account, NetworkInterface, Subnet } from '../state.js';
import { invalidParameterValue, missingParameter } from '../wire/errors.js';
import { AwsError, type Call, type Operation } from '../wire/operation.js';
import { interfacesById, interfaceXml } from './interfaces.js';
import { tagSpecifications } from './tags.js';

export const createNetworkInterface: Operation = (call) => {
  const { params, world, region, account, principal } = call;
  const subnetId = params.string('SubnetId');
  if (subnetId === undefined) throw missingParameter('subnetId');
  const tags = tagSpecifications(params, 'network-interface');
  const subnet = region.subnets.get(subnetId);
  if (!subnet || (subnet.ownerId !== account.id && !subnet.sharedWith.has(account.id))) {
    throw new AwsError(400, 'InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  }
  const securityGroupIds = groupIds(call, subnet.vpcId);
  const repeated = sameToken(call);
  if (repeated) return { networkInterface: interfaceXml(call, repeated), clientToken: params.string('ClientToken') };
  const privateIps = addresses(call, subnet).map((ip) => ({ ip }));
  if (params.boolean('DryRun')) throw dryRun();
  if (region.interfaces.size >= world.knobs['quota.interfacesPerRegion']) {
    const text = 'The maximum number of network interfaces has been reached.';
    throw new AwsError(400, 'NetworkInterfaceLimitExceeded', text);
  }
  const one = createInterface(world, region, subnet, {
    ownerId: account.id,
    description: params.string('Description') ?? '',
    requesterId: principal.userId,
    securityGroupIds,
    privateIps,
    ipv6Addresses: params.list('Ipv6Addresses').flatMap((entry) => entry.string('Ipv6Address') ?? []),
    tags,
  });
  const token = params.string('ClientToken');
  if (token !== undefined) tokensOf(call).set(token, { id: one.id, request: fingerprint(call) });
  return { networkInterface: { ...interfaceXml(call, one), status: 'pending' }, clientToken: token };
};

export const dryRun = (): AwsError =>
  new AwsError(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');

function groupIds({ params, region, world }: Call, vpcId: string): string[] {
  const ids = params.strings('SecurityGroupId');
  if (ids.length > world.knobs['quota.groupsPerInterface']) {
    throw new AwsError(
      400,
      'SecurityGroupsPerInterfaceLimitExceeded',
      'The maximum number of security groups per interface has been reached.',
    );
  }
  for (const id of ids) {
    if (!region.securityGroups.has(id)) {
      throw new AwsError(400, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    }
  }
  if (ids.length > 0) return ids;
  const byDefault = [...region.securityGroups.values()].find((one) => one.vpcId === vpcId && one.name === 'default');
  return byDefault ? [byDefault.id] : [];
}

/** The addresses asked for, the primary first; free ones where only a number is given. */
function addresses({ params, world, region }: Call, subnet: Subnet): string[] {
  const asked = params.list('PrivateIpAddresses');
  const primary =
    params.string('PrivateIpAddress') ??
    asked.find((entry) => entry.boolean('Primary'))?.string('PrivateIpAddress') ??
    freeAddress(world, region, subnet);
  const others = asked.flatMap((entry) => entry.string('PrivateIpAddress') ?? []).filter((ip) => ip !== primary);
  const all = [primary, ...others];
  const used = usedAddresses(region, subnet);
  for (const ip of all) {
    if (!contains(subnet.cidrBlock, ip)) {
      throw invalidParameterValue("Address does not fall within the subnet's address range");
    }
    if (isReserved(subnet, ip)) throw invalidParameterValue("Address is in subnet's reserved address range");
    if (used.has(ip)) throw new AwsError(400, 'InvalidIPAddress.InUse', 'The specified address is already in use');
  }
  for (let n = params.integer('SecondaryPrivateIpAddressCount') ?? 0; n > 0; ) {
    const ip = freeAddress(world, region, subnet);
    if (all.includes(ip)) continue;
    all.push(ip);
    n -= 1;
  }
  return all;
}

type Tokens = Map<string, { id: string; request: string }>;
const tokensByAccount = new WeakMap<Account, Tokens>();

function tokensOf({ account }: Call): Tokens {
  const tokens = tokensByAccount.get(account) ?? new Map();
  tokensByAccount.set(account, tokens);
  return tokens;
}

const fingerprint = ({ params }: Call): string => JSON.stringify(params.entries());

/** The interface that an earlier call with this client token made, if there was one. */
function sameToken(call: Call): NetworkInterface | undefined {
  const token = call.params.string('ClientToken');
  const earlier = token === undefined ? undefined : tokensOf(call).get(token);
  const one = earlier && call.region.interfaces.get(earlier.id);
  if (!one) return undefined;
  if (earlier.request === fingerprint(call)) return one;
  throw new AwsError(400, 'IdempotentParameterMismatch', 'The client token was used before with different parameters.');
}

export const deleteNetworkInterface: Operation = (call) => {
  const [one] = interfacesById(call, [required(call, 'NetworkInterfaceId')]) as [NetworkInterface];
  if (one.status !== 'available') {
    throw invalidParameterValue(`Network interface '${one.id}' is currently in use.`);
  }
  if (one.requesterManaged) throw notYours();
  if (call.params.boolean('DryRun')) throw dryRun();
  deleteInterface(call.world, call.region, one);
  return { return: true };
};

export const modifyNetworkInterfaceAttribute: Operation = (call) => {
  const { params } = call;
  const [one] = interfacesById(call, [required(call, 'NetworkInterfaceId')]) as [NetworkInterface];
  const given = ['Description', 'SecurityGroupId', 'SourceDestCheck'].filter((name) => params.has(name));
  if (given.length !== 1) {
    throw new AwsError(400, 'InvalidParameterCombination', 'Exactly one attribute can be modified in a call.');
  }
  if (one.requesterManaged) throw notYours();
  const description = params.structure('Description').string('Value');
  const check = params.structure('SourceDestCheck').boolean('Value');
  const groups = given[0] === 'SecurityGroupId' ? groupIds(call, one.vpcId) : undefined;
  if (params.boolean('DryRun')) throw dryRun();
  if (description !== undefined) one.description = description;
  if (check !== undefined) one.sourceDestCheck = check;
  if (groups) one.securityGroupIds = groups;
  return { return: true };
};

const notYours = (): AwsError =>
  new AwsError(400, 'AuthFailure', 'You do not have permission to access the specified resource.');

function required({ params }: Call, name: string): string {
  const value = params.string(name);
  if (value === undefined) throw missingParameter(name.charAt(0).toLowerCase() + name.slice(1));
  return value;
}
