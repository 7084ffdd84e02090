import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../src/sandbox/random.js';
import { type Command, commands } from './commands.js';
import { type Explored, explore } from './explore.js';
import { asProcess, runCase, runReference, type Strike } from './run-case.js';
import type { Situation } from './situations.js';

/**
 * The matrix of faults: command x situation x call x kind of fault. `--command` (a regular expression) takes some
 * commands. What each pair of command and situation must come to at least stands in counts.json; `--write` writes it.
 * `--processes N`: how many cases are tried once more as whole processes, chosen by `--seed`.
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    command: { type: 'string', default: '.*' },
    processes: { type: 'string', default: '40' },
    write: { type: 'boolean', default: false },
  },
});

interface Pair {
  readonly command: Command;
  readonly situation: Situation;
}

/** What was wrong, and in which case. */
interface Finding {
  readonly where: string;
  readonly what: string;
}

/** A pair's outcome, on its way between processes. */
interface PairResult {
  readonly pair: string;
  readonly kinds: Record<string, number>;
  readonly findings: readonly Finding[];
  /** Cases to be tried as whole processes too: their strikes, and the status that they came to in process. */
  readonly sample: readonly { strikes: readonly Strike[]; status: number }[];
}

const pairs: readonly Pair[] = commands.flatMap((command) =>
  command.situations.map((situation) => ({ command, situation })),
);
const nameOf = ({ command, situation }: Pair): string => `${command.name} | ${situation.name}`;
const counts = fileURLToPath(new URL('counts.json', import.meta.url));
const recorded = readCounts();
const random = new Random(Number(options.seed));
/** In one process: while the last cases of one wait for their time-outs, the others go on. */
const PAIRS_AT_ONCE = 3;
const SHOWN_OF_A_KIND = 5;

/** In a process of its own: explores a pair and tells of it. */
async function explorePair(pair: Pair): Promise<void> {
  const cases = await explore(pair.command, pair.situation);
  const kinds: Record<string, number> = {};
  for (const { strikes } of cases) {
    const kind = strikes.at(-1)?.kind.name ?? '';
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const result: PairResult = {
    pair: nameOf(pair),
    kinds,
    findings: cases.flatMap(({ strikes, findings }) =>
      findings.map((what) => ({ where: `${nameOf(pair)}: ${told(strikes)}`, what })),
    ),
    sample: random
      .shuffle(cases.filter(isQuick))
      .slice(0, 3)
      .map(({ strikes, status }) => ({ strikes, status })),
  };
  process.send?.(result);
}

/** A call that never answers takes the shipped program a quarter of a minute each time. */
function isQuick({ strikes }: Explored): boolean {
  return strikes.every(({ kind }) => kind.name !== 'time-out');
}

const told = (strikes: readonly Strike[]): string =>
  strikes.map(({ site, kind }) => `${kind.name} at ${site.action} ${site.occurrence + 1}`).join(', then ');

async function main(): Promise<void> {
  const started = performance.now();
  const chosen = choose();
  const results = await inProcesses(chosen);
  const findings = [
    ...results.flatMap((result) => result.findings),
    ...(options.write ? [] : results.flatMap(fewer)),
    ...(await wholeProcesses(results)),
  ];
  print(results);
  const seconds = Math.round((performance.now() - started) / 1000);
  const all = results.reduce((sum, { kinds }) => sum + total(kinds), 0);
  console.log(`\n${all} cases in ${results.length} of ${pairs.length} pairs of command and situation, ${seconds} s.`);
  if (options.write) {
    const known = { ...readCounts(), ...Object.fromEntries(results.map(({ pair, kinds }) => [pair, total(kinds)])) };
    writeFileSync(counts, `${JSON.stringify(known, null, 2)}\n`);
  }
  tell(findings);
  process.exit(findings.length > 0 ? 1 : 0);
}

/** The pairs to explore: all, or those of some commands. */
function choose(): number[] {
  const pattern = new RegExp(`^(${options.command})$`);
  return pairs.flatMap(({ command }, index) => (pattern.test(command.name) ? [index] : []));
}

/** Hands the pairs out to as many processes as there are processors, the largest first, each to another process. */
async function inProcesses(indices: readonly number[]): Promise<PairResult[]> {
  const size = (index: number): number => recorded[nameOf(pairs[index] as Pair)] ?? 0;
  const waiting = [...indices].sort((a, b) => size(b) - size(a));
  const results: PairResult[] = [];
  const processes = Array.from({ length: availableParallelism() }, startProcess);
  const lane = async ({ exploreAt }: Process): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const result = await exploreAt(index);
      results.push(result);
      console.error(`${result.pair}: ${total(result.kinds)} cases`);
    }
  };
  await Promise.all(Array.from({ length: PAIRS_AT_ONCE }, () => processes.map(lane)).flat());
  for (const { end } of processes) end();
  return results.sort((a, b) => (a.pair < b.pair ? -1 : 1));
}

interface Process {
  readonly exploreAt: (index: number) => Promise<PairResult>;
  readonly end: () => void;
}

function startProcess(): Process {
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
  const asked = new Map<string, (result: PairResult) => void>();
  child.on('message', (result: PairResult) => asked.get(result.pair)?.(result));
  child.on('exit', (code, signal) => {
    if (signal !== 'SIGTERM') throw new Error(`A process of the matrix ended with ${code ?? signal}.`);
  });
  return {
    exploreAt: (index) =>
      new Promise((resolve) => {
        asked.set(nameOf(pairs[index] as Pair), resolve);
        child.send(index);
      }),
    end: () => child.kill(),
  };
}

/** A seeded sample once more, each as a process of the built program: its verdict has to be the same. */
async function wholeProcesses(results: readonly PairResult[]): Promise<Finding[]> {
  const byName = new Map(pairs.map((pair) => [nameOf(pair), pair]));
  const all = results.flatMap(({ pair, sample }) => sample.map((one) => ({ pair: byName.get(pair) as Pair, ...one })));
  const findings: Finding[] = [];
  const sample = random.shuffle(all).slice(0, Number(options.processes));
  for (const { pair, strikes, status } of sample) {
    const { command, situation } = pair;
    const reference = await runReference(command, situation);
    const whole = await runCase(command, situation, strikes, reference, asProcess);
    const where = `as a process, ${nameOf(pair)}: ${told(strikes)}`;
    findings.push(...whole.findings.map((what) => ({ where, what })));
    if (whole.status !== status) findings.push({ where, what: `status ${whole.status}, in process ${status}` });
  }
  console.log(`${sample.length} cases tried as whole processes of the built program.`);
  return findings;
}

/** How many findings of each kind there are, and some of each: a kind with many hides no other. */
function tell(findings: readonly Finding[]): void {
  const byKind = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = kindOf(finding.what);
    byKind.set(kind, [...(byKind.get(kind) ?? []), finding]);
  }
  for (const [kind, alike] of byKind) {
    console.error(`\n${alike.length} x ${kind}`);
    for (const { where, what } of alike.slice(0, SHOWN_OF_A_KIND)) console.error(`  ${where}: ${what}`);
  }
  if (findings.length > 0) console.error(`\n${findings.length} findings of ${byKind.size} kinds.`);
}

/** A finding without what differs from case to case: what AWS said, addresses, states, seconds. */
const kindOf = (what: string): string =>
  what
    .replace(/ \(.*\)/s, '')
    .replace(/: \{.*/s, '')
    .replace(/[\d.]+ s$/, 'some s');

function fewer({ pair, kinds }: PairResult): Finding[] {
  const least = recorded[pair] ?? 0;
  const what = `fewer cases than are recorded in counts.json (${total(kinds)}, not ${least})`;
  return total(kinds) < least ? [{ where: pair, what }] : [];
}

function readCounts(): Record<string, number> {
  return existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : {};
}

function total(kinds: Record<string, number>): number {
  return Object.values(kinds).reduce((sum, count) => sum + count, 0);
}

/** Cases by command and by kind of fault. */
function print(results: readonly PairResult[]): void {
  const byCommand = new Map<string, number>();
  const byKind = new Map<string, number>();
  for (const { pair, kinds } of results) {
    const command = pair.split(' | ')[0] as string;
    byCommand.set(command, (byCommand.get(command) ?? 0) + total(kinds));
    for (const [kind, count] of Object.entries(kinds)) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  }
  for (const [title, sizes] of [
    ['command', byCommand],
    ['fault', byKind],
  ] as const) {
    console.log(`\n${title.padEnd(26)} cases`);
    for (const [name, count] of sizes) console.log(`${name.padEnd(26)} ${String(count).padStart(5)}`);
  }
}

if (process.send) process.on('message', (index: number) => void explorePair(pairs[index] as Pair));
else await main();
