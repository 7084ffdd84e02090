// Makes a fresh clone ready: installs the packages of the lock file and builds, each only where that is out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** When the newest file below a folder was changed. */
const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(join(folder, entry.name)) : changed(join(folder, entry.name)),
    ),
  );

function run(what, command, args) {
  process.stderr.write(`${what} …\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

// npm writes this file last: its age tells whether the installation is whole and of this lock file.
if (changed(at('node_modules', '.package-lock.json')) < changed(at('package-lock.json'))) {
  run('Installing packages', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}
const sources = Math.max(
  newest(at('src')),
  ...['build.mjs', 'build-function.mjs', 'licenses.mjs'].map((file) => changed(at('scripts', file))),
  changed(at('package.json')),
);
if (changed(at('dist', 'oclif.manifest.json')) < sources)
  run('Building', process.execPath, [at('scripts', 'build.mjs')]);
