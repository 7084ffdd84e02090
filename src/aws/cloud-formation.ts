import type {
  StackEvent as CfnEvent,
  Stack as CfnStack,
  Change,
  CloudFormationClientConfig,
  StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet, Stack, StackChange, StackEvent, StackResource } from '../plan/stack.js';
import { orNull, type Send, unreadable, withRemedies } from './call.js';
import { everyPage } from './paging.js';
import type { CloudFormation } from './ports.js';

const STACKS = 'cloudformation:DescribeStacks';
const RESOURCES = 'cloudformation:ListStackResources';
const EVENTS = 'cloudformation:DescribeStackEvents';
const CHANGE_SET = 'cloudformation:DescribeChangeSet';

/** The CloudFormation side of the ports. `send` makes one call and words its failure. */
export async function cloudFormation(
  config: CloudFormationClientConfig,
  region: string,
  send: Send,
): Promise<CloudFormation> {
  const sdk = await import('./stack-clients.js');
  const client = new sdk.CloudFormationClient(config);

  return {
    region,

    async stack(StackName, how) {
      // AWS has no code of its own for this; a name that it takes leaves nothing else that could be invalid.
      const answer = await orNull(
        'ValidationError',
        send(STACKS, () => client.send(new sdk.DescribeStacksCommand({ StackName })), how),
      );
      if (answer === null) return null;
      const [stack] = answer.Stacks ?? [];
      if (!stack) throw unreadable(STACKS, 'no stack');
      return toStack(stack);
    },

    resources: (StackName) =>
      everyPage(RESOURCES, async (NextToken) => {
        const command = new sdk.ListStackResourcesCommand({ StackName, NextToken });
        const page = await send(RESOURCES, () => client.send(command));
        if (!page.StackResourceSummaries) throw unreadable(RESOURCES, 'no list of resources');
        return { items: page.StackResourceSummaries.map(toResource), marker: page.NextToken };
      }),

    async events(StackName, token) {
      let asked = token;
      const newestFirst = await everyPage(EVENTS, async (NextToken) => {
        const page = await send(EVENTS, () =>
          client.send(new sdk.DescribeStackEventsCommand({ StackName, NextToken })),
        );
        if (!page.StackEvents) throw unreadable(EVENTS, 'no list of events');
        const events = page.StackEvents.map(toEvent);
        asked ??= events[0]?.token;
        const items = events.filter((event) => event.token === asked);
        // The operation is over where an event of another stands.
        return { items, marker: items.length < events.length ? undefined : page.NextToken };
      });
      return newestFirst.reverse();
    },

    async createChangeSet({ stackName, kind, name, template, parameters, tags }) {
      const action = 'cloudformation:CreateChangeSet';
      const command = new sdk.CreateChangeSetCommand({
        StackName: stackName,
        ChangeSetType: kind,
        ChangeSetName: name,
        ...('url' in template ? { TemplateURL: template.url } : { TemplateBody: template.body }),
        Parameters: [...parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
        Capabilities: ['CAPABILITY_IAM'],
      });
      const made = send(action, () => client.send(command));
      const { Id: id, StackId: stackId } = await ('url' in template ? withRemedies(made, perhapsUnread) : made);
      if (!id || !stackId) throw unreadable(action, 'no id');
      return { id, stackId };
    },

    async changeSet(ChangeSetName) {
      let head: Omit<ChangeSet, 'changes'> | undefined;
      const changes = await everyPage(CHANGE_SET, async (NextToken) => {
        const command = new sdk.DescribeChangeSetCommand({ ChangeSetName, NextToken });
        const page = await send(CHANGE_SET, () => client.send(command));
        const { Status: status, StatusReason: reason = null } = page;
        if (!status) throw unreadable(CHANGE_SET, 'no status');
        head ??= { status, reason };
        return { items: (page.Changes ?? []).flatMap(toChange), marker: page.NextToken };
      });
      return { ...(head as Omit<ChangeSet, 'changes'>), changes };
    },

    async executeChangeSet(ChangeSetName, ClientRequestToken) {
      const command = new sdk.ExecuteChangeSetCommand({ ChangeSetName, ClientRequestToken });
      await send('cloudformation:ExecuteChangeSet', () => client.send(command));
    },

    async deleteChangeSet(ChangeSetName) {
      const command = new sdk.DeleteChangeSetCommand({ ChangeSetName });
      await send('cloudformation:DeleteChangeSet', () => client.send(command));
    },

    async deleteStack(StackName, ClientRequestToken) {
      const command = new sdk.DeleteStackCommand({ StackName, ClientRequestToken });
      await send('cloudformation:DeleteStack', () => client.send(command));
    },

    async detectDrift(StackName) {
      const action = 'cloudformation:DetectStackDrift';
      const { StackDriftDetectionId } = await send(action, () =>
        client.send(new sdk.DetectStackDriftCommand({ StackName })),
      );
      if (!StackDriftDetectionId) throw unreadable(action, 'no id');
      return StackDriftDetectionId;
    },

    async driftDetected(StackDriftDetectionId) {
      const action = 'cloudformation:DescribeStackDriftDetectionStatus';
      const command = new sdk.DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId });
      const { DetectionStatus } = await send(action, () => client.send(command));
      if (!DetectionStatus) throw unreadable(action, 'no status');
      return DetectionStatus === 'DETECTION_IN_PROGRESS' ? null : DetectionStatus === 'DETECTION_COMPLETE';
    },
  };
}

/** AWS has one code for a template that it finds wrong, and for one that it may not read. */
const perhapsUnread = (code: string): string[] =>
  code === 'ValidationError'
    ? [
        'Where it speaks of S3: CloudFormation reads the template as you. Allow s3:GetObject, and kms:Decrypt where the bucket has a key of yours.',
      ]
    : [];

function toStack(one: CfnStack): Stack {
  const { StackId: id, StackName: name, StackStatus: status } = one;
  if (!id || !name || !status) throw unreadable(STACKS, 'a stack without its id or its status');
  return {
    id,
    name,
    status,
    tags: new Map((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    outputs: new Map((one.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    isProtected: one.EnableTerminationProtection === true,
  };
}

function toResource(one: StackResourceSummary): StackResource {
  const { LogicalResourceId: logicalId, ResourceType: type, ResourceStatus: status } = one;
  if (!logicalId || !type || !status) throw unreadable(RESOURCES, 'a resource without its name or its status');
  return {
    logicalId,
    physicalId: one.PhysicalResourceId || null,
    type,
    status,
    reason: one.ResourceStatusReason ?? null,
    drift: one.DriftInformation?.StackResourceDriftStatus ?? 'NOT_CHECKED',
  };
}

function toEvent(one: CfnEvent): StackEvent {
  const { EventId: id, LogicalResourceId: logicalId, ResourceStatus: status } = one;
  if (!id || !logicalId || !status) throw unreadable(EVENTS, 'an event without its resource or its status');
  return {
    id,
    token: one.ClientRequestToken,
    logicalId,
    physicalId: one.PhysicalResourceId || null,
    type: one.ResourceType ?? '',
    status,
    reason: one.ResourceStatusReason ?? null,
  };
}

function toChange({ ResourceChange: one }: Change): StackChange[] {
  if (!one?.Action || !one.LogicalResourceId) return [];
  return [
    {
      action: one.Action,
      logicalId: one.LogicalResourceId,
      type: one.ResourceType ?? '',
      replacement: one.Replacement ?? null,
      properties: [...new Set((one.Details ?? []).flatMap(({ Target }) => Target?.Name ?? []))],
    },
  ];
}
