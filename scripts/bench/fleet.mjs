// A pass over a thousand bridges against the simulated AWS with AWS's own bucket (40 calls, 10 more each second), and what
// somebody else in the same account notices of it.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, run, scratch } from './measure.mjs';
import { environment, lbbridge, root } from './programs.mjs';

const GROUPS = 1000;
/** Each feeds ten target groups, as a shared ALB does. */
const BALANCERS = 100;
const API = { ec2: '2016-11-15', elasticloadbalancing: '2015-12-01' };

export async function fleet() {
  const sandbox = spawn(
    process.execPath,
    [join(root, 'bin', 'run.js'), 'sandbox', '--port', '0', '--speed', '0', '--json'],
    { env: { PATH: process.env.PATH, HOME: scratch }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { result } = JSON.parse(await whole(sandbox.stdout));
  const aws = client(result);
  try {
    const cwd = await build(aws);
    await aws.control('knobs', { 'throttle.enabled': true });
    const alone = await neighbour(aws, 15_000);
    await aws.control('journal', undefined, 'DELETE');
    const env = { ...environment({ http: result.endpoint }), ...result.environment };
    let isOver = false;
    const pass = run(lbbridge('lbbridge sync', ['sync', '--json'], env, { cwd })).finally(() => {
      isOver = true;
    });
    const [{ milliseconds, stdout }, during] = await Promise.all([
      pass,
      neighbour(aws, Number.POSITIVE_INFINITY, () => isOver),
    ]);
    const { calls: entries } = await aws.control('journal');
    const own = entries.filter(({ action, params }) => action.startsWith('Describe') && !isNeighbours(params));
    const seconds = milliseconds / 1000;
    const reads = own.filter(({ service }) => service === 'elasticloadbalancing');
    const { summary } = JSON.parse(stdout).result;
    return {
      bridges: summary.bridges,
      inSync: summary.inSync,
      seconds,
      reads: reads.length,
      throttled: reads.filter(({ code }) => code === 'Throttling').length,
      share: reads.length / (40 + 10 * seconds),
      alone,
      during,
    };
  } finally {
    sandbox.kill('SIGTERM');
  }
}

/** Target groups and their ALBs, in sync. */
async function build(aws) {
  const group = await aws.call('elasticloadbalancing', 'DescribeTargetGroups', { 'Names.member.1': 'nlb-edge' });
  const vpcId = /<VpcId>([^<]+)/.exec(group)[1];
  const inVpc = { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': vpcId };
  const subnets = (await aws.call('ec2', 'DescribeSubnets', inVpc)).match(/(?<=<subnetId>)[^<]+/g);
  await aws.control('knobs', { 'quota.loadBalancers': BALANCERS + 10 });
  const arns = [];
  for (let index = 0; index < BALANCERS; index += 1) {
    const made = await aws.call('elasticloadbalancing', 'CreateLoadBalancer', {
      Name: `fleet-${index}`,
      Scheme: 'internal',
      'Subnets.member.1': subnets[0],
      'Subnets.member.2': subnets[1],
    });
    arns.push(/<LoadBalancerArn>([^<]+)/.exec(made)[1]);
  }
  await aws.control('clock', { advance: 600 });
  const { loadBalancers } = await aws.control('load-balancers');
  const nodes = new Map(loadBalancers.map(({ arn, nodes }) => [arn, nodes.map(({ ip }) => ip)]));
  const bridges = [];
  for (let index = 0; index < GROUPS; index += 1) {
    const alb = arns[index % BALANCERS];
    const made = await aws.call('elasticloadbalancing', 'CreateTargetGroup', {
      Name: `fleet-${index}`,
      Protocol: 'TCP',
      Port: '443',
      VpcId: vpcId,
      TargetType: 'ip',
    });
    const group = /<TargetGroupArn>([^<]+)/.exec(made)[1];
    const targets = nodes.get(alb).map((ip, target) => [`Targets.member.${target + 1}.Id`, ip]);
    await aws.call('elasticloadbalancing', 'RegisterTargets', {
      TargetGroupArn: group,
      ...Object.fromEntries(targets),
    });
    await aws.call('elasticloadbalancing', 'AddTags', {
      'ResourceArns.member.1': group,
      'Tags.member.1.Key': 'lbbridge:source',
      'Tags.member.1.Value': alb,
    });
    bridges.push(`  fleet-${index}:\n    alb: ${alb}\n    targetGroup: ${group}\n`);
  }
  const folder = mkdtempSync(join(scratch, 'fleet-'));
  writeFileSync(join(folder, 'lbbridge.yaml'), `bridges:\n${bridges.join('')}`);
  return folder;
}

const PAUSE = 500;
const isNeighbours = (params) => JSON.stringify(params).includes('"nlb-edge"');

/** Somebody else in the account: a read every half second, repeated as AWS's clients do when it is throttled. */
async function neighbour(aws, milliseconds, isOver = () => false) {
  const delays = [];
  let throttled = 0;
  for (const end = performance.now() + milliseconds; performance.now() < end && !isOver(); ) {
    const started = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const answer = await aws.call(
        'elasticloadbalancing',
        'DescribeTargetGroups',
        { 'Names.member.1': 'nlb-edge' },
        true,
      );
      if (!answer.includes('<Code>Throttling')) break;
      throttled += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000 * 2 ** attempt));
    }
    delays.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return { reads: delays.length, throttled, median: median(delays), longest: Math.max(...delays) };
}

/** Calls the simulated AWS, which checks no signature, and its controls. */
function client({ endpoint, environment: { AWS_ACCESS_KEY_ID: key } }) {
  return {
    async call(service, Action, params = {}, mayFail = false) {
      const scope = `${key}/20260101/us-east-1/${service}/aws4_request`;
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00` },
        body: new URLSearchParams({ Action, Version: API[service], ...params }),
      });
      const text = await response.text();
      if (!response.ok && !mayFail) throw new Error(`${Action}: ${text}`);
      return text;
    },
    async control(path, body, method = body ? 'POST' : 'GET') {
      const response = await fetch(`${endpoint}/_sandbox/${path}`, {
        method,
        body: body && JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${text}`);
      return text && JSON.parse(text);
    },
  };
}

async function whole(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk;
    if (text.trimEnd().endsWith('\n}')) return text;
  }
  throw new Error(`the sandbox ended: ${text}`);
}
