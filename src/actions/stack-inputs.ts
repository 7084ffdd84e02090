import type { Aws } from '../aws/ports.js';
import type { StackFiles } from '../config/stack-files.js';
import { AwsFailure, OperationError } from '../errors.js';
import type { Warning } from './outcome.js';
import { GROUP_NAME } from './stack-scaling.js';

/** What a template asks for, and the values that it gets. */
export type StackInputs = Omit<StackFiles, 'template'>;

/** AWS wants so many free addresses in each subnet of a load balancer. */
const FREE_ADDRESSES = 8;

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly remedies: readonly string[];
}

/**
 * Holds the inputs against the account before anything is made: what AWS would find out minutes later, by a failure and
 * a roll-back, is found here at once. Parameters are told apart by their types. AWS has the last word all the same, so
 * what cannot be looked at, for lack of a permission or of a way to the service, is told and stops nothing.
 * @param isNew whether there is no stack yet
 * @throws OperationError that names everything that is wrong
 */
export async function checkInputs(inputs: StackInputs, isNew: boolean, aws: Aws, now: () => Date): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const looked = (what: string, look: Promise<Finding[]>): Promise<Finding[]> =>
    look.catch((error: unknown) => {
      if (!(error instanceof AwsFailure)) throw error;
      warnings.push({ code: 'NotLookedAt', message: `Not looked at before the deployment: ${what}. ${error.message}` });
      return [];
    });
  const found = (
    await Promise.all([
      looked('the subnets', subnets(inputs, aws)),
      isNew ? looked('the quotas', quotas(inputs, aws)) : [],
      ...certificatesOf(inputs).map(([name, arn]) => looked(`${name} ${arn}`, certificate(name, arn, aws, now))),
      looked('what is brought along', named(inputs, aws)),
      looked('the Auto Scaling group', scalingGroup(inputs, aws)),
      inputs.writesAccessLog ? looked("API Gateway's role for logs", loggingRole(aws)) : [],
    ])
  ).flat();
  // Only a stage that is being made needs the role: an update of something else must not wait for it.
  const isAdvice = ({ code }: Finding): boolean => code === 'LoggingRoleMissing' && !isNew;
  for (const { code, message, remedies } of found.filter(isAdvice)) {
    warnings.push({ code, message: [message, ...remedies].join(' ') });
  }
  const wrong = found.filter((finding) => !isAdvice(finding));
  const [first] = wrong;
  if (!first) return warnings;
  throw new OperationError(first.code, wrong.map(({ message }) => message).join('\n'), [
    ...new Set(wrong.flatMap(({ remedies }) => remedies)),
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
        remedies: [own === '' ? `There is no subnet in ${vpcId}: check it and --region.` : `Its subnets are ${own}.`],
      },
    ];
  }
  const findings: Finding[] = [];
  const zones = new Set(chosen.map(({ zoneName }) => zoneName));
  if (zones.size < 2) {
    const message = `All subnets are in ${[...zones].join()}: an ALB needs two zones.`;
    findings.push({ code: 'OneZone', message, remedies: ['Add a subnet of another zone.'] });
  }
  if (zones.size < chosen.length && zones.size > 1) {
    const message = `${chosen.length} subnets lie in only ${zones.size} zones: a load balancer takes one subnet of each.`;
    findings.push({ code: 'TwoSubnetsOfAZone', message, remedies: ['Name one subnet of each zone.'] });
  }
  for (const { id, freeAddresses } of chosen) {
    if (freeAddresses === null || freeAddresses >= FREE_ADDRESSES) continue;
    const message = `${id} has ${freeAddresses} free addresses: a load balancer needs ${FREE_ADDRESSES} in each subnet.`;
    findings.push({ code: 'SubnetFull', message, remedies: ['Name a subnet with more room.'] });
  }
  return findings;
}

async function quotas({ loadBalancers, targetGroups }: StackInputs, aws: Aws): Promise<Finding[]> {
  const { loadBalancing, region } = aws;
  const balancers = Object.entries(loadBalancers).filter(([, count]) => count > 0);
  if (balancers.length === 0 && targetGroups === 0) return [];
  const [limits, allBalancers, allGroups] = await Promise.all([
    loadBalancing.accountLimits(),
    balancers.length > 0 ? loadBalancing.allLoadBalancers() : [],
    targetGroups > 0 ? loadBalancing.allTargetGroups() : [],
  ]);
  const wanted = [
    ...balancers.map(([type, count]) => ({
      what: `${type} load balancers`,
      limit: limits.get(`${type}-load-balancers`),
      used: allBalancers.filter((one) => one.type === type).length,
      count,
    })),
    { what: 'target groups', limit: limits.get('target-groups'), used: allGroups.length, count: targetGroups },
  ];
  return wanted.flatMap(({ what, limit, used, count }) => {
    if (limit === undefined || used + count <= limit) return [];
    const message = `${used} of ${limit} ${what} of ${region} are used: there is no room for ${count} more.`;
    const remedies = [
      'Raise the quota, or bring along what is there: --alb, --nlb or --target-group of `stack scaffold`.',
    ];
    return [{ code: 'QuotaReached', message, remedies }];
  });
}

const certificatesOf = ({ parameters }: StackInputs): [name: string, arn: string][] =>
  [...parameters].filter(([name, value]) => name.endsWith('CertificateArn') && value !== '');

/** A certificate is used where it is, and by listeners only once it has been issued and until it is over. */
async function certificate(name: string, arn: string, aws: Aws, now: () => Date): Promise<Finding[]> {
  const { region } = aws;
  const [, , service, own] = arn.split(':');
  // One of IAM's is of no region, and tells no state.
  if (service === 'iam') return [];
  const remedies = [`Name an ACM certificate of ${region}: aws acm list-certificates --region ${region}`];
  if (service !== 'acm' || own !== region) {
    return [{ code: 'CertificateElsewhere', message: `${name} ${arn} is no certificate of ${region}.`, remedies }];
  }
  const found = await (await aws.certificates()).certificate(arn);
  if (found === null) return [{ code: 'CertificateNotFound', message: `${name} ${arn} was not found.`, remedies }];
  const { status, notAfter } = found;
  if (status === 'EXPIRED' || (notAfter !== null && notAfter <= now())) {
    const since = notAfter === null ? '' : ` since ${notAfter.toISOString().slice(0, 10)}`;
    return [{ code: 'CertificateExpired', message: `${name} ${arn} is expired${since}.`, remedies }];
  }
  if (status === 'ISSUED') return [];
  return [
    {
      code: 'CertificateNotIssued',
      message: `${name} ${arn} is in ${status}: listeners take one that is ISSUED.`,
      remedies:
        status === 'PENDING_VALIDATION'
          ? [`Validate it, then: aws acm wait certificate-validated --region ${region} --certificate-arn ${arn}`]
          : remedies,
    },
  ];
}

/** API Gateway writes logs by one role for the account and region. It is everybody's, so it is looked at and never set. */
async function loggingRole(aws: Aws): Promise<Finding[]> {
  const role = await (await aws.apiGateway()).loggingRole();
  if (role !== null) return [];
  const { region } = aws;
  return [
    {
      code: 'LoggingRoleMissing',
      message: `API Gateway has no role for logs in ${region}, so that a stage with an access log fails.`,
      remedies: [
        `Give it one that apigateway.amazonaws.com may take and that has the policy AmazonAPIGatewayPushToCloudWatchLogs: aws apigateway update-account --region ${region} --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE-ARN`,
        'Or leave the log out: lbbridge stack scaffold DIR --without access-log',
      ],
    },
  ];
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
      return [{ code: 'LoadBalancerNotFound', message, remedies: [`Name a load balancer of type ${type}.`] }];
    }),
  );
  const arn = parameters.get('TargetGroupArn');
  const group = arn === undefined ? undefined : await loadBalancing.targetGroup(arn);
  if (group === undefined || group?.targetType === 'ip') return found.flat();
  const message = `TargetGroupArn ${arn} ${group ? `is of type ${group.targetType}` : 'was not found'}.`;
  return [...found.flat(), { code: 'TargetGroupNotFound', message, remedies: ['Name a target group of type ip.'] }];
}

/** It has to be there, and where the ALB's target group is: AWS attaches no group of another VPC. */
async function scalingGroup(inputs: StackInputs, { autoScaling, network, region }: Aws): Promise<Finding[]> {
  const name = inputs.parameters.get(GROUP_NAME);
  if (name === undefined) return [];
  const group = await (await autoScaling()).group(name);
  if (group === null || group.isBeingDeleted) {
    const message = `The Auto Scaling group ${name} ${group ? 'is being deleted' : `was not found in ${region}`}.`;
    return [{ code: 'AutoScalingGroupNotFound', message, remedies: ['Look at its name, --region and --profile.'] }];
  }
  const [vpcId] = ofType(inputs, 'AWS::EC2::VPC::Id');
  if (vpcId === undefined) return [];
  const known = await network.subnets(vpcId);
  const foreign = group.subnetIds.filter((id) => !known.some((subnet) => subnet.id === id));
  if (foreign.length === 0) return [];
  const message = `The Auto Scaling group ${name} launches into ${foreign.join(', ')}, outside ${vpcId}.`;
  return [{ code: 'AutoScalingGroupElsewhere', message, remedies: [`Name a group whose subnets are in ${vpcId}.`] }];
}
