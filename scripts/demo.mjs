// The main job as a story, told by the real program against the simulated AWS. Nothing leaves this machine.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'run.js');
const home = mkdtempSync(join(tmpdir(), 'lbbridge-demo-'));
const color = process.stdout.isTTY && !process.env.NO_COLOR;
const strong = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text);

const { server, endpoint, environment } = await startSandbox();
try {
  const bridge = ['--alb', 'web', '--target-group', 'nlb-edge'];
  say('An ALB, `web`, stands behind an NLB. The NLB needs addresses, and these are the ones that the ALB has now:');
  await lbbridge('ips', 'web');
  say('The NLB’s target group `nlb-edge` is still empty. What would a sync do?');
  await lbbridge('diff', ...bridge);
  say('The same in a runbook, before anything is written:');
  await lbbridge('sync', ...bridge, '--dry-run');
  say('Now for real:');
  await lbbridge('sync', ...bridge);
  await pass(300, 'AWS registers the targets and checks their health');
  await lbbridge('diff', ...bridge);
  say('Traffic grows: AWS gives the ALB another node, with another address.');
  await event('scale-out');
  await pass(60, 'the new node warms up');
  await lbbridge('sync', ...bridge);
  await pass(300, 'the new target becomes healthy');
  say('The night comes: AWS takes the oldest node away. Its address is stale, but it may still serve.');
  await event('scale-in');
  await pass(420, 'the node leaves DNS, finishes its connections, and its interface goes');
  await lbbridge('sync', ...bridge);
  await pass(400, 'the stale target drains');
  say('And in the end:');
  await lbbridge('diff', ...bridge);
  await matches();
  const { groups } = await control('GET', 'truth');
  const { downSeconds, deadSeconds, strangerSeconds } = groups[0].since;
  say(
    `Measured by what truly answered: ${Math.round(downSeconds)} s with nobody serving, ` +
      `${Math.round(strangerSeconds)} s with a stranger’s address, ${Math.round(deadSeconds)} s with a dead one in the ` +
      'rotation (between the node’s last answer and the end of its health checks, while AWS still listed it).',
  );
} finally {
  server.kill('SIGTERM');
}

function startSandbox() {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--speed', '0', '--json'], {
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    server.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.trimEnd().endsWith('\n}')) resolve({ server, ...JSON.parse(text).result });
    });
    server.on('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
}

/** Nobody's own AWS settings: the demo must never find a real account. */
function plainEnvironment() {
  const kept = ['PATH', 'TERM', 'NO_COLOR', 'COLORTERM', 'SystemRoot'];
  const pairs = kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(pairs), HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
}

function say(text) {
  process.stdout.write(`\n${text}\n`);
}

function lbbridge(...args) {
  process.stdout.write(`\n${strong(`$ lbbridge ${args.join(' ')}`)}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...plainEnvironment(), ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`lbbridge ${args[0]} ended with ${code}`))));
  });
}

async function control(method, path, body) {
  const response = await fetch(`${endpoint}/_sandbox/${path}`, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

function event(name) {
  return control('POST', 'events', { event: name, zone: 'us-east-1a' });
}

async function pass(seconds, what) {
  await control('POST', 'clock', { advance: seconds });
  process.stdout.write(`\n  … ${Math.round(seconds / 60)} min pass: ${what}.\n`);
}

/** The story must be true: the group holds exactly the ALB's addresses. */
async function matches() {
  const { loadBalancers } = await control('GET', 'load-balancers');
  const nodes = loadBalancers.find(({ name }) => name === 'web').nodes.map(({ ip }) => ip);
  const { bridges } = await new Promise((resolve, reject) => {
    let text = '';
    const child = spawn(process.execPath, [program, 'diff', '--alb', 'web', '--target-group', 'nlb-edge', '--json'], {
      env: { ...plainEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('exit', () => {
      try {
        resolve(JSON.parse(text).result);
      } catch (error) {
        reject(error);
      }
    });
  });
  const targets = bridges[0].unchanged.map(({ ip }) => ip);
  if (!bridges[0].inSync || [...targets].sort().join() !== [...nodes].sort().join()) {
    throw new Error(`the target group holds ${targets}, the ALB has ${nodes}`);
  }
}
