import type { JournalEntry } from '../../src/sandbox/wire/journal.js';
import type { Command } from './commands.js';
import { type Kind, kinds } from './kinds.js';
import { type CaseResult, type Reference, runCase, runReference, type Strike } from './run-case.js';
import type { Situation } from './situations.js';

/** A case that was run, and what came of it. */
export interface Explored extends CaseResult {
  readonly strikes: readonly Strike[];
}

/** As many cases of a pair at once: most of a case is waiting, for retries and for answers that do not come. */
const AT_ONCE = 24;
/** The SDK tries a call three times: a third strike ends it. */
const DEEPEST = 3;

/**
 * Every call of a command in a situation, with every kind of fault; then, where the command says so, every call that is
 * made only because of one of those faults (a retry, a second look), again with every kind; and so on, as far as the
 * SDK retries.
 */
export async function explore(command: Command, situation: Situation): Promise<Explored[]> {
  const reference = await runReference(command, situation);
  const explored: Explored[] = [];
  const known = new Set<string>();
  let wave: Strike[][] = strikesAt([], reference.entries, reference.entries, known);
  for (let depth = 1; wave.length > 0; depth++) {
    const results = await inParallel(wave, (strikes) => runOne(command, situation, strikes, reference));
    explored.push(...results);
    if (depth === DEEPEST || !command.deep?.includes(situation.name)) break;
    wave = results.flatMap(({ strikes, entries }) => {
      const isLasting = strikes.at(-1)?.kind.rule.count === undefined;
      return isLasting ? [] : strikesAt(strikes, causedBy(entries, reference.entries), entries, known);
    });
  }
  return explored;
}

async function runOne(
  command: Command,
  situation: Situation,
  strikes: readonly Strike[],
  reference: Reference,
): Promise<Explored> {
  try {
    return { strikes, ...(await runCase(command, situation, strikes, reference)) };
  } catch (error) {
    return { strikes, findings: [`the case broke: ${(error as Error).stack}`], entries: [], status: -1 };
  }
}

/** One more strike for each of the calls that was not struck after the same one before, by each kind that fits it. */
function strikesAt(
  before: readonly Strike[],
  calls: readonly JournalEntry[],
  all: readonly JournalEntry[],
  known: Set<string>,
): Strike[][] {
  return calls.flatMap((call) => {
    const { action, region, accountId, params } = call;
    const occurrence = all.filter(isAsking(call)).indexOf(call);
    const asking = { region, params: { ...params }, ...(accountId === null ? {} : { accountId }) };
    const site = { action, occurrence, asking };
    const sites = [...before.map((strike) => strike.site), site].map((one) => JSON.stringify(one));
    const key = sites.join();
    // A call that is struck already stays as it is: another kind at it was tried before.
    if (known.has(key) || new Set(sites).size < sites.length) return [];
    known.add(key);
    return kinds.filter(fits(action)).map((kind) => [...before, { site, kind }]);
  });
}

/** As a rule of the simulated AWS matches: a call that asks for more besides counts too. */
const isAsking =
  ({ action, region, accountId, params }: JournalEntry) =>
  (one: JournalEntry): boolean =>
    one.action === action &&
    one.region === region &&
    one.accountId === accountId &&
    Object.entries(params).every(([name, value]) => one.params[name] === value);

const fits =
  (action: string) =>
  ({ actions }: Kind): boolean =>
    actions?.test(action) ?? true;

/** Calls that a clean run does not make: those that repeat one that failed, and those that ask for something else. */
function causedBy(entries: readonly JournalEntry[], clean: readonly JournalEntry[]): JournalEntry[] {
  const usual = new Set(clean.map(question));
  const failed = new Set<string>();
  return entries.filter((entry) => {
    const asked = question(entry);
    const isNew = failed.has(asked) || !usual.has(asked);
    if (entry.fault === null) failed.delete(asked);
    else failed.add(asked);
    return isNew;
  });
}

const question = ({ service, action, region, accountId, params }: JournalEntry): string =>
  JSON.stringify([service, action, region, accountId, params]);

async function inParallel<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await run(items[index] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
