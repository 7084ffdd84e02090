// Where the time of a run goes, by Node's own profiler.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, scratch } from './measure.mjs';
import { environment, lbbridge, onBridge, startStub } from './programs.mjs';

const RUNS = 10;
const kinds = [
  ['collecting garbage', ({ functionName }) => functionName === '(garbage collector)'],
  [
    "taking up what was compiled before (V8's part)",
    ({ functionName, url }) => functionName === 'Script' && url === 'node:vm',
  ],
  ["Node's own modules: loading them, sockets, HTTP, crypto", ({ url }) => url.startsWith('node:')],
  ['lbbridge and its libraries', ({ url }) => url.endsWith('.cjs') || url.endsWith('run.js')],
  ['V8 and the system, and waiting for the stub', () => true],
];

export const profile = async () => ({
  diff: await profileOf({}, ['diff', ...onBridge]),
  many: await profileOf({ interfaces: 10_000 }, ['ips', '--description', 'ELB app/*', '--output', 'text']),
});

async function profileOf(held, args) {
  const stub = await startStub(held);
  const folder = mkdtempSync(join(scratch, 'profile-'));
  const flags = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder];
  const program = lbbridge('', args, environment(stub));
  // The cache is for one set of flags.
  for (let warmUp = 0; warmUp < 2; warmUp += 1) await run({ ...program, args: [...flags, ...program.args] });
  const warm = new Set(readdirSync(folder));
  for (let round = 0; round < RUNS; round += 1) await run({ ...program, args: [...flags, ...program.args] });
  stub.stop();
  const times = new Map(kinds.map(([what]) => [what, 0]));
  for (const file of readdirSync(folder).filter((name) => !warm.has(name))) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, sample] of samples.entries()) {
      const [what] = kinds.find(([, is]) => is(frames.get(sample)));
      times.set(what, times.get(what) + timeDeltas[index]);
    }
  }
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([what, time]) => ({ what, share: time / all }));
}
