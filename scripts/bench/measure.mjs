// Times whole processes from outside, in pairs: A B A B. Machines drift between speeds, so only what ran next to each
// other is compared, and of many comparisons the median counts.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const scratch = mkdtempSync(join(tmpdir(), 'lbbridge-bench-'));
let files = 0;
export function scratchFile(content, ending = 'json') {
  const path = join(scratch, `${++files}.${ending}`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One run to its end; milliseconds. A run that fails, or that says something on stderr, measures nothing. */
export function run({ command, args, env, cwd }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { env, cwd: cwd ?? scratch, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      const milliseconds = performance.now() - started;
      if (status === 0 && stderr === '') resolve({ milliseconds, stdout });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`));
    });
  });
}

/**
 * Runs the floor and each candidate in turn; for each its median and the median of its ratios to the floor.
 * @param time gives milliseconds, on the clock or of the processor
 */
export async function pairs(floor, candidates, runs, { warmUps = 2, time = run } = {}) {
  const all = [floor, ...candidates];
  const times = all.map(() => []);
  for (let round = -warmUps; round < runs; round += 1) {
    for (const [index, one] of all.entries()) {
      const { milliseconds } = await time(one);
      if (round >= 0) times[index].push(milliseconds);
    }
  }
  return all.map(({ name }, index) => ({
    name,
    runs,
    milliseconds: median(times[index]),
    ratio: median(times[index].map((time, round) => time / times[0][round])),
  }));
}

const exitHook = scratchFile(
  `process.on('exit', () => {
     const fs = require('node:fs');
     const { user, system } = process.cpuUsage();
     let peak = process.resourceUsage().maxRSS;
     try { peak = Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
     fs.writeFileSync(process.env.BENCH_ACCOUNT, JSON.stringify({ peak, processor: user + system }));
   });`,
  'cjs',
);

/** A run of a Node program that gives an account of itself: the most memory that it held at once, in MiB, and milliseconds. */
async function accountOf({ command, args, env, cwd }) {
  const path = scratchFile('');
  const { milliseconds } = await run({
    command,
    args: ['--require', exitHook, ...args],
    env: { ...env, BENCH_ACCOUNT: path },
    cwd,
  });
  const { peak, processor } = JSON.parse(readFileSync(path, 'utf8'));
  return { mebibytes: peak / 1024, clock: milliseconds, processor: processor / 1000 };
}

/** The most memory, and how long it took; a run of its own, which is not timed against others. */
export async function peak(program) {
  const { mebibytes, clock } = await accountOf(program);
  return { mebibytes, milliseconds: clock };
}

/** Only what it computed, which other programs on the machine hardly change. */
export async function processorTime(program) {
  const { processor } = await accountOf(program);
  return { milliseconds: processor };
}
