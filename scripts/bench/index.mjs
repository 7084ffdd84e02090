// How fast lbbridge is, beside the least that a program on Node can need and beside what people use today.
//   npm run bench                        everything: some 20 minutes; writes docs/performance.md, .json and .svg
//   npm run bench -- --check             half a minute: fails where a ratio is more than a quarter above what is stated there
//   npm run bench -- --runs 3 --dry      everything with few runs, and nothing is written
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conformancePrograms } from '../venv.mjs';
import { fleet } from './fleet.mjs';
import { scratch } from './measure.mjs';
import { plot } from './plot.mjs';
import { profile } from './profile.mjs';
import { root } from './programs.mjs';
import { markdown } from './report.mjs';
import * as measure from './sections.mjs';

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, dry: { type: 'boolean' }, runs: { type: 'string', default: '15' } },
});
// These cost Node time at every start, and are nobody's in this comparison.
for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'AWS_CA_BUNDLE']) delete process.env[name];
const docs = (name) => join(root, 'docs', name);
const say = (text) => process.stderr.write(`${text} …\n`);

try {
  if (values.check) await check();
  else await everything(Number(values.runs));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function everything(runs) {
  const programs = conformancePrograms();
  const load = [loadavg()[0]];
  const step = async (what, of) => {
    say(what);
    const result = await of();
    load.push(loadavg()[0]);
    return result;
  };
  // A pass over a thousand bridges does nothing but wait for minutes: two of them do so side by side.
  const passes = () => Promise.all([measure.bridges({ sizes: [1, 10, 100, 1000], runs }), fleet()]);
  const measured = {
    everyday: {
      http: await step('everyday commands over HTTP', () => measure.everyday({ scheme: 'http', runs, programs })),
      https: await step('… over HTTPS', () => measure.everyday({ scheme: 'https', runs, programs })),
    },
    credentials: await step('credentials', () => measure.credentials({ runs })),
    interfaces: await step('interfaces', () => measure.interfaces({ sizes: [6, 100, 1000, 10_000], runs, programs })),
    nodes: await step('release lines of Node', () => measure.nodes({ runs })),
    tricks: await step("the build's tricks", () => measure.tricks({ runs })),
    profile: await step('a profile', profile),
    processor: await step("the processor's time", () => measure.processor({ runs })),
    packed: measure.packed(),
    machine: {
      date: new Date().toISOString().slice(0, 10),
      cpu: cpus()[0]?.model ?? 'an unknown processor',
      cores: cpus().length,
      system: `${platform()} ${release()} ${arch()}`,
      node: process.version,
      python: clients(programs),
    },
  };
  [measured.bridges, measured.fleet] = await step("bridges, and a thousand of them with AWS's bucket", passes);
  measured.machine.load = `${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}`;
  const text = markdown(measured);
  process.stdout.write(`${text}\n${JSON.stringify(measured)}\n`);
  if (values.dry) return;
  writeFileSync(docs('performance.md'), text);
  writeFileSync(docs('performance.json'), `${JSON.stringify({ stated: measured.processor, measured }, null, 2)}\n`);
  writeFileSync(docs('performance.svg'), picture(measured.interfaces));
}

/** Versions of what is compared. */
function clients(programs) {
  const script =
    'import sys, boto3, awscli; print(f"Python {sys.version.split()[0]}, boto3 {boto3.__version__}, AWS CLI {awscli.__version__}")';
  return execFileSync(join(programs, 'python'), ['-c', script], { encoding: 'utf8' }).trim();
}

function picture(interfaces) {
  const names = ['floor', 'lbbridge', 'boto3', 'AWS CLI'];
  return plot(
    'Listing network interfaces, whole process',
    names.map((name, index) => ({
      name,
      // The clients ran beside a floor of their own: their ratio counts, on the floor that all share.
      points: interfaces.map(({ size, measured: [floor, ...rest] }) => [
        size,
        ((index === 0 ? 1 : rest[index - 1].ratio) * floor.milliseconds) / 1000,
      ]),
    })),
  );
}

/** Noise passes, a regression stays: only a ratio that is too high twice in a row fails. */
async function check() {
  const { stated } = JSON.parse(readFileSync(docs('performance.json'), 'utf8'));
  let slow = Object.keys(stated);
  for (const runs of [11, 21]) {
    const now = await measure.processor({ runs });
    for (const name of slow) {
      process.stdout.write(`${name}: ${now[name].toFixed(2)}x its floor, stated ${stated[name].toFixed(2)}x\n`);
    }
    slow = slow.filter((name) => now[name] > stated[name] * 1.25);
    if (slow.length === 0) return;
  }
  process.stderr.write(`Slower than docs/performance.md states, by more than a quarter: ${slow.join('; ')}\n`);
  process.exitCode = 1;
}
