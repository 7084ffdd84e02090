import { partitionOf } from '../regions.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation, type Xml } from '../wire/operation.js';
import type { AutoScalingGroup } from './state.js';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 100;

const own = ({ region, account }: Call): AutoScalingGroup[] =>
  [...region.autoScalingGroups.values()].filter(({ ownerId }) => ownerId === account.id);

/** The group that a request names; throws where there is none. */
export function groupNamed(call: Call): AutoScalingGroup {
  const name = call.params.string('AutoScalingGroupName');
  if (name === undefined) throw constraint(null, 'autoScalingGroupName', '');
  const found = own(call).find((one) => one.name === name);
  if (!found) throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return found;
}

/** The instances are there at once, and answer whatever health check asks them. */
export const createAutoScalingGroup: Operation = (call) => {
  const { world, region, account, params } = call;
  const name = params.string('AutoScalingGroupName') ?? '';
  if (own(call).some((one) => one.name === name)) {
    const text = 'AutoScalingGroup by this name already exists - A group with the name already exists';
    throw new AwsError(400, 'AlreadyExists', text);
  }
  const subnetIds = (params.string('VPCZoneIdentifier') ?? '').split(',').filter((id) => id !== '');
  if (subnetIds.some((id) => !region.subnets.has(id))) {
    throw validationError(`The subnet ID '${subnetIds.find((id) => !region.subnets.has(id))}' does not exist`);
  }
  const count = params.integer('DesiredCapacity') ?? params.integer('MinSize') ?? 0;
  const path = `autoScalingGroup:${world.random.uuid()}:autoScalingGroupName/${name}`;
  const group: AutoScalingGroup = {
    arn: `arn:${partitionOf(region.name)}:autoscaling:${region.name}:${account.id}:${path}`,
    ownerId: account.id,
    name,
    minSize: params.integer('MinSize') ?? 0,
    maxSize: params.integer('MaxSize') ?? count,
    subnetIds,
    healthCheckType: params.string('HealthCheckType') ?? 'EC2',
    instanceIds: Array.from({ length: count }, () => world.random.id('i')),
    createdAt: world.clock.now,
    attachments: new Map(),
  };
  region.autoScalingGroups.set(group.arn, group);
  return {};
};

export const describeAutoScalingGroups: Operation = (call) => {
  const { params } = call;
  const size = params.integer('MaxRecords') ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE) {
    throw constraint(String(size), 'maxRecords', `Member must have value less than or equal to ${LARGEST_PAGE}`);
  }
  const names = params.strings('AutoScalingGroupNames');
  const all = own(call).filter(({ name }) => names.length === 0 || names.includes(name));
  const token = params.string('NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start)) throw new AwsError(400, 'InvalidNextToken', 'The NextToken value is not valid.');
  const end = start + size;
  return {
    AutoScalingGroups: new List(all.slice(start, end).map(groupXml)),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
};

const groupXml = (group: AutoScalingGroup): Xml => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  MinSize: group.minSize,
  MaxSize: group.maxSize,
  DesiredCapacity: group.instanceIds.length,
  DefaultCooldown: 300,
  HealthCheckType: group.healthCheckType,
  Status: group.status,
  CreatedTime: new Date(group.createdAt).toISOString(),
  VPCZoneIdentifier: group.subnetIds.join(','),
  // One that is being detached is no longer among them.
  TargetGroupARNs: new List([...group.attachments].flatMap(([arn, phase]) => (phase === 'attached' ? [arn] : []))),
  Instances: new List(
    group.instanceIds.map((InstanceId) => ({ InstanceId, LifecycleState: 'InService', HealthStatus: 'Healthy' })),
  ),
});
