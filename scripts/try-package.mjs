// Packs the program as it would be published, installs it into an empty folder, and runs it from there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LICENSES, packageOf } from './licenses.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'lbbridge-package-'));
const npm = (cwd, ...args) => execFileSync('npm', [...args, '--loglevel=error'], { cwd, encoding: 'utf8' });

try {
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  refuseStrays(folder, tarball);
  npm(folder, 'init', '-y');
  npm(folder, 'install', '--no-audit', '--no-fund', join(folder, tarball));
  refuseNameless(join(folder, 'node_modules', 'lbbridge', 'dist'));
  const program = join(folder, 'node_modules', '.bin', 'lbbridge');
  const run = (...args) => execFileSync(program, args, { cwd: folder, encoding: 'utf8' });
  const version = run('--version').trim();
  if (!/^lbbridge\/\d/.test(version)) throw new Error(`--version said ${version}`);
  for (const command of ['ips', 'diff', 'sync', 'sandbox']) {
    if (!run(command, '--help').includes('EXAMPLES')) throw new Error(`${command} --help shows no examples`);
  }
  // The template takes the function from beside the program, wherever that was installed.
  if (!run('stack', 'scaffold', 'edge').includes('template.yaml')) throw new Error('stack scaffold wrote no template');
  const kilobytes = Math.round(statSync(join(folder, tarball)).size / 1024);
  process.stdout.write(`${version}: packed into ${kilobytes} KiB, installed, and runs.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Whoever's code is shipped, as the source maps tell, is named with a licence. */
function refuseNameless(dist) {
  const maps = readdirSync(dist).filter((file) => file.endsWith('.map'));
  const sources = maps.flatMap((file) => JSON.parse(readFileSync(join(dist, file), 'utf8')).sources);
  const names = new Set(sources.flatMap((source) => packageOf(source)?.name ?? []));
  const named = readFileSync(join(dist, LICENSES), 'utf8').split('\n');
  const nameless = [...names].filter((name) => !named.some((line) => line.startsWith(`${name} `)));
  if (names.size === 0 || nameless.length > 0) {
    throw new Error(`${LICENSES} says nothing of ${nameless.join(', ') || 'any package'}`);
  }
}

/** The package holds the program, its source maps and its schemas, and nothing else. */
function refuseStrays(cwd, tarball) {
  const files = execFileSync('tar', ['-tzf', tarball], { cwd, encoding: 'utf8' }).trim().split('\n');
  const programs = files.filter((file) => /^package\/dist\/[\w-]+\.c?js$/.test(file));
  const expected = new Set([
    ...[
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/package.json',
      'bin/run.js',
      'dist/package.json',
      `dist/${LICENSES}`,
      'package.json',
    ].map((name) => `package/${name}`),
    ...programs,
    ...programs.map((file) => `${file}.map`).filter((file) => files.includes(file)),
  ]);
  const strays = files.filter((file) => !expected.has(file) && !/^package\/schemas\/[\w-]+\.json$/.test(file));
  const missing = [...expected].filter((file) => !files.includes(file));
  if (strays.length + missing.length > 0) {
    throw new Error(
      `the package holds ${strays.join(', ') || 'no stray'}, and lacks ${missing.join(', ') || 'nothing'}`,
    );
  }
}
