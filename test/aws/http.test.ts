import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CheckedHttpHandler } from '../../src/aws/http.js';
import { eni, interfaces } from './answers.js';
import { type Answers, closedPort, connectTo, failure, startStub } from './stub.js';

const whole = interfaces([eni('eni-1')]);

afterEach(() => vi.unstubAllEnvs());

describe('the HTTP handler', () => {
  const handle = async (answers: Answers, patience?: number) => {
    const { port } = await startStub(answers);
    const handler = new CheckedHttpHandler({ env: {}, debug: undefined, secrets: new Set(), patience });
    const body = 'Action=DescribeNetworkInterfaces';
    const request = { protocol: 'http:', hostname: '127.0.0.1', port, method: 'POST', path: '/', headers: {}, body };
    return handler.handle({ ...request, query: {} } as never);
  };

  it('gives up where no answer comes', async () => {
    const error = await failure(handle(() => new Promise(() => undefined), 100));
    expect(error).toMatchObject({ name: 'TimeoutError', unanswered: '127.0.0.1' });
  });

  it('gives up where an answer pauses in its middle', async () => {
    const error = await failure(handle(() => 'stall', 100));
    expect(error).toMatchObject({ name: 'TimeoutError', unanswered: '127.0.0.1' });
  });

  it.each([
    ['in many pieces, with its length', 300_000, true],
    ['in many pieces, without its length', 300_000, false],
    ['in one piece', 10, true],
  ])('puts together an answer %s', async (_, size, isAnnounced) => {
    const answer = interfaces([eni('eni-1', 'x'.repeat(size))]);
    const server = createServer((__, response) => {
      if (isAnnounced) response.setHeader('content-length', answer.length);
      for (let at = 0; at < answer.length; at += 50_000) response.write(answer.slice(at, at + 50_000));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const handler = new CheckedHttpHandler({ env: {}, debug: undefined, secrets: new Set() });
    const body = 'Action=DescribeNetworkInterfaces';
    const request = { protocol: 'http:', hostname: '127.0.0.1', port, method: 'POST', path: '/', headers: {}, body };
    const { response } = await handler.handle({ ...request, query: {} } as never);
    expect(Buffer.from(response.body).toString()).toBe(answer);
    handler.destroy();
    server.close();
  });

  it('hands on an error as AWS gave it', async () => {
    const { response } = await handle(() => ({ status: 503, body: '' }));
    expect(response.statusCode).toBe(503);
  });
});

describe('the way out', () => {
  it('names an AWS_CA_BUNDLE that cannot be read', async () => {
    const stub = await startStub(() => whole);
    const connect = () => connectTo(stub, { env: { AWS_REGION: 'us-east-1', AWS_CA_BUNDLE: '/nonexistent.pem' } });
    expect(connect).toThrow(expect.objectContaining({ code: 'CaBundleUnreadable' }));
    expect(connect).toThrow('/nonexistent.pem');
  });

  it('never leads to a proxy for loopback', async () => {
    const stub = await startStub(() => whole);
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    const { network } = connectTo(stub, { env: { ...process.env, ...keys } });
    expect(await network.interfacesByDescription('ELB app/web/1')).toHaveLength(1);
  });

  it.each([
    ['leads to the proxy for AWS', '', 'proxy'],
    ['leads to the proxy where NO_PROXY names another host', 'elsewhere.example', 'proxy'],
    ['leads past the proxy where NO_PROXY names the host', '0.0.0.0', 'endpoint'],
  ])('%s', async (_, noProxy, asked) => {
    const ports = { proxy: await closedPort(), endpoint: await closedPort() };
    vi.stubEnv('HTTPS_PROXY', `http://user:proxy-password@127.0.0.1:${ports.proxy}`);
    vi.stubEnv('NO_PROXY', noProxy);
    // An address of this machine that does not count as loopback.
    const endpoint = { url: `https://0.0.0.0:${ports.endpoint}` };
    const { network } = connectTo(endpoint, { env: { ...process.env, ...keys } });
    const error = await failure(network.interfacesByDescription('ELB app/web/1'));
    expect(error).toMatchObject({ code: 'NetworkError' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain(`:${ports[asked as 'proxy' | 'endpoint']}`);
    expect(error.message).not.toContain('proxy-password');
  });
});

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
