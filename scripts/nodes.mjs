// Every release line of Node that lbbridge is for; the npm package `node` brings each of them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const lines = ['20', '22', '24', '26'];

/** @returns the path of that line's `node`, installed where it is not there yet */
export function nodeOf(line) {
  const folder = join(root, '.cache', 'nodes', line);
  const node = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...quiet, `node@${line}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node@${line} could not be installed: ${stderr}`);
  return node;
}
