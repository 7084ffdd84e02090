import { partitionOf } from '../regions.js';
import { objectArn } from '../s3/index.js';
import type { Tags } from '../state.js';
import { type JsonService, speaksJson } from '../wire/json.js';
import type { Call } from '../wire/operation.js';
import type { Service } from '../wire/xml.js';
import type { Need } from './policy.js';

/**
 * What a call needs to be allowed. Reads that list or describe are authorised on no resource; what changes something is
 * authorised on everything that the call names. Tags given while something is created need a permission of their own.
 * Sources: the service authorization reference of Certificate Manager, API Gateway Management, CloudFormation, CloudWatch
 * Logs, EC2, EC2 Auto Scaling, Elastic Load Balancing V2, S3 and STS.
 */
export function needsOf(service: Service, action: string, call: Call): Need[] {
  if (service === 'sts') return action === 'GetCallerIdentity' ? [] : [need(`sts:${action}`, roleOf(call))];
  if (speaksJson(service)) return [jsonNeed(service, action, call)];
  if (service === 'cloudformation') return [need(`${service}:${action}`, stackOf(action, call), tagsGiven(call))];
  if (service === 's3') return [need(`s3:${action}`, { arn: objectArn(call) })];
  if (service === 'autoscaling') return [need(`${service}:${action}`, { arn: scalingGroupArn(action, call) })];
  const named = action.startsWith('Describe')
    ? []
    : service === 'ec2'
      ? ec2Resources(call)
      : elbResources(action, call);
  const given = tagsGiven(call);
  const creates = call.params.has('TagSpecification') || (/^Create/.test(action) && call.params.has('Tags'));
  const onWhole = named.length === 0 ? [need(`${service}:${action}`, { arn: '*' })] : [];
  const onNamed = named.map((resource) =>
    // The tags of a call that creates something are the new thing's, not those of what it is created in.
    need(`${service}:${action}`, resource, creates ? new Map() : given),
  );
  return [...onWhole, ...onNamed, ...(creates ? tagOnCreate(service, action, call, given) : [])];
}

interface Resource {
  arn: string;
  tags?: Tags | undefined;
}

function need(action: string, { arn, tags = new Map() }: Resource, given: Tags = new Map()): Need {
  const service = action.split(':')[0];
  const context = new Map<string, string[]>();
  for (const [key, value] of tags) {
    for (const prefix of ['aws', service]) context.set(`${prefix}:resourcetag/${key.toLowerCase()}`, [value]);
  }
  for (const [key, value] of given) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
  if (given.size > 0) context.set('aws:tagkeys', [...given.keys()]);
  return { action, resource: arn, context };
}

/** AWS asks for the action on the new thing as well as for tagging it, and says what creates it. */
function tagOnCreate(service: Service, action: string, call: Call, given: Tags): Need[] {
  const [specification] = call.params.list('TagSpecification');
  const arn = service === 'ec2' ? ec2Arn(call, `${specification?.string('ResourceType')}/*`) : newElbArn(action, call);
  const tagging = need(service === 'ec2' ? 'ec2:CreateTags' : `${service}:AddTags`, { arn }, given);
  tagging.context.set(`${service}:createaction`, [action]);
  return [need(`${service}:${action}`, { arn }, given), tagging];
}

function tagsGiven({ params }: Call): Tags {
  const pairs = [params, ...params.list('TagSpecification')].flatMap((one) => [
    ...one.list('Tag'),
    ...one.list('Tags'),
  ]);
  return new Map([
    ...pairs.map((tag): [string, string] => [tag.string('Key') ?? '', tag.string('Value') ?? '']),
    ...params.strings('TagKeys').map((key): [string, string] => [key, '']),
  ]);
}

function elbResources(action: string, call: Call): Resource[] {
  const { params, region } = call;
  const single = ['LoadBalancerArn', 'TargetGroupArn', 'ListenerArn', 'RuleArn'].flatMap(
    (name) => params.string(name) ?? [],
  );
  const created = params.string('Name') === undefined ? [] : [newElbArn(action, call)];
  return [...single, ...params.strings('ResourceArns'), ...created].map((arn) => ({
    arn,
    tags: (
      region.targetGroups.get(arn) ??
      region.loadBalancers.get(arn) ??
      region.listeners.get(arn) ??
      region.rules.get(arn)
    )?.tags,
  }));
}

/** What a call is about to create, whose id nobody knows yet. */
function newElbArn(action: string, { params, region, account }: Call): string {
  const kind = { application: 'app', network: 'net', gateway: 'gwy' }[params.string('Type') ?? 'application'];
  const path = {
    CreateLoadBalancer: `loadbalancer/${kind}/${params.string('Name')}/*`,
    CreateTargetGroup: `targetgroup/${params.string('Name')}/*`,
    CreateListener: params
      .string('LoadBalancerArn')
      ?.replace(/^.*:loadbalancer/, 'listener')
      .concat('/*'),
    CreateRule: params
      .string('ListenerArn')
      ?.replace(/^.*:listener/, 'listener-rule')
      .concat('/*'),
  }[action];
  return `arn:${partitionOf(region.name)}:elasticloadbalancing:${region.name}:${account.id}:${path}`;
}

function ec2Resources(call: Call): Resource[] {
  const { params, region } = call;
  const single = ['GroupId', 'NetworkInterfaceId', 'PrefixListId', 'SubnetId', 'VpcId'].flatMap(
    (name) => params.string(name) ?? [],
  );
  const rules = [...region.securityGroups.values()].flatMap((group) => [...group.rules.values()]);
  return [...single, ...params.strings('ResourceId')].map((id) => {
    const found =
      region.securityGroups.get(id) ??
      region.interfaces.get(id) ??
      region.prefixLists.get(id) ??
      region.subnets.get(id) ??
      region.vpcs.get(id);
    const type = types[id.split('-')[0] ?? ''] ?? '*';
    const tags = found?.tags ?? rules.find((rule) => rule.id === id)?.tags;
    return { arn: ec2Arn(call, `${type}/${id}`, found?.ownerId), tags };
  });
}

const types: Record<string, string> = {
  eni: 'network-interface',
  pl: 'prefix-list',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vpc: 'vpc',
};

const ec2Arn = ({ region, account }: Call, path: string, ownerId = account.id): string =>
  `arn:${partitionOf(region.name)}:ec2:${region.name}:${ownerId}:${path}`;

/** AWS puts an id that nobody else knows into the ARN; a group that is not there has none. */
function scalingGroupArn(action: string, { region, account, params }: Call): string {
  if (action.startsWith('Describe')) return '*';
  const name = params.string('AutoScalingGroupName');
  const found = [...region.autoScalingGroups.values()].find((one) => one.ownerId === account.id && one.name === name);
  const path = `autoScalingGroup:*:autoScalingGroupName/${name}`;
  return found?.arn ?? `arn:${partitionOf(region.name)}:autoscaling:${region.name}:${account.id}:${path}`;
}

const roleOf = ({ params }: Call): Resource => ({ arn: params.string('RoleArn') ?? '*' });

/** API Gateway is authorised by method and path; a certificate that is asked for has no ARN yet. */
function jsonNeed(service: JsonService, action: string, { params, region, account }: Call): Need {
  const arn = (path: string, accountId = account.id): string =>
    `arn:${partitionOf(region.name)}:${service}:${region.name}:${accountId}:${path}`;
  switch (service) {
    case 'acm':
      return need(`acm:${action}`, { arn: params.string('CertificateArn') ?? '*' });
    case 'apigateway':
      return need(`apigateway:${action === 'GetAccount' ? 'GET' : 'PATCH'}`, { arn: arn('/account', '') });
    case 'logs':
      return need(`logs:${action}`, { arn: arn(`log-group:${params.string('logGroupName')}:*`) });
  }
}

/** The stack itself, or what one of that name would be; a change set is authorised on its stack. */
function stackOf(action: string, { params, region, account }: Call): Resource {
  if (action === 'DescribeStackDriftDetectionStatus') return { arn: '*' };
  const name = params.string('StackName');
  const changeSetId = params.string('ChangeSetName') ?? '';
  const stacks = [...region.stacks.values()].filter(({ ownerId }) => ownerId === account.id);
  const found =
    name === undefined
      ? stacks.find(({ changeSets }) => changeSets.has(changeSetId))
      : stacks.find((one) => one.id === name || (one.name === name && one.status !== 'DELETE_COMPLETE'));
  if (found) return { arn: found.id, tags: found.tags };
  if (name?.startsWith('arn:')) return { arn: name };
  return { arn: `arn:${partitionOf(region.name)}:cloudformation:${region.name}:${account.id}:stack/${name ?? '*'}/*` };
}
