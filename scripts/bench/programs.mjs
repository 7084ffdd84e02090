// The programs that are compared, and the stub that all of them talk to.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { albArn, groupArn } from './answers.mjs';
import { scratch, scratchFile } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const home = join(scratch, 'home');
mkdirSync(home);

/** Starts a stub with so many bridges, and so many interfaces for each. */
export async function startStub({ bridges = 1, interfaces = 6 } = {}) {
  const stub = spawn(process.execPath, [join(here, 'stub.mjs'), JSON.stringify({ bridges, interfaces })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { http, https, certificate } = JSON.parse(
    await new Promise((resolve) => stub.stdout.setEncoding('utf8').once('data', resolve)),
  );
  return {
    http,
    https,
    certificate,
    bundle: scratchFile(certificate, 'pem'),
    /** What was asked since the last time: action -> how often. */
    calls: async () => (await fetch(`${http}/calls`)).json(),
    stop: () => stub.stdin.end(),
  };
}

/** Nobody's own settings: a home of its own, keys of no account, and the stub as AWS. */
export function environment(stub, scheme = 'http', more = {}) {
  return {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: stub[scheme],
    ...(scheme === 'https' ? { AWS_CA_BUNDLE: stub.bundle } : {}),
    ...more,
  };
}

/** @param waves see floor.cjs */
export function floor(stub, scheme, waves, node = process.execPath) {
  const plan = scratchFile({ url: stub[scheme], ca: scheme === 'https' ? stub.certificate : undefined, waves });
  return { name: 'floor', command: node, args: [join(here, 'floor.cjs'), plan], env: environment(stub, scheme) };
}

export const lbbridge = (name, args, env, { node = process.execPath, cwd } = {}) => ({
  name,
  command: node,
  args: [join(root, 'bin', 'run.js'), ...args],
  env,
  cwd,
});

export const onBridge = ['--alb', albArn(0), '--target-group', groupArn(0)];

/** The interface read and the health read (`group`) by the clients that people use today. */
export function others(programs, env, pattern, group) {
  const aws = join(programs, 'aws');
  const interfaces = `${aws} ec2 describe-network-interfaces --page-size 1000 --filters 'Name=description,Values=${pattern}' > /dev/null`;
  const health = `${aws} elbv2 describe-target-health --target-group-arn ${group} > /dev/null`;
  const shell = (name, script) => ({ name, command: 'sh', args: ['-c', script], env });
  const boto3 = {
    name: 'boto3',
    command: join(programs, 'python'),
    args: [join(here, 'reads.py'), pattern, group ?? ''],
    env,
  };
  if (group === undefined) return [boto3, shell('AWS CLI', interfaces)];
  return [
    boto3,
    shell('AWS CLI, both at once', `${interfaces} & ${health} & wait`),
    shell('AWS CLI, one after the other', `${interfaces} && ${health}`),
  ];
}
