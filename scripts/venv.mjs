// Virtual environments for the clients and emulators that nobody here wrote.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = join(root, 'test', 'conformance');

/** boto3, the AWS CLI and an emulator. @returns {string} the folder of their programs */
export const conformancePrograms = () => environment('.venv-conformance', join(tests, 'requirements.txt'));

/** MiniStack, which pins a botocore of its own. */
export const ministackPrograms = () => environment('.venv-ministack', join(tests, 'ministack', 'requirements.txt'));

/** A linter of templates; each pins what the others cannot have. */
export const linterPrograms = (name) => environment(`.venv-${name}`, join(tests, 'linters', `${name}.txt`));

/** A virtual environment with exactly what the file pins; made anew when the file changes. */
function environment(name, requirements) {
  const folder = join(root, name);
  const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const stamp = join(folder, 'lbbridge-requirements');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return programs;
  const version = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 10))'], { encoding: 'utf8' });
  if (version.stdout?.trim() !== 'True') {
    process.stderr.write('This needs Python 3.10 or later as `python3`, with its venv module.\n');
    process.exit(1);
  }
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder]);
  // One call for all: installed one after the other, each breaks the pins of the one before.
  run(join(programs, 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  writeFileSync(stamp, wanted);
  return programs;
}

function run(command, args) {
  const env = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
