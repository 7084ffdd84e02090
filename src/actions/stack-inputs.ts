import type { Aws } from '../aws/ports.js';
import type { StackFiles } from '../config/stack-files.js';
import { OperationError } from '../errors.js';
import type { Stack } from '../plan/stack.js';

/** What a template asks for, and the values that it gets. */
export type StackInputs = Omit<StackFiles, 'template'>;

/** AWS wants so many free addresses in each subnet of a load balancer. */
const FREE_ADDRESSES = 8;

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Holds the inputs against the account before anything is made: what AWS would find out minutes later, by a failure and
 * a roll-back, is found here at once. Parameters are told apart by their types.
 * @throws OperationError that names everything that is wrong
 */
export async function checkInputs(inputs: StackInputs, before: Stack | null, aws: Aws): Promise<void> {
  const found = (
    await Promise.all([
      subnets(inputs, aws),
      before === null ? quotas(inputs, aws) : [],
      certificates(inputs, aws.region),
      named(inputs, aws),
    ])
  ).flat();
  const [first] = found;
  if (!first) return;
  throw new OperationError(first.code, found.map(({ message }) => message).join('\n'), [
    ...new Set(found.map(({ remedy }) => remedy)),
  ]);
}

const ofType = ({ types, parameters }: StackInputs, type: string): string[] =>
  [...types].filter(([, one]) => one === type).flatMap(([name]) => list(parameters.get(name)));

const list = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** All in the one VPC, in two zones, with room. */
async function subnets(inputs: StackInputs, { network }: Aws): Promise<Finding[]> {
  const [vpcId] = ofType(inputs, 'AWS::EC2::VPC::Id');
  const ids = ofType(inputs, 'List<AWS::EC2::Subnet::Id>');
  if (vpcId === undefined || ids.length === 0) return [];
  const known = await network.subnets(vpcId);
  const chosen = known.filter(({ id }) => ids.includes(id));
  const foreign = ids.filter((id) => !chosen.some((subnet) => subnet.id === id));
  if (foreign.length > 0) {
    const own = known.map(({ id, zoneName }) => `${id} (${zoneName})`).join(', ');
    return [
      {
        code: 'SubnetOfAnotherVpc',
        message: `${foreign.join(', ')} ${foreign.length === 1 ? 'is no subnet' : 'are no subnets'} of ${vpcId}.`,
        remedy: own === '' ? `There is no subnet in ${vpcId}: check it and --region.` : `Its subnets are ${own}.`,
      },
    ];
  }
  const findings: Finding[] = [];
  const zones = new Set(chosen.map(({ zoneName }) => zoneName));
  if (zones.size < 2) {
    const message = `All subnets are in ${[...zones].join()}: an ALB needs two zones.`;
    findings.push({ code: 'OneZone', message, remedy: 'Add a subnet of another zone.' });
  }
  if (zones.size < chosen.length && zones.size > 1) {
    const message = `${chosen.length} subnets lie in only ${zones.size} zones: a load balancer takes one subnet of each.`;
    findings.push({ code: 'TwoSubnetsOfAZone', message, remedy: 'Name one subnet of each zone.' });
  }
  for (const { id, freeAddresses } of chosen) {
    if (freeAddresses === null || freeAddresses >= FREE_ADDRESSES) continue;
    const message = `${id} has ${freeAddresses} free addresses: a load balancer needs ${FREE_ADDRESSES} in each subnet.`;
    findings.push({ code: 'SubnetFull', message, remedy: 'Name a subnet with more room.' });
  }
  return findings;
}

async function quotas({ loadBalancers }: StackInputs, { loadBalancing, region }: Aws): Promise<Finding[]> {
  const wanted = Object.entries(loadBalancers).filter(([, count]) => count > 0);
  if (wanted.length === 0) return [];
  const [limits, all] = await Promise.all([loadBalancing.accountLimits(), loadBalancing.allLoadBalancers()]);
  return wanted.flatMap(([type, count]) => {
    const limit = limits.get(`${type}-load-balancers`);
    const used = all.filter((one) => one.type === type).length;
    if (limit === undefined || used + count <= limit) return [];
    const message = `${used} of ${limit} ${type} load balancers of ${region} are used: there is no room for ${count} more.`;
    return [{ code: 'QuotaReached', message, remedy: 'Raise the quota, or bring a load balancer along.' }];
  });
}

/** A certificate is used where it is: another region's cannot be. */
function certificates({ parameters }: StackInputs, region: string): Finding[] {
  return [...parameters].flatMap(([name, value]) => {
    if (!name.endsWith('CertificateArn') || value === '') return [];
    const [, , service, own] = value.split(':');
    if (service === 'iam' || (service === 'acm' && own === region)) return [];
    return [
      {
        code: 'CertificateElsewhere',
        message: `${name} ${value} is no certificate of ${region}.`,
        remedy: `Name an ACM certificate of ${region}.`,
      },
    ];
  });
}

/** Whatever is brought along has to be there. */
async function named({ parameters }: StackInputs, { loadBalancing }: Aws): Promise<Finding[]> {
  const looks = [
    ['AlbArn', 'application', loadBalancing.loadBalancer],
    ['NlbArn', 'network', loadBalancing.loadBalancer],
  ] as const;
  const found = await Promise.all(
    looks.map(async ([name, type, read]): Promise<Finding[]> => {
      const arn = parameters.get(name);
      if (arn === undefined) return [];
      const one = await read(arn);
      if (one?.type === type) return [];
      const message = one ? `${name} ${arn} is of type ${one.type}.` : `${name} ${arn} was not found.`;
      return [{ code: 'LoadBalancerNotFound', message, remedy: `Name a load balancer of type ${type}.` }];
    }),
  );
  const arn = parameters.get('TargetGroupArn');
  const group = arn === undefined ? undefined : await loadBalancing.targetGroup(arn);
  if (group === undefined || group?.targetType === 'ip') return found.flat();
  const message = `TargetGroupArn ${arn} ${group ? `is of type ${group.targetType}` : 'was not found'}.`;
  return [...found.flat(), { code: 'TargetGroupNotFound', message, remedy: 'Name a target group of type ip.' }];
}
