import type { Access, Aws, CloudFormation } from '../aws/ports.js';
import { defaultPolicy } from '../config/bridge.js';
import { AwsFailure, OperationError } from '../errors.js';
import { SOURCE_TAG } from '../plan/model.js';
import { deploymentOf, existing, type Stack, type StackResource } from '../plan/stack.js';
import type { Outcome, Warning } from './outcome.js';
import { planBridges } from './plan-bridges.js';
import type { Ports } from './ports.js';
import { lastSync } from './stack-last-sync.js';
import type { StackBridgeReport, StackChangeReport, StackStatusResult } from './stack-outcome.js';
import { stackReport } from './stack-report.js';
import { GROUP_NAME, plannedAttachments, scalingGroupReports } from './stack-scaling.js';

export interface StatusOptions {
  readonly stackName: string;
  readonly access: Access;
}

/** Milliseconds that AWS gets for looking at every resource. */
const DRIFT_PATIENCE = 120_000;

/** What there is of a stack, what was changed by hand, how its bridge does, and when it was last kept true. */
export async function stackStatus(
  { stackName, access }: StatusOptions,
  ports: Pick<Ports, 'connect' | 'progress' | 'now' | 'sleep' | 'signal'>,
): Promise<Outcome<StackStatusResult>> {
  const aws = ports.connect(access);
  const cloudFormation = await aws.cloudFormation();
  const stack = await cloudFormation.stack(stackName);
  if (!stack) {
    throw new OperationError('StackNotFound', `There is no stack ${stackName} in ${aws.region}.`, [
      'Look at its name, --region, --profile and --role-arn.',
    ]);
  }
  const warnings: Warning[] = [];
  if (deploymentOf(stack) === 'UPDATE') await drift(stack, cloudFormation, ports, warnings);
  const resources = existing(await cloudFormation.resources(stack.id));
  const [sync, bridges] = await Promise.all([
    lastSync(stack, resources, aws, ports.now(), warnings),
    Promise.all(groupsOf(stack, resources).map((arn) => bridge(arn, access, aws, ports))),
  ]);
  const changes = resources.flatMap(drifted);
  const autoScalingGroups = await scalingGroups(stack, aws, warnings);
  return {
    result: {
      ...stackReport(stackName, stack, { changes, left: resources, autoScalingGroups }),
      bridges: bridges.flat(),
      lastSync: sync,
    },
    warnings,
    status: 0,
  };
}

/** How far the Auto Scaling group is attached; where that may not be looked at, says so. */
async function scalingGroups({ name: stackName, outputs }: Stack, aws: Aws, warnings: Warning[]) {
  try {
    const wanted = { stackName, named: outputs.get(GROUP_NAME), before: outputs };
    return await scalingGroupReports(await plannedAttachments(wanted, aws), aws);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    warnings.push({
      code: 'AutoScalingUnknown',
      message: `The Auto Scaling group was not looked at: ${error.message}`,
    });
    return [];
  }
}

/** Has AWS compare the resources with the template; where it may not or cannot, says so. */
async function drift(
  { id }: Stack,
  cloudFormation: CloudFormation,
  { now, sleep, signal }: Pick<Ports, 'now' | 'sleep' | 'signal'>,
  warnings: Warning[],
): Promise<void> {
  const deadline = now().getTime() + DRIFT_PATIENCE;
  try {
    const detection = await cloudFormation.detectDrift(id);
    let answer = await cloudFormation.driftDetected(detection);
    for (let pause = 500; answer === null && now().getTime() < deadline && !signal.aborted; pause *= 1.5) {
      await sleep(Math.min(5000, pause));
      answer = await cloudFormation.driftDetected(detection);
    }
    if (answer === true) return;
    warnings.push({ code: 'DriftUnknown', message: 'AWS could not look at every resource for changes by hand.' });
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    warnings.push({ code: 'DriftUnknown', message: `Changes by hand are not known: ${error.message}` });
  }
}

const drifted = ({ drift, logicalId, type }: StackResource): StackChangeReport[] =>
  drift === 'MODIFIED' || drift === 'DELETED'
    ? [{ action: drift === 'MODIFIED' ? 'Modify' : 'Remove', logicalId, type, replacement: null }]
    : [];

/** The target groups that the stack makes, or that it was told of. */
const groupsOf = ({ outputs }: Stack, resources: readonly StackResource[]): string[] => {
  const output = outputs.get('TargetGroupArn');
  const own = resources.filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::TargetGroup');
  return [
    ...new Set([
      ...(output === undefined ? [] : [output]),
      ...own.flatMap(({ physicalId }) => (physicalId?.includes(':targetgroup/') ? physicalId : [])),
    ]),
  ];
};

async function bridge(
  arn: string,
  access: Access,
  { loadBalancing }: Aws,
  ports: Pick<Ports, 'connect' | 'progress'>,
): Promise<StackBridgeReport[]> {
  const group = await loadBalancing.targetGroup(arn);
  if (group === null || group.targetType !== 'ip') return [];
  const [targets, tags] = await Promise.all([loadBalancing.targets(arn), loadBalancing.tags(arn)]);
  const health: Record<string, number> = {};
  for (const { state } of targets) health[state] = (health[state] ?? 0) + 1;
  const source = tags.get(SOURCE_TAG) ?? null;
  return [
    {
      targetGroup: group.name,
      source,
      health,
      inSync: source === null ? null : await inSync(arn, source, access, ports),
    },
  ];
}

async function inSync(
  targetGroup: string,
  alb: string,
  access: Access,
  ports: Pick<Ports, 'connect' | 'progress'>,
): Promise<boolean | null> {
  const bridge = { name: targetGroup, alb, targetGroup, access, albAccess: access, ...defaultPolicy };
  const { bridges } = await planBridges([bridge], undefined, ports);
  const [one] = bridges;
  if (one?.kind !== 'planned') return null;
  const { register, deregister, held } = one.plan;
  return register.length + deregister.length + held.length === 0;
}
