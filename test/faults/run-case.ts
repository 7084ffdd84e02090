import type { Outcome } from '../../src/actions/outcome.js';
import { connectAws } from '../../src/aws/connect.js';
import { type Envelope, envelope } from '../../src/cli/envelope.js';
import { failureOf } from '../../src/cli/failure.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { FaultRule } from '../../src/sandbox/wire/faults.js';
import type { JournalEntry } from '../../src/sandbox/wire/journal.js';
import { lbbridgeJson } from '../support/cli.js';
import { checkDocument } from '../support/schema.js';
import { type Command, namedBy, wordsOf } from './commands.js';
import type { Kind } from './kinds.js';
import { enter, PAUSED, type Situation } from './situations.js';
import { bridgeState, exactState, floorBreaches, foreignState, isOurGroup, watchFloor } from './watch.js';

/** The `occurrence`th call of an action in a run, counted from 0. */
export interface CallSite {
  readonly action: string;
  readonly occurrence: number;
  /** Counts only calls that ask this: of those that are made side by side, no two runs agree which is first. */
  readonly asking?: Pick<JournalEntry, 'region'> & Pick<FaultRule, 'params' | 'accountId'>;
}

/** One call gone wrong. */
export interface Strike {
  readonly site: CallSite;
  readonly kind: Kind;
}

/** What a command does in a situation where nothing goes wrong. */
export interface Reference {
  readonly status: number;
  readonly entries: readonly JournalEntry[];
  /** What it comes to, with the runs that follow. */
  readonly end: string;
  /** The states from which it came to that: as it was at first, and as the run left it. */
  readonly known: readonly string[];
}

export interface CaseResult {
  /** What was wrong, a sentence each. */
  readonly findings: readonly string[];
  readonly entries: readonly JournalEntry[];
  readonly status: number;
}

export type Runner = (command: Command, sandbox: Sandbox, situation: Situation) => Promise<Envelope>;

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * Milliseconds after which a call without an answer is given up: few where one is to get none (the shipped program
 * waits longer), many where a busy machine alone could be late.
 */
const patienceFor = ({ faults }: Sandbox): number =>
  faults.list().some(({ rule }) => rule.kind === 'hang') ? 5000 : 120_000;

/** The action in this process, over the wire, with virtual time; the document as the command would print it. */
export const inProcess: Runner = async (command, sandbox, situation) => {
  const { clock } = sandbox.world;
  const { signal } = new AbortController();
  const now = (): number => clock.now;
  const sleep = async (milliseconds: number): Promise<void> => clock.advance(milliseconds / 1000);
  const name = command.words.replace(/ --.*/, '');
  try {
    const ports = {
      connect: connectAws({
        env: { ...sandbox.environment, HOME: '/nowhere' },
        signal,
        patience: patienceFor(sandbox),
        clock: { now, sleep },
      }),
      now: () => new Date(now()),
      sleep,
      signal,
      progress: () => undefined,
    };
    const named = await namedBy(command, sandbox, situation);
    const { status, result, warnings, error }: Outcome<unknown> = await command.act(named, ports, sandbox);
    return JSON.parse(JSON.stringify(envelope(name, status, result, warnings, error)));
  } catch (error) {
    const { status, report } = failureOf(error);
    return JSON.parse(JSON.stringify(envelope(name, status, null, [], report)));
  }
};

/** The built program in a process of its own. */
export const asProcess: Runner = async (command, sandbox, situation) => {
  const { document } = await lbbridgeJson(wordsOf(command, sandbox, situation), {
    env: { ...sandbox.environment },
  });
  return document;
};

export async function runReference(command: Command, situation: Situation): Promise<Reference> {
  const sandbox = await enter(situation, () => undefined);
  try {
    const known = [exactState(sandbox)];
    const { status } = await inProcess(command, sandbox, situation);
    known.push(exactState(sandbox));
    const entries = [...sandbox.journal.entries];
    await follow(command, sandbox, situation, 3);
    return { status, entries, end: bridgeState(sandbox), known };
  } finally {
    await sandbox.close();
  }
}

/** Runs the command in a fresh world where the given calls go wrong, and judges all that comes of it. */
export async function runCase(
  command: Command,
  situation: Situation,
  strikes: readonly Strike[],
  reference: Reference,
  run: Runner = inProcess,
): Promise<CaseResult> {
  const sandbox = await enter(situation, (settled) => {
    // The first rule that strikes wins and is all that counts the call: the last strike has to stand first.
    settled.faults.add(
      ...[...strikes].reverse().map(({ site, kind }) => ({
        ...kind.rule,
        ...site.asking,
        action: site.action,
        after: site.occurrence,
      })),
    );
  });
  try {
    watchFloor(sandbox);
    sandbox.meter.watch(sandbox.stage.group.arn);
    const served = (sandbox.meter.now(sandbox.stage.group.arn)?.serving ?? 0) > 0;
    // Whose the group is by the end is for the command to change; what counts is whose it was.
    const wasOurs = isOurGroup(sandbox) || command.flags?.adopt === true;
    const wasPaused = sandbox.stage.group.tags.has(PAUSED);
    const foreign = foreignState(sandbox, wasOurs);
    const document = await run(command, sandbox, situation);
    const entries = [...sandbox.journal.entries];
    const findings = [
      ...judgeDocument(document),
      ...judgeStatus(command, document, entries, strikes, reference),
      ...judgeWrites(command, sandbox, entries),
    ];
    // The last strike stands first; it may end the run before an earlier one, which was seen to strike by itself.
    if (sandbox.faults.list()[0]?.struck === 0) findings.push('a fault that was to strike did not');
    if (wasPaused && entries.some(hasWritten)) findings.push('a paused group was written to');
    sandbox.faults.clear();
    if (!reference.known.includes(exactState(sandbox))) {
      const reached = await follow(command, sandbox, situation, 4, reference.end);
      if (!reached) findings.push(`does not converge: ${bridgeState(sandbox)} instead of ${reference.end}`);
      sandbox.world.clock.advance(300);
      const down = sandbox.meter.read(sandbox.stage.group.arn)?.downSeconds ?? 0;
      if (served && !command.ends && down > 0) findings.push(`nobody served for ${down} s`);
    }
    if (!command.ends) findings.push(...floorBreaches(sandbox));
    if (foreignState(sandbox, wasOurs) !== foreign) findings.push('something foreign was touched');
    return { findings, entries, status: document.status };
  } finally {
    await sandbox.close();
  }
}

/** Clean runs, minutes apart, until the bridge is as it should be; whether it came to that. */
async function follow(
  command: Command,
  sandbox: Sandbox,
  situation: Situation,
  runs: number,
  end?: string,
): Promise<boolean> {
  for (let n = 0; n < runs; n++) {
    sandbox.world.clock.advance(400);
    await inProcess(command, sandbox, situation);
    if (bridgeState(sandbox) === end) return true;
  }
  return false;
}

function judgeDocument(document: Envelope): string[] {
  const findings: string[] = [];
  try {
    checkDocument(document);
  } catch (error) {
    findings.push(`the document is not what its schema says: ${(error as Error).message}`);
  }
  const { status, error } = document;
  if ((error === undefined) !== (status === 0 || status === 2)) findings.push(`status ${status} with error ${error}`);
  if (error?.message.startsWith('This is a bug')) findings.push(error.message);
  return findings;
}

/** The exit code that the journal calls for: what failed for good, and whether a target had been written before. */
function judgeStatus(
  command: Command,
  { status, error, warnings }: Envelope,
  entries: readonly JournalEntry[],
  strikes: readonly Strike[],
  reference: Reference,
): string[] {
  const failed = failedCalls(entries);
  const misled = strikes.some(({ kind }) => kind.misleads);
  const written = entries.some(hasWritten);
  const expected =
    failed.length === 0 || misled ? (misled ? [0, 1, 3, 4, reference.status] : [reference.status]) : [written ? 4 : 1];
  const said = error ? ` (${error.code}: ${error.message})` : '';
  const mayTell = command.tellsGaps && (misled || failed.length > 0) ? [0, 1, 2] : expected;
  const findings = mayTell.includes(status) ? [] : [`status ${status}${said}, not ${mayTell.join(' or ')}`];
  // That something is not there, or may not be done, is an answer.
  const unread = failed.filter((entry) => !isDryRun(entry) && !entry.code?.endsWith('NotFound'));
  if (command.tellsGaps && unread.length > 0 && status !== 1 && warnings.length === 0) {
    findings.push(`status ${status}, and no word of what could not be read`);
  }
  const registration = failed.find(({ action, code }) => action === 'RegisterTargets' && code !== 'TooManyTargets');
  const removed = entries.some(
    ({ action, number }) =>
      action === 'DeregisterTargets' && number > (registration?.number ?? Number.POSITIVE_INFINITY),
  );
  if (removed && !command.ends) findings.push('something was deregistered after a registration had failed');
  return findings;
}

/** Whether a call came to what AWS would answer it; that it answers with an error may be well. */
const isWell = ({ fault }: JournalEntry): boolean => fault === null || ['stale', 'hide', 'slow'].includes(fault);

/** Whether a call is known to have changed a target or a rule. */
const hasWritten = (entry: JournalEntry): boolean =>
  /^(Deregister|Register)Targets$|Ingress$/.test(entry.action) &&
  isWell(entry) &&
  entry.code === null &&
  !isDryRun(entry);

/** The SDK tries a call three times, and not again where AWS has refused it. */
const TRIES = 3;
const refusals = ['accessDenied', 'expiredToken'];

/** The last try of each call that went wrong for good. The same asked later is another call: it mends nothing. */
function failedCalls(entries: readonly JournalEntry[]): JournalEntry[] {
  const failed: JournalEntry[] = [];
  const underWay = new Map<string, { readonly tries: number; readonly entry: JournalEntry }>();
  for (const entry of entries) {
    const { service, action, region, accountId, params, fault } = entry;
    const question = JSON.stringify([service, action, region, accountId, params]);
    const tries = (underWay.get(question)?.tries ?? 0) + 1;
    underWay.delete(question);
    if (isWell(entry)) continue;
    if (tries === TRIES || refusals.includes(fault as string)) failed.push(entry);
    else underWay.set(question, { tries, entry });
  }
  failed.push(...[...underWay.values()].map(({ entry }) => entry));
  // Who is calling is worth a warning, and never a failure.
  return failed.filter(({ action }) => action !== 'GetCallerIdentity');
}

const isDryRun = ({ params }: JournalEntry): boolean => params.DryRun === 'true';

function judgeWrites({ writes }: Command, { stage }: Sandbox, entries: readonly JournalEntry[]): string[] {
  const changing = entries.filter(
    (entry) => !/^(Describe|AssumeRole$|GetCallerIdentity$)/.test(entry.action) && !isDryRun(entry),
  );
  return changing.flatMap(({ action, params }) => {
    if (!writes.includes(action)) return [`${action} is none of its calls`];
    const about = params.TargetGroupArn ?? params['ResourceArns.member.1'] ?? params.GroupId;
    const ours = [stage.group.arn, ...stage.alb.securityGroupIds];
    return about !== undefined && ours.includes(about) ? [] : [`${action} on ${about}`];
  });
}
