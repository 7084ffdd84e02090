// Runs the judges that nobody here wrote: boto3, the AWS CLI and other emulators, in virtual environments of their own.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conformancePrograms, linterPrograms, ministackPrograms } from './venv.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const python = join(conformancePrograms(), 'python');
ministackPrograms();
for (const linter of ['cfn-lint', 'checkov']) linterPrograms(linter);
// Nobody's own AWS settings, proxies or certificates: everything is on loopback.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS_|LBBRIDGE_)|_proxy$|^PYTHONPATH$/i.test(name)),
);

function run(args) {
  const { status, error } = spawnSync(python, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run(['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test/conformance', ...process.argv.slice(2)]);
const comparison = join(root, 'test', 'comparison', 'compare.py');
if (process.argv.length === 2) run([comparison, '--check']);
