import { describe, expect, test } from 'vitest';
import { albAddresses, sandboxOf } from '../support/bridge.js';
import { advance, event, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

const bridge = ['--alb', 'web', '--target-group', 'nlb-edge'];

describe('what people read', () => {
  test('a plan shows every target with its sign, and a sum with the fingerprint', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const { old, fresh } = replaceNode(sandbox, 'a');
    const { stdout } = await lbbridge(['diff', ...bridge], { env: { ...sandbox.environment } });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^nlb-edge \(ip:80\) {2}<- {2}web {3}vpc-0[0-9a-f]{16}$/);
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {2}\\+ ${fresh} +us-east-1a {2}register$`)));
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`^ {2}~ ${old} +us-east-1a {2}held: ${fresh} is not healthy yet \\(S4\\)$`)),
    );
    expect(stdout).toMatch(/Plan: 1 to register, 0 to deregister, 1 held, 1 unchanged\. {2}fingerprint [0-9a-f]{8}\n$/);
  });

  test('in sync it is one line', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { stdout, stderr } = await lbbridge(['sync', ...bridge], { env: { ...sandbox.environment } });
    expect(stdout).toBe('No changes. 2 targets of nlb-edge match web.\n');
    expect(stderr).toBe('');
  });

  test('--quiet says nothing in sync, nor when something is only held, and speaks when something changed', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced', knobs: interfacesGoFirst });
    const quiet = () => lbbridge(['sync', ...bridge, '--quiet'], { env: { ...sandbox.environment } });
    expect(await quiet()).toEqual({ status: 0, stdout: '', stderr: '' });
    replaceNode(sandbox, 'a');
    expect((await quiet()).stdout).toContain('registered');
    expect(await quiet()).toEqual({ status: 0, stdout: '', stderr: '' });
    advance(sandbox, 300);
    expect((await quiet()).stdout).toContain('deregistered');
  });

  test('--quiet speaks of failures', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const { status, stderr } = await lbbridge(['sync', ...bridge, '-q'], { env: { ...sandbox.environment } });
    expect(status).toBe(3);
    expect(stderr).toContain('Refused (S5)');
  });

  test('warnings go to stderr', async () => {
    const sandbox = await sandboxOf({ scenario: 'unattached' });
    const { stderr } = await lbbridge(['diff', ...bridge], { env: { ...sandbox.environment } });
    expect(stderr).toMatch(/^Warning: No listener sends to nlb-edge/);
  });

  test('colour comes only where it is asked for, never into a pipe', async () => {
    const sandbox = await sandboxOf();
    const { environment } = sandbox;
    const introducer = '\u001b[';
    expect((await lbbridge(['diff', ...bridge], { env: { ...environment } })).stdout).not.toContain(introducer);
    const forced = await lbbridge(['diff', ...bridge], { env: { ...environment, FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(introducer);
    for (const [args, env] of [
      [['--no-color'], {}],
      [[], { NO_COLOR: '1' }],
    ] as const) {
      const plain = await lbbridge(['diff', ...bridge, ...args], { env: { ...environment, FORCE_COLOR: '1', ...env } });
      expect(plain.stdout).not.toContain(introducer);
    }
  });

  test('--debug shows each call with its time and request id, and no secret', async () => {
    const sandbox = await sandboxOf();
    const { environment } = sandbox;
    const { stderr, stdout } = await lbbridge(['sync', ...bridge, '--debug'], { env: { ...environment } });
    expect(stderr).toMatch(/RegisterTargets 200 .*[0-9a-f]{8}-[0-9a-f]{4}-.*\d+ ms/);
    for (const secret of [environment.AWS_SECRET_ACCESS_KEY, environment.AWS_ACCESS_KEY_ID]) {
      expect(stderr + stdout).not.toContain(secret);
    }
  });

  test('control characters in descriptions and names do not reach the terminal', async () => {
    const sandbox = await sandboxOf();
    const { builder, subnets } = sandbox.stage;
    builder.decoy(subnets[0] as never, 'ELB \u001b[2Japp/evil\r\nweb', { status: 'in-use\u0007' as never });
    const { stdout } = await lbbridge(['ips', '--description', '*evil*'], { env: { ...sandbox.environment } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('ips', () => {
  test('prints a table, JSON, CSV or one address a line', async () => {
    const sandbox = await sandboxOf({ scenario: 'public' });
    const run = (...args: string[]) => lbbridge(['ips', 'front', ...args], { env: { ...sandbox.environment } });
    const text = await run('--output', 'text');
    const ips = text.stdout.trim().split('\n');
    expect(ips).toHaveLength(2);
    const csv = (await run('--output', 'csv')).stdout.split('\r\n');
    expect(csv[0]).toBe('ip,family,availabilityZone,subnetId,vpcId,networkInterfaceId,publicIp,status,primary');
    expect(csv[1]).toMatch(/^10\.0\.1\.\d+,ipv4,us-east-1a,subnet-\w+,vpc-\w+,eni-\w+,203\.0\.113\.\d+,in-use,true$/);
    expect((await run()).stdout).toContain('203.0.113.');
    const json = JSON.parse((await run('--output', 'json')).stdout);
    expect(json.result.addresses.map(({ ip }: { ip: string }) => ip)).toEqual(ips);
  });

  test('finds a load balancer by name, ARN and DNS name', async () => {
    const sandbox = await sandboxOf();
    const { alb } = sandbox.stage;
    for (const reference of ['web', alb.arn, alb.dnsName, alb.dnsName.toUpperCase(), `${alb.dnsName}.`]) {
      const { status, document } = await lbbridgeJson(['ips', reference], { env: { ...sandbox.environment } });
      expect([reference, status]).toEqual([reference, 0]);
      expect(document.result.source.arn).toBe(alb.arn);
    }
  });

  test('all four types: application, network with secondary addresses, gateway, classic', async () => {
    const sandbox = await sandboxOf({ scenario: 'other-types' });
    const { builder, nlb } = sandbox.stage;
    const [node] = nlb.nodes;
    builder.region.interfaces.get(node?.interfaceId ?? '')?.privateIps.push({ ip: '10.0.1.250' });
    const ips = async (...args: string[]) => {
      const { document } = await lbbridgeJson(['ips', ...args], { env: { ...sandbox.environment } });
      return document.result;
    };
    expect((await ips('edge')).addresses).toContainEqual(expect.objectContaining({ ip: '10.0.1.250', primary: false }));
    expect(await ips('inspection')).toMatchObject({ source: { type: 'gateway' }, addresses: [{}] });
    expect(await ips('old-web', '--type', 'classic')).toMatchObject({
      source: { type: 'classic', arn: null },
      addresses: [{ status: 'in-use' }],
    });
    expect((await ips('web', '--type', 'application')).addresses).toHaveLength(2);
  });

  test('IPv6 addresses are listed too', async () => {
    const sandbox = await sandboxOf({ scenario: 'dual-stack' });
    const { document } = await lbbridgeJson(['ips', 'web'], { env: { ...sandbox.environment } });
    const families = document.result.addresses.map(({ family }: { family: string }) => family).sort();
    expect(families).toEqual(['ipv4', 'ipv4', 'ipv6', 'ipv6']);
  });

  test('a name that two load balancers bear asks for more', async () => {
    const sandbox = await sandboxOf();
    const { builder, subnets, nlb } = sandbox.stage;
    nlb.name = 'web';
    expect(builder.region.loadBalancers.size).toBe(subnets.length);
    const ambiguous = await lbbridgeJson(['ips', 'web'], { env: { ...sandbox.environment } });
    expect(ambiguous.status).toBe(1);
    expect(ambiguous.document.error).toMatchObject({ code: 'AmbiguousLoadBalancer' });
    expect(ambiguous.document.error.message).toContain(nlb.arn);
    const chosen = await lbbridgeJson(['ips', 'web', '--type', 'network'], { env: { ...sandbox.environment } });
    expect(chosen.document.result.source.arn).toBe(nlb.arn);
  });

  test('a pattern lists any interfaces, over all pages', async () => {
    const sandbox = await sandboxOf({ scenario: 'large' });
    const { document } = await lbbridgeJson(['ips', '--description', 'ELB app/web*'], {
      env: { ...sandbox.environment },
    });
    expect(document.result.source).toBeNull();
    expect(document.result.addresses).toHaveLength(1506);
    expect(sandbox.journal.actions()).toEqual(['DescribeNetworkInterfaces', 'DescribeNetworkInterfaces']);
  });

  test('a load balancer without addresses is an empty list and a warning', async () => {
    const sandbox = await sandboxOf();
    sandbox.faults.add({ kind: 'hide', action: 'DescribeNetworkInterfaces' });
    const { status, document } = await lbbridgeJson(['ips', 'web'], { env: { ...sandbox.environment } });
    expect(status).toBe(0);
    expect(document).toMatchObject({ result: { addresses: [] }, warnings: [{ code: 'NoAddresses' }] });
    expect(albAddresses(sandbox)).toHaveLength(2);
  });
});

describe('interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while waiting ends with %i and an account of what was done', async (signal, code) => {
    const sandbox = await sandboxOf();
    const { status, stdout } = await lbbridge(['sync', ...bridge, '--wait', '1h', '--json'], {
      env: { ...sandbox.environment },
      onStart: (child) => {
        const timer = setInterval(() => {
          if (!sandbox.journal.actions().includes('RegisterTargets')) return;
          clearInterval(timer);
          setTimeout(() => child.kill(signal), 300);
        }, 10);
      },
    });
    expect(status).toBe(code);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ status: code, error: { code: 'Interrupted' } });
    expect(document.result.bridges[0].registered).toHaveLength(2);
  });

  test('a write under way is finished, and nothing is begun after it', async () => {
    const sandbox = await sandboxOf();
    event(sandbox, 'scale-out', { zone: sandbox.stage.builder.zone('a') });
    advance(sandbox, 60);
    sandbox.faults.add({ kind: 'slow', action: 'RegisterTargets', seconds: 1 });
    const { status, stdout } = await lbbridge(['sync', ...bridge, '--json'], {
      env: { ...sandbox.environment },
      onStart: (child) => {
        const timer = setInterval(() => {
          if (!sandbox.journal.actions().includes('RegisterTargets')) return;
          clearInterval(timer);
          child.kill('SIGTERM');
        }, 10);
      },
    });
    expect(status).toBe(143);
    expect(JSON.parse(stdout).result.bridges[0].registered).toHaveLength(3);
    expect(sandbox.journal.actions().at(-1)).toBe('RegisterTargets');
  });

  test('a read that AWS does not answer keeps nobody', async () => {
    const sandbox = await sandboxOf();
    sandbox.faults.add({ kind: 'hang', action: 'DescribeNetworkInterfaces' });
    const { status, stdout } = await lbbridge(['ips', 'web', '--json'], {
      env: { ...sandbox.environment },
      onStart: (child) => {
        const timer = setInterval(() => {
          if (!sandbox.journal.actions().includes('DescribeNetworkInterfaces')) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 10);
      },
    });
    expect([status, JSON.parse(stdout).error.code]).toEqual([130, 'Interrupted']);
    // Not even the time within which an answer would be given up has passed: nothing was asked a second time.
    expect(sandbox.journal.actions().filter((action) => action === 'DescribeNetworkInterfaces')).toHaveLength(1);
  });
});
