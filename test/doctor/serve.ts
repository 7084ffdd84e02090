/**
 * Serves the world of one case to clients outside this process: `serve.ts NAME` prints a line of JSON and goes on until
 * it is ended, `serve.ts --list` prints the names of the cases that a command of the AWS CLI mends.
 */
import { findings } from '../../src/plan/doctor/findings.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { cases, nameOfCase } from './cases.js';

const [asked = ''] = process.argv.slice(2);
const print = (value: unknown): unknown => process.stdout.write(`${JSON.stringify(value)}\n`);

if (asked === '--list') {
  print(cases.filter(({ id }) => findings[id].mends?.startsWith('aws ')).map(nameOfCase));
} else {
  const one = cases.find((candidate) => nameOfCase(candidate) === asked);
  if (!one) throw new Error(`no case ${asked}`);
  const { id, scenario = 'sound', knobs, prepare, flags = {}, also = [], reveals = [] } = one;
  const sandbox = await startSandbox({ scenario, ...(knobs ? { knobs } : {}) });
  prepare(sandbox);
  const { endpoint, environment, stage } = sandbox;
  const ends = ['--alb', stage.alb.arn, '--target-group', stage.group.arn];
  const words = [...ends, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])];
  print({ id, endpoint, environment, words, also, reveals });
}
