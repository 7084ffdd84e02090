import type { Sandbox } from '../../src/sandbox/index.js';
import { lbbridge } from '../support/cli.js';

/** The words of a line as a POSIX shell splits it: only what `doctor` itself writes. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s']|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'/g, '$1'));
}

/** Runs a command that `doctor` printed: ours by the built program, the AWS CLI's as the call that it would make. */
export async function run(command: string, sandbox: Sandbox): Promise<void> {
  const [program, ...words] = wordsOf(command);
  if (program === 'lbbridge') {
    const { status, stderr } = await lbbridge(words, { env: { ...sandbox.environment } });
    if (status !== 0) throw new Error(`${command}\n${stderr}`);
    return;
  }
  if (program !== 'aws') throw new Error(`neither lbbridge nor aws: ${command}`);
  await call(words, sandbox);
}

const services: Readonly<Record<string, { scope: string; version: string; member: string }>> = {
  elbv2: { scope: 'elasticloadbalancing', version: '2015-12-01', member: '.member' },
  ec2: { scope: 'ec2', version: '2016-11-15', member: '' },
};

/** Options that take a list. The AWS CLI knows that from the service's model. */
const lists = new Set(['Attributes', 'Subnets', 'SecurityGroups', 'DefaultActions', 'Actions', 'IpPermissions']);
/** EC2's names on the wire, where they are other than the model's. */
const onTheWire: Readonly<Record<string, string>> = { UserIdGroupPairs: 'Groups' };

/** The conformance tests run the AWS CLI itself; here its words become the request that it would send. */
async function call([service = '', operation = '', ...words]: string[], sandbox: Sandbox): Promise<void> {
  const { scope, version, member } = services[service] ?? { scope: '', version: '', member: '' };
  const form = new URLSearchParams({ Action: pascal(operation), Version: version });
  for (const [option, values] of optionsOf(words)) {
    if (option === 'region' || option === 'profile') continue;
    const name = pascal(option);
    const parsed = values.flatMap(parsedValue);
    add(form, name, lists.has(name) ? parsed : parsed[0], member);
  }
  const { endpoint, environment } = sandbox;
  const credential = `${environment.AWS_ACCESS_KEY_ID}/20260101/${environment.AWS_REGION}/${scope}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
    body: form.toString(),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
}

function optionsOf(words: readonly string[]): [string, string[]][] {
  const options: [string, string[]][] = [];
  for (const word of words) {
    if (word.startsWith('--')) options.push([word.slice(2), []]);
    else options.at(-1)?.[1].push(word);
  }
  return options;
}

/** JSON, the shorthand `Key=a,Value=b`, or a plain text. */
function parsedValue(text: string): unknown {
  if (/^[[{]/.test(text)) return JSON.parse(text);
  if (/^[A-Z]\w*=/.test(text))
    return Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  return text;
}

function add(form: URLSearchParams, name: string, value: unknown, member: string): void {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) add(form, `${name}${member}.${index + 1}`, one, member);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, one] of Object.entries(value)) add(form, `${name}.${onTheWire[key] ?? key}`, one, member);
  } else form.set(name, String(value));
}

const pascal = (kebab: string): string => kebab.replace(/(^|-)([a-z])/g, (_all, _dash, letter) => letter.toUpperCase());
