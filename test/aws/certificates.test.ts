import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eni, interfaces } from './answers.js';
import { connectTo, env, failure } from './stub.js';

/** Good for 127.0.0.1 and aws.example, and signed by nobody that Node knows. */
const { key, certificate } = JSON.parse(
  execFileSync(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { loopbackCertificate } from ${JSON.stringify(new URL('../../scripts/bench/certificate.mjs', import.meta.url).href)};
     process.stdout.write(JSON.stringify(loopbackCertificate()));`,
  ]).toString(),
);
const folder = mkdtempSync(join(tmpdir(), 'lbbridge-certificates-'));
const bundle = join(folder, 'ca.pem');
writeFileSync(bundle, certificate);

const aws = createTlsServer({ key, cert: certificate }, (_, response) => response.end(interfaces([eni('eni-1')])));
/** Leads to our AWS, whatever it is asked for. */
const proxy = createServer().on('connect', (_, client) => {
  const onward = connect(portOf(aws), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    client.pipe(onward).pipe(client);
  });
  for (const [one, other] of [
    [client, onward],
    [onward, client],
  ] as const) {
    one.on('error', () => other.destroy());
  }
});
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [aws, proxy]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const server of [aws, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

describe('AWS_CA_BUNDLE', () => {
  const ways = [
    ['on a straight way', () => `https://127.0.0.1:${portOf(aws)}`],
    ['behind a proxy', () => 'https://aws.example'],
  ] as const;
  const read = (url: string, more: NodeJS.ProcessEnv) => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${portOf(proxy)}`);
    const { network } = connectTo({ url }, { env: { ...process.env, ...env, AWS_MAX_ATTEMPTS: '1', ...more } });
    return network.interfacesByDescription('ELB app/web/1');
  };

  it.each(ways)('says whom to trust %s', async (_, url) => {
    expect(await read(url(), { AWS_CA_BUNDLE: bundle })).toHaveLength(1);
  });

  it.each(ways)('missing, leaves nobody to trust %s', async (_, url) => {
    const error = await failure(read(url(), {}));
    expect(error).toMatchObject({ code: 'NetworkError' });
    expect(error.message).toContain('self-signed certificate');
  });
});
