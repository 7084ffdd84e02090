// Runs the demo on every release line of Node that lbbridge is for.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lines, nodeOf } from './nodes.mjs';

const demo = fileURLToPath(new URL('demo.mjs', import.meta.url));

for (const line of lines) {
  const node = nodeOf(line);
  // The demo starts whatever Node it runs on itself.
  const { status, stdout, stderr } = spawnSync(node, [demo], { encoding: 'utf8' });
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  if (status !== 0 || stderr !== '') throw new Error(`the demo failed on ${version}:\n${stdout}\n${stderr}`);
  process.stdout.write(`${version}: the demo runs to its end, and nothing is on stderr.\n`);
}
