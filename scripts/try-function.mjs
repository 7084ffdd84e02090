// Runs the function as it stands in a template on the runtime's release line of Node, with an SDK of years ago and the
// one of this package: which one Lambda brings is AWS's choice. The old one is the oldest that can be sent to loopback
// by the environment and knows less than ours: neither administrative overrides nor the zone ids of interfaces.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const clients = ['@aws-sdk/client-ec2', '@aws-sdk/client-elastic-load-balancing-v2'];
const versions = { old: () => '3.600.0', current: (name) => dependencies[name] ?? devDependencies[name] };

function install(folder, packages) {
  const marker = join(folder, 'node_modules', ...(packages.at(-1)?.split(/(?<=.)@/)[0] ?? '').split('/'));
  if (existsSync(marker)) return;
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...quiet, ...packages], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${packages.join(', ')} could not be installed: ${stderr}`);
}

/** A simulated AWS with a bridge that nobody has synced yet. */
async function sandbox() {
  const child = spawn(process.execPath, [join(root, 'bin', 'run.js'), 'sandbox', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.trimEnd().endsWith('\n}')) break;
  }
  return { ...JSON.parse(text).result, stop: () => child.kill() };
}

/** Invokes the function as Lambda does; gives the metrics that it logged. */
function invoke(node, folder, env) {
  const call = "require('./index.js').handler({}, { getRemainingTimeInMillis: () => 60000 })";
  const { status, stdout, stderr } = spawnSync(node, ['-e', call], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the function failed:\n${stdout}\n${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.find(({ _aws }) => _aws !== undefined);
}

const nodes = join(cache, 'nodes', '24');
install(nodes, ['node@24']);
const node = join(nodes, 'node_modules', 'node', 'bin', 'node');

for (const [age, versionOf] of Object.entries(versions)) {
  const folder = join(cache, 'sdks', age);
  install(
    folder,
    clients.map((name) => `${name}@${versionOf(name)}`),
  );
  copyFileSync(join(root, 'dist', 'function.js'), join(folder, 'index.js'));
  // Lambda takes a lone index.js for CommonJS; here the file has a package of ES modules above it.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const { environment, stop } = await sandbox();
  try {
    const lbbridge = (words) => {
      const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'run.js'), ...words, '--json'], {
        env: { ...process.env, ...environment },
        encoding: 'utf8',
      });
      return JSON.parse(stdout).result;
    };
    const [{ source, targetGroup }] = lbbridge(['diff', '--alb', 'web', '--target-group', 'nlb-edge']).bridges;
    const bridges = JSON.stringify([{ alb: source.arn, targetGroup: targetGroup.arn }]);
    const env = { PATH: process.env.PATH, ...environment, LBBRIDGE_BRIDGES: bridges };
    const first = invoke(node, folder, env);
    const second = invoke(node, folder, env);
    if (first.registered !== 2 || second.registered !== 0 || second.discovered !== 2 || second.refused !== 0) {
      throw new Error(`the ${age} SDK did not do the same: ${JSON.stringify([first, second])}`);
    }
    process.stdout.write(`Node 24 and the ${age} SDK (${versionOf(clients[0])}): registered 2, then nothing to do.\n`);
  } finally {
    stop();
  }
}
