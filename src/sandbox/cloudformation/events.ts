import type { Caller } from './scope.js';
import type { Stack, StackResource } from './state.js';

/** One operation on a stack, as its events name it. */
export interface Run {
  readonly call: Caller;
  readonly stack: Stack;
  /** What whoever began it calls it. */
  readonly token: string | undefined;
}

/** Notes what happened to a resource, in its state and as an event. */
export function noteResource(
  { call, stack, token }: Run,
  resource: StackResource,
  status: string,
  reason?: string,
): void {
  const { clock } = call.world;
  resource.status = status;
  resource.changedAt = clock.now;
  if (reason === undefined) delete resource.reason;
  else resource.reason = reason;
  addEvent({ call, stack, token }, resource.logicalId, resource.physicalId, resource.type, status, reason);
}

/** The same for the stack as a whole. */
export function noteStack(run: Run, status: string, reason?: string): void {
  const { stack } = run;
  stack.status = status;
  if (reason === undefined) delete stack.reason;
  else stack.reason = reason;
  addEvent(run, stack.name, stack.id, 'AWS::CloudFormation::Stack', status, reason);
}

function addEvent(
  { call: { world }, stack, token }: Run,
  logicalId: string,
  physicalId: string,
  type: string,
  status: string,
  reason: string | undefined,
): void {
  stack.events.push({
    id: `${logicalId}-${status}-${world.random.uuid()}`,
    at: world.clock.now,
    shownAt: world.clock.now + world.random.next() * world.knobs['cfn.eventLagSeconds'] * 1000,
    ...(token === undefined ? {} : { token }),
    logicalId,
    physicalId,
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
  });
}
