import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { hostileAnswers } from './answers.js';
import { commandLines, configurations, values } from './texts.js';

/**
 * Whatever people write and AWS answers: no crash, no hang, no unbounded memory, no secret shown, nothing that a
 * terminal would obey. `--cases N` in all, `--seed S`; a failure prints the smallest case that shows it.
 */
const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});

/** A case takes milliseconds; one that takes this long hangs. */
const PATIENCE = 20_000;
/** Of the whole process, in MiB: cases leave nothing behind. */
const MOST_MEMORY = 1024;

const cases = Number(options.cases);
const { property, close } = await hostileAnswers();
/** Name, property, share of all cases, and how many run side by side: most of a case with AWS is waiting to try again. */
const families: readonly [string, fc.IAsyncProperty<unknown>, number, number][] = [
  ['values and ARNs', values as fc.IAsyncProperty<unknown>, 0.7, 1],
  ['command lines', commandLines as fc.IAsyncProperty<unknown>, 0.22, 1],
  ['lbbridge.yaml', configurations as fc.IAsyncProperty<unknown>, 0.05, 1],
  ['answers of AWS', property as fc.IAsyncProperty<unknown>, 0.03, 16],
];
let failures = 0;
for (const [name, family, share, lanes] of families) {
  const started = performance.now();
  const numRuns = Math.ceil((cases * share) / lanes);
  const checks = Array.from({ length: lanes }, (_, lane) =>
    fc.check(family, { seed: Number(options.seed) + lane, numRuns, timeout: PATIENCE }),
  );
  const details = await Promise.all(checks);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const count = details.reduce((sum, one) => sum + one.numRuns, 0);
  console.log(`${name.padEnd(20)} ${String(count).padStart(7)} cases  ${seconds} s`);
  for (const one of details.filter(({ failed }) => failed)) {
    failures += 1;
    console.error(`${fc.defaultReportMessage(one)}\n${(one.errorInstance as Error | null)?.stack}`);
  }
}
close();
const memory = Math.round(process.memoryUsage().rss / 1024 / 1024);
console.log(`${memory} MiB at the end, seed ${options.seed}.`);
if (memory > MOST_MEMORY) failures += 1;
process.exit(failures > 0 ? 1 : 0);
