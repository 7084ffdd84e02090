// Runs the demo on every release line of Node that lbbridge is for; the npm package `node` brings each of them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lines = ['20', '22', '24', '26'];

for (const line of lines) {
  const folder = join(root, '.cache', 'nodes', line);
  const node = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const install = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `node@${line}`,
    ];
    const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`node@${line} could not be installed: ${stderr}`);
  }
  // The demo starts whatever Node it runs on itself.
  const { status, stdout, stderr } = spawnSync(node, [join(root, 'scripts', 'demo.mjs')], { encoding: 'utf8' });
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  if (status !== 0 || stderr !== '') throw new Error(`the demo failed on ${version}:\n${stdout}\n${stderr}`);
  process.stdout.write(`${version}: the demo runs to its end, and nothing is on stderr.\n`);
}
