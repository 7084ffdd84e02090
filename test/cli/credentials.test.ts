import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { HOME_ACCOUNT, keysOf, OTHER_ACCOUNT } from '../../src/sandbox/create-world.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { albAddresses, onBridge, registered, sandboxOf } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A home folder with these shared AWS files, and an environment that knows nothing but where the sandbox is. */
function at(sandbox: Sandbox, config: string, credentials = ''): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'lbbridge-aws-'));
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws', 'config'), config);
  writeFileSync(join(home, '.aws', 'credentials'), credentials);
  return { HOME: home, AWS_ENDPOINT_URL: sandbox.endpoint, AWS_EC2_METADATA_DISABLED: 'true' };
}

const keyFile = (name: string, { accessKeyId, secretAccessKey }: ReturnType<typeof keysOf>): string =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

const callers = ({ journal }: Sandbox): string[] => [
  ...new Set(journal.entries.map(({ principalArn }) => principalArn ?? 'nobody')),
];

describe('credentials, wherever the AWS CLI finds them', () => {
  test('a profile, with its region', async () => {
    const sandbox = await sandboxOf();
    const env = at(
      sandbox,
      '[profile prod]\nregion = us-east-1\n',
      keyFile('prod', keysOf(sandbox.world, HOME_ACCOUNT)),
    );
    expect((await lbbridge(['ips', 'web', '--profile', 'prod'], { env })).status).toBe(0);
    expect((await lbbridge(['ips', 'web'], { env: { ...env, AWS_PROFILE: 'prod' } })).status).toBe(0);
  });

  test('a process that hands them out', async () => {
    const sandbox = await sandboxOf();
    const { accessKeyId, secretAccessKey } = keysOf(sandbox.world, HOME_ACCOUNT);
    const script = join(mkdtempSync(join(tmpdir(), 'lbbridge-')), 'keys');
    const answer = JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey });
    writeFileSync(script, `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(script, 0o700);
    const env = at(sandbox, `[default]\nregion = us-east-1\ncredential_process = ${script}\n`);
    expect((await lbbridge(['ips', 'web'], { env })).status).toBe(0);
  });

  test('a role that a profile names', async () => {
    const sandbox = await sandboxOf();
    const config = `[profile bridge]\nregion = us-east-1\nsource_profile = base\nrole_arn = arn:aws:iam::${HOME_ACCOUNT}:role/bridge\n`;
    const env = at(sandbox, config, keyFile('base', keysOf(sandbox.world, HOME_ACCOUNT)));
    expect((await lbbridge(['ips', 'web', '--profile', 'bridge'], { env })).status).toBe(0);
    expect(callers(sandbox).some((arn) => arn.includes(':assumed-role/bridge/'))).toBe(true);
  });

  test('a role that asks for an MFA code has nobody to ask without a terminal', async () => {
    const sandbox = await sandboxOf();
    const config = `[profile mfa]\nregion = us-east-1\nsource_profile = base\nrole_arn = arn:aws:iam::${HOME_ACCOUNT}:role/bridge\nmfa_serial = arn:aws:iam::${HOME_ACCOUNT}:mfa/me\n`;
    const env = at(sandbox, config, keyFile('base', keysOf(sandbox.world, HOME_ACCOUNT)));
    const { status, document } = await lbbridgeJson(['ips', 'web', '--profile', 'mfa'], { env });
    expect(status).toBe(1);
    expect(document.error.code).toBe('MfaRequired');
    expect(document.error.message).toContain('mfa/me');
  });

  test('instance metadata', async () => {
    const sandbox = await sandboxOf();
    const { accessKeyId, secretAccessKey } = keysOf(sandbox.world, HOME_ACCOUNT);
    const metadata = createServer((request, response) => {
      const { url = '' } = request;
      if (url.endsWith('/api/token')) response.end('token');
      else if (url.endsWith('/security-credentials/')) response.end('instance-role');
      else if (url.endsWith('/instance-role')) {
        const Expiration = new Date(Date.now() + 3_600_000).toISOString();
        response.end(
          JSON.stringify({
            Code: 'Success',
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            Token: 't',
            Expiration,
          }),
        );
      } else response.writeHead(404).end();
    });
    servers.push(metadata);
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const { port } = metadata.address() as AddressInfo;
    const env = {
      ...at(sandbox, ''),
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
    };
    expect((await lbbridge(['ips', 'web'], { env })).status).toBe(0);
  });

  test('container credentials', async () => {
    const sandbox = await sandboxOf();
    const { accessKeyId, secretAccessKey } = keysOf(sandbox.world, HOME_ACCOUNT);
    const agent = createServer((_request, response) => {
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: 't', Expiration }),
      );
    });
    servers.push(agent);
    await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
    const { port } = agent.address() as AddressInfo;
    const env = {
      ...at(sandbox, ''),
      AWS_REGION: 'us-east-1',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/keys`,
    };
    expect((await lbbridge(['ips', 'web'], { env })).status).toBe(0);
  });

  test('web identity, as pods and CI runners have it', async () => {
    const sandbox = await sandboxOf();
    const token = join(mkdtempSync(join(tmpdir(), 'lbbridge-')), 'token');
    writeFileSync(token, 'a-token-of-an-identity-provider');
    const env = {
      ...at(sandbox, ''),
      AWS_REGION: 'us-east-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: `arn:aws:iam::${HOME_ACCOUNT}:role/bridge`,
      AWS_ROLE_SESSION_NAME: 'pod',
    };
    expect((await lbbridge(['ips', 'web'], { env })).status).toBe(0);
    expect(callers(sandbox)).toContain(`arn:aws:sts::${HOME_ACCOUNT}:assumed-role/bridge/pod`);
    expect(JSON.stringify(sandbox.journal.entries)).not.toContain('a-token-of');
  });

  test('single sign-on, by the token that the AWS CLI has left', async () => {
    const sandbox = await sandboxOf();
    const { accessKeyId, secretAccessKey } = keysOf(sandbox.world, HOME_ACCOUNT);
    const asked: string[] = [];
    const portal = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers['x-amz-sso_bearer_token']}`);
      const expiration = Date.now() + 3_600_000;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ roleCredentials: { accessKeyId, secretAccessKey, sessionToken: 't', expiration } }),
      );
    });
    servers.push(portal);
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    const { port } = portal.address() as AddressInfo;
    const config = `[profile sso]\nregion = us-east-1\nsso_session = corp\nsso_account_id = ${HOME_ACCOUNT}\nsso_role_name = bridge\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
    const env: Record<string, string> = { ...at(sandbox, config), AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${port}` };
    const cache = join(env.HOME ?? '', '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const name = createHash('sha1').update('corp').digest('hex');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    writeFileSync(join(cache, `${name}.json`), JSON.stringify({ accessToken: 'left-by-the-cli', expiresAt }));
    const { status, stderr, stdout } = await lbbridge(['ips', 'web', '--profile', 'sso', '--debug'], { env });
    expect(status).toBe(0);
    expect(asked[0]).toContain('left-by-the-cli');
    expect(stderr + stdout).not.toContain('left-by-the-cli');
  });

  test('--role-arn with its external id, assumed once for all calls', async () => {
    const sandbox = await sandboxOf();
    const role = ['--role-arn', `arn:aws:iam::${HOME_ACCOUNT}:role/bridge-external`];
    const denied = await onBridge(sandbox, 'diff', role);
    expect(denied.status).toBe(1);
    expect(denied.document.error.code).toBe('AccessDenied');
    expect(denied.document.error.message).toContain('sts:AssumeRole');
    sandbox.journal.clear();
    const allowed = await onBridge(sandbox, 'diff', [...role, '--external-id', 'bridge-7f3a']);
    expect(allowed.status).toBe(0);
    expect(sandbox.journal.actions().filter((action) => action === 'AssumeRole')).toHaveLength(1);
    expect(JSON.stringify(sandbox.journal.entries)).not.toContain('bridge-7f3a');
  });
});

describe('a load balancer elsewhere', () => {
  test('in another account, by a role for its side alone', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-account' });
    const { status } = await onBridge(sandbox, 'sync', ['--alb-role-arn', `arn:aws:iam::${OTHER_ACCOUNT}:role/bridge`]);
    expect(status).toBe(0);
    expect(registered(sandbox)).toEqual(albAddresses(sandbox).map((ip) => `${ip}:80`));
    const byAccount = (accountId: string) =>
      sandbox.journal.entries.filter((entry) => entry.accountId === accountId).map(({ action }) => action);
    expect(byAccount(OTHER_ACCOUNT)).not.toContain('RegisterTargets');
    expect(byAccount(HOME_ACCOUNT)).toContain('RegisterTargets');
  });

  test('in another region, known from its ARN', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-region' });
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(registered(sandbox)).toHaveLength(2);
    const named = await lbbridge(['diff', '--alb', 'web', '--alb-region', 'eu-west-1', '--target-group', 'nlb-edge'], {
      env: { ...sandbox.environment },
    });
    expect(named.stdout).toContain('No changes');
    expect((await lbbridge(['ips', sandbox.stage.alb.arn], { env: { ...sandbox.environment } })).status).toBe(0);
  });

  test('by name in the wrong region it is not found, and the message says where was looked', async () => {
    const sandbox = await sandboxOf({ scenario: 'cross-region' });
    const { document } = await lbbridgeJson(['ips', 'web'], { env: { ...sandbox.environment } });
    expect(document.error.message).toContain('us-east-1');
    expect(document.error.suggestions.join(' ')).toContain('--region');
  });
});

describe('networks', () => {
  test('HTTPS_PROXY carries the calls, NO_PROXY exempts from it, loopback never goes through it', async () => {
    const asked: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const sandbox = await sandboxOf();
      const { AWS_ENDPOINT_URL: _endpoint, ...keys } = sandbox.environment;
      const through = { ...keys, HTTPS_PROXY: `http://127.0.0.1:${port}` };
      const refused = await lbbridgeJson(['ips', 'web'], { env: through });
      expect(refused.status).toBe(1);
      expect(asked[0]).toBe('CONNECT elasticloadbalancing.us-east-1.amazonaws.com:443 HTTP/1.1');
      asked.length = 0;
      const local = { ...sandbox.environment, HTTPS_PROXY: `http://127.0.0.1:${port}` };
      expect((await lbbridge(['ips', 'web'], { env: local })).status).toBe(0);
      expect(asked).toEqual([]);
    } finally {
      proxy.close();
    }
  });

  test('the partitions of China and GovCloud, FIPS and dual-stack have their own hosts', async () => {
    const hosts: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', (data) => {
        hosts.push(data.toString().split(' ')[1] ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const keys = {
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
        AWS_SECRET_ACCESS_KEY: 'an-example-of-a-secret',
        HTTPS_PROXY: `http://127.0.0.1:${port}`,
        AWS_MAX_ATTEMPTS: '1',
      };
      const hostOf = async (args: string[], env: Record<string, string>): Promise<string> => {
        hosts.length = 0;
        await lbbridge(['ips', ...args], { env: { ...keys, ...env } });
        return hosts.find((host) => host.startsWith('elasticloadbalancing')) ?? hosts[0] ?? '';
      };
      const china = 'arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
      expect(await hostOf([china], {})).toBe('elasticloadbalancing.cn-north-1.amazonaws.com.cn:443');
      const gov =
        'arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
      expect(await hostOf([gov], {})).toBe('elasticloadbalancing.us-gov-west-1.amazonaws.com:443');
      expect(await hostOf(['web'], { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' })).toBe(
        'elasticloadbalancing-fips.us-east-1.amazonaws.com:443',
      );
      expect(await hostOf(['web'], { AWS_REGION: 'us-east-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' })).toBe(
        'elasticloadbalancing.us-east-1.api.aws:443',
      );
    } finally {
      proxy.close();
    }
  });

  test('AWS_CA_BUNDLE that cannot be read is named', async () => {
    const sandbox = await sandboxOf();
    const { document } = await lbbridgeJson(['ips', 'web'], {
      env: { ...sandbox.environment, AWS_CA_BUNDLE: '/nowhere/ca.pem' },
    });
    expect(document.error.code).toBe('CaBundleUnreadable');
    expect(document.error.message).toContain('/nowhere/ca.pem');
  });
});
