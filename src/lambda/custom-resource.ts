import type { ErrorReport, ReleaseResult } from '../actions/outcome.js';
import type { Ports } from '../actions/ports.js';
import { releaseGroup } from '../actions/release-group.js';
import { errorReport } from '../actions/report.js';
import { OperationError, UsageError } from '../errors.js';
import { isRegistered } from '../plan/health.js';
import { SOURCE_TAG } from '../plan/model.js';
import { bridgeOf, type Told } from './bridges.js';
import { log, type Run } from './report.js';
import { isReadOnly, type OpenGroups, portsFor, syncAll } from './run.js';

/** What CloudFormation asks of a custom resource. */
export interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Described;
  readonly OldResourceProperties?: Described;
}

interface Described {
  readonly Alb: string;
  readonly TargetGroup: string;
  readonly SecurityGroup?: string;
}

export const isCustomResource = (event: object): event is Request => 'ResponseURL' in event;

/** Milliseconds kept back for the answer: CloudFormation waits in vain for a function that was cut off. */
const RESERVE = 15_000;
/** Milliseconds between the end of all waiting and that of all reading: time to find out what is missing. */
const TO_SAY_WHY = 3_000;
/** Milliseconds in which a role that was made a moment ago may still be unknown. */
const FRESH_ROLE = 60_000;
const PAUSE = 3_000;

/** What came of a request, and the physical id that says what a deletion has to take out. */
interface Served extends Run {
  readonly physicalId: string;
}

/**
 * Brings the bridge up, or takes it down, and tells CloudFormation. The physical id is the target group's ARN, with a
 * mark where the group had targets before the stack came: those are not the stack's, and a deletion leaves them, that of
 * a failed creation above all. Another group is another bridge, whose predecessor CloudFormation deletes afterwards.
 */
export async function serve(request: Request, remaining: number, openGroups: OpenGroups | null): Promise<Run> {
  const { ports, end } = portsFor(remaining - RESERVE);
  let served: Served;
  try {
    served =
      request.RequestType === 'Delete'
        ? await remove(request, ports)
        : await bring(request, remaining - RESERVE - TO_SAY_WHY, openGroups, ports);
  } catch (error) {
    served = { status: 1, error: reportOf(error), physicalId: request.PhysicalResourceId ?? keptId(request) };
  } finally {
    end();
  }
  await answer(request, served);
  return served;
}

/** Of a group that was in use before, or that nothing is known of. */
const keptId = ({ ResourceProperties }: Request): string => `${ResourceProperties.TargetGroup}#kept`;

/** Syncs until the targets are healthy. A fresh ALB shows no address yet, and a fresh role may not be known yet. */
async function bring(request: Request, time: number, openGroups: OpenGroups | null, ports: Ports): Promise<Served> {
  const started = Date.now();
  // Whoever gives the stack another ALB for the same group says with it that the group changes hands.
  const before = request.OldResourceProperties?.Alb;
  const told = toldOf(request);
  const bridge = before === undefined || before === told.alb ? told : { ...told, adoptFrom: before };
  let physicalId: string | null = null;
  for (;;) {
    const spent = Date.now() - started;
    let run: Run;
    try {
      physicalId ??= await physicalIdOf(request, ports);
      run = await syncAll([bridge], { openGroups, wait: time - spent }, ports);
    } catch (error) {
      run = { status: 1, error: reportOf(error) };
    }
    if (run.status === 0 || !mayPass(run, spent) || ports.signal.aborted) {
      return { ...run, physicalId: physicalId ?? keptId(request) };
    }
    await ports.sleep(PAUSE);
  }
}

async function physicalIdOf(request: Request, ports: Ports): Promise<string> {
  const { PhysicalResourceId: known } = request;
  const { targetGroup, access } = bridgeOf(toldOf(request));
  if (known === targetGroup || known === keptId(request)) return known;
  const targets = await ports.connect(access).loadBalancing.targets(targetGroup);
  return targets.some(isRegistered) ? keptId(request) : targetGroup;
}

function toldOf({ ResourceProperties: { Alb: alb, TargetGroup: targetGroup, SecurityGroup: id } }: Request): Told {
  return { alb, targetGroup, ...(id === undefined ? {} : { securityGroup: { id } }) };
}

/** Whether a moment later it may be otherwise. */
function mayPass({ error }: Run, spent: number): boolean {
  if (error?.rule !== undefined) return error.rule === 'S2' || error.rule === 'S3';
  return passing.has(error?.code ?? '') || (spent < FRESH_ROLE && fresh.has(error?.code ?? ''));
}

const passing = new Set([
  'InternalError',
  'InternalFailure',
  'InvalidResponse',
  'NetworkError',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'Throttling',
  'Unavailable',
]);
const fresh = new Set([
  'AccessDenied',
  'AuthFailure',
  'InvalidClientTokenId',
  'UnauthorizedOperation',
  'UnrecognizedClient',
]);

/** Takes out what was put in. What was never there, was there before, or is gone, is as good as removed. */
async function remove(request: Request, ports: Ports): Promise<Served> {
  const { alb, targetGroup, access } = bridgeOf(toldOf(request));
  const physicalId = request.PhysicalResourceId ?? keptId(request);
  const removed = { status: 0, physicalId };
  if (physicalId !== targetGroup) return removed;
  try {
    // S5: what has become another load balancer's bridge is not this stack's to end.
    if ((await ports.connect(access).loadBalancing.tags(targetGroup)).get(SOURCE_TAG) !== alb) return removed;
    const confirm = async (going: ReleaseResult) => going.targetGroup.name;
    const options = { targetGroup, access, albSettings: {}, confirm, readOnly: isReadOnly() };
    return { ...(await releaseGroup(options, ports)), physicalId };
  } catch (error) {
    const report = errorReport(error);
    return report.code === 'TargetGroupNotFound' ? removed : { status: 1, error: report, physicalId };
  }
}

/** A bug of ours as well: CloudFormation has to hear of it, or waits for an hour. */
function reportOf(error: unknown): ErrorReport {
  if (error instanceof OperationError || error instanceof UsageError) return errorReport(error);
  return { code: 'InternalError', message: `This is a bug in lbbridge: ${error}`, suggestions: [] };
}

/** Bytes. CloudFormation takes no larger document. */
const LIMIT = 4096;

function documentOf({ StackId, RequestId, LogicalResourceId }: Request, { status, error, physicalId }: Served): Buffer {
  const words = [error?.rule, error?.message].filter(Boolean).join(': ');
  for (let length = Math.min(words.length, LIMIT); ; length -= 100) {
    const document = Buffer.from(
      JSON.stringify({
        Status: status === 0 ? 'SUCCESS' : 'FAILED',
        Reason: words.slice(0, length),
        PhysicalResourceId: physicalId,
        StackId,
        RequestId,
        LogicalResourceId,
      }),
    );
    if (document.length <= LIMIT || length <= 100) return document;
  }
}

async function answer(request: Request, served: Served): Promise<void> {
  const body = documentOf(request, served);
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The address is signed for a request without a type.
      const headers = { 'content-type': '' };
      const signal = AbortSignal.timeout(4000);
      const { ok, status: code } = await fetch(request.ResponseURL, { method: 'PUT', headers, body, signal });
      if (ok) return;
      throw new Error(`CloudFormation's answer has status ${code}`);
    } catch (failure) {
      log({ level: 'ERROR', message: `The answer was not taken: ${(failure as Error).message}` });
      if (attempt === 3) throw failure;
    }
  }
}
