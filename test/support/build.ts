import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests run the shipped program: it has to be of these sources. */
export default function setup(): void {
  const ready = fileURLToPath(new URL('../../scripts/ready.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [ready], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program could not be built');
}
