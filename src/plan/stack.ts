import { createHash } from 'node:crypto';
import type { Tags } from './model.js';

/** A CloudFormation stack, as DescribeStacks reports it. */
export interface Stack {
  /** Its ARN: the only name by which a deleted stack is still known. */
  readonly id: string;
  readonly name: string;
  /** AWS's word: `CREATE_COMPLETE`, `UPDATE_ROLLBACK_FAILED` … */
  readonly status: string;
  readonly tags: Tags;
  readonly outputs: ReadonlyMap<string, string>;
  /** Termination protection: AWS refuses to delete it. */
  readonly isProtected: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  /** Null while there is none yet. */
  readonly physicalId: string | null;
  /** `AWS::ElasticLoadBalancingV2::LoadBalancer`. */
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  /** `IN_SYNC`, `MODIFIED`, `DELETED`, `NOT_CHECKED`, as the last detection found it. */
  readonly drift: string;
}

export interface StackEvent {
  readonly id: string;
  /** Of the operation that it belongs to; undefined where whoever began it gave none. */
  readonly token: string | undefined;
  readonly logicalId: string;
  readonly physicalId: string | null;
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
}

export interface StackChange {
  /** `Add`, `Modify`, `Remove`, `Import` or `Dynamic`. */
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  /** `True`, `False`, `Conditional`; null where nothing is modified. */
  readonly replacement: string | null;
  /** Names of the properties that are modified. */
  readonly properties: readonly string[];
}

export interface ChangeSet {
  /** `CREATE_PENDING`, `CREATE_IN_PROGRESS`, `CREATE_COMPLETE`, `FAILED` … */
  readonly status: string;
  readonly reason: string | null;
  readonly changes: readonly StackChange[];
}

/** The tag that says that a stack is lbbridge's; CloudFormation copies it to every resource that takes tags. */
export const STACK_TAG = 'lbbridge:stack';

/** Where a template lies in a bucket while it is deployed: the same one always in the same place. */
export const templateKey = (stackName: string, template: string): string =>
  `lbbridge/${stackName}/${createHash('sha256').update(template).digest('hex')}.template`;

export const isOurs = ({ tags }: Stack): boolean => tags.has(STACK_TAG);

/** Whether AWS works on it, so that nothing else can be asked of it. */
export const isBusy = (status: string): boolean => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';

export const isFailed = (status: string): boolean => status.endsWith('_FAILED');

/** The states in which AWS takes an update. */
const updatable = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/**
 * What a deployment finds: nothing yet, something to update, or a state that has to be left first. In
 * `REVIEW_IN_PROGRESS` there is nothing but a change set.
 */
export function deploymentOf(stack: Stack | null): 'CREATE' | 'UPDATE' | 'blocked' {
  if (stack === null || stack.status === 'REVIEW_IN_PROGRESS') return 'CREATE';
  return updatable.has(stack.status) ? 'UPDATE' : 'blocked';
}

/**
 * The changes by which clients get no answer for minutes: what takes the place of a load balancer or a target group has
 * to be provisioned, filled and healthy first, and a listener that moves to another port or protocol, which AWS does in
 * place, leaves its clients behind. `Conditional` counts: AWS decides it only while it works.
 */
export const outageOf = (changes: readonly StackChange[]): StackChange[] =>
  changes.filter(
    ({ action, type, replacement, properties }) =>
      onTheWay.has(type) &&
      (action === 'Remove' ||
        (action === 'Modify' &&
          (replacement !== 'False' || (type === LISTENER && properties.some(isWhereClientsCome))))),
  );

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

const onTheWay = new Set([
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  LISTENER,
]);

const isWhereClientsCome = (property: string): boolean => property === 'Port' || property === 'Protocol';

/**
 * The first resource that failed: the cause. What fails after it was cancelled because of it, and the stack's own event
 * only sums up. Null where no event tells.
 * @param events of one operation, oldest first
 */
export function firstCause(events: readonly StackEvent[], { id }: Pick<Stack, 'id'>): StackEvent | null {
  const failed = events.filter(({ status }) => isFailed(status));
  return failed.find(({ physicalId }) => physicalId !== id) ?? failed[0] ?? null;
}

/** What exists of the stack: neither deleted nor never begun. */
export const existing = (resources: readonly StackResource[]): StackResource[] =>
  resources.filter(({ status, physicalId }) => status !== 'DELETE_COMPLETE' && physicalId !== null);
