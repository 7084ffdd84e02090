// Runs the judges that nobody here wrote: boto3, the AWS CLI and another emulator, in a virtual environment of their own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Nobody's own AWS settings, proxies or certificates: everything is on loopback.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS_|LBBRIDGE_)|_proxy$|^PYTHONPATH$/i.test(name)),
);
const pipEnv = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' };

function run(command, args, environment) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const version = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 10))'], { encoding: 'utf8' });
if (version.stdout?.trim() !== 'True') {
  process.stderr.write('The conformance run needs Python 3.10 or later as `python3`, with its venv module.\n');
  process.exit(1);
}
/** A virtual environment with exactly what the file pins; made anew when the file changes. */
function environment(folder, requirements) {
  const python = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const stamp = join(folder, 'lbbridge-requirements');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder], pipEnv);
  // One call for all: installed one after the other, each breaks the pins of the one before.
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], pipEnv);
  writeFileSync(stamp, wanted);
  return python;
}

const tests = join(root, 'test', 'conformance');
const python = environment(join(root, '.venv-conformance'), join(tests, 'requirements.txt'));
// MiniStack pins a botocore of its own.
environment(join(root, '.venv-ministack'), join(tests, 'ministack', 'requirements.txt'));
run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test/conformance', ...process.argv.slice(2)], env);
const comparison = join(root, 'test', 'comparison', 'compare.py');
if (process.argv.length === 2) run(python, [comparison, '--check'], env);
