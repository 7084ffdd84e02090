import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figures } from './measure.js';
import { type Outcomes, renderPage, renderPlots } from './page.js';
import { simulate } from './run.js';
import { others, usual } from './settings.js';
import { ours, rivals, type Strategy, variants } from './strategies.js';

/**
 * Months of churn, for lbbridge and for the ways that people use today, each through the same seeded histories; writes
 * docs/simulation.md and its plots. `--events N` shortens the main table, `--dry` prints and writes nothing.
 */
const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    dry: { type: 'boolean', default: false },
  },
});

const compared = [ours[0] as Strategy, ...rivals.slice(1)];
const events = Number(options.events);

interface Job {
  readonly strategy: Strategy;
  readonly setting: typeof usual;
  readonly events: number;
}

/** Longest first, so that no process is left with a long one at the end. */
const jobs: readonly Job[] = [
  ...[...ours, ...rivals].map((strategy) => ({ strategy, setting: usual, events })),
  ...[usual, ...others.slice(0, 3)].flatMap((setting) =>
    variants.map((strategy) => ({ strategy, setting, events: Math.ceil(events / 20) })),
  ),
  ...[usual, ...others].flatMap((setting) =>
    compared.map((strategy) => ({ strategy, setting, events: Math.ceil(events / 20) })),
  ),
];

if (process.send) {
  process.on('message', async (index: number) => {
    const { strategy, setting, events: count } = jobs[index] as Job;
    process.send?.({ index, figures: await simulate(strategy, setting, Number(options.seed), count) });
  });
} else await main();

async function main(): Promise<void> {
  const started = performance.now();
  const results = await inProcesses();
  const at = (job: Job): Figures => results[jobs.indexOf(job)] as Figures;
  const row = (job: Job) => ({ strategy: job.strategy, setting: job.setting.name, figures: at(job) });
  const outcomes: Outcomes = {
    main: jobs.filter((job) => job.events === events).map(row),
    variants: jobs.filter(({ strategy, events: count }) => count !== events && variants.includes(strategy)).map(row),
    settings: jobs.filter(({ strategy, events: count }) => count !== events && compared.includes(strategy)).map(row),
    seed: Number(options.seed),
  };
  const page = renderPage(outcomes);
  console.log(page);
  const seconds = Math.round((performance.now() - started) / 1000);
  const all = results.reduce((sum, one) => sum + one.events, 0);
  console.log(`${jobs.length} histories, ${all} scaling events in all, ${seconds} s.`);
  if (!options.dry) {
    const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
    mkdirSync(`${docs}simulation`, { recursive: true });
    writeFileSync(`${docs}simulation.md`, page);
    for (const [name, svg] of renderPlots(outcomes)) writeFileSync(`${docs}simulation/${name}.svg`, svg);
  }
  process.exit(0);
}

/** Every job in one of as many processes as there are processors. */
async function inProcesses(): Promise<Figures[]> {
  const results: Figures[] = [];
  let waiting = 0;
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child: ChildProcess = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
      const next = (): void => {
        if (waiting < jobs.length) child.send(waiting++);
        else child.kill();
      };
      child.on('message', ({ index, figures }: { index: number; figures: Figures }) => {
        results[index] = figures;
        const { strategy, setting } = jobs[index] as Job;
        console.error(`${strategy.name} | ${setting.name}: ${figures.events} events, ${figures.days.toFixed(0)} days`);
        next();
      });
      child.on('exit', (code, signal) => (signal === 'SIGTERM' ? resolve() : reject(new Error(`ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Number(options.processes) }, serve));
  return results;
}
