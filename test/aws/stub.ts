import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, vi } from 'vitest';
import { type ConnectOptions, connectAws } from '../../src/aws/connect.js';
import type { Access, Aws } from '../../src/aws/ports.js';

// Whatever the machine says about AWS stays out: no keys, no endpoints, no configuration files, no proxies.
for (const name of Object.keys(process.env)) if (/^AWS_|_proxy$/i.test(name)) delete process.env[name];
process.env.AWS_CONFIG_FILE = '/nonexistent/config';
process.env.AWS_SHARED_CREDENTIALS_FILE = '/nonexistent/credentials';
process.env.AWS_EC2_METADATA_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const env = { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'us-east-1' };

export interface Call {
  readonly action: string;
  readonly params: URLSearchParams;
  /** The access key that signed it. */
  readonly keyId: string;
}

/** A body with its status, or what the connection does instead of giving one. */
export type Answer = string | { status: number; body: string } | 'drop' | 'cut short' | 'stall';
export type Answers = (call: Call, earlier: number) => Answer | Promise<Answer>;

export interface Stub {
  readonly url: string;
  readonly port: number;
  readonly calls: Call[];
  actions(): string[];
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
  vi.restoreAllMocks();
});

/** An AWS of canned answers on loopback, for one test; `earlier` counts the calls of the same action before. */
export async function startStub(answers: Answers): Promise<Stub> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const params = new URLSearchParams(body);
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const action = target ?? params.get('Action') ?? '';
    const keyId = /Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const call = { action, params, keyId };
    const earlier = calls.filter((one) => one.action === action).length;
    calls.push(call);
    give(response, await answers(call, earlier));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, calls, actions: () => calls.map(({ action }) => action) };
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer === 'drop') {
    response.destroy();
    return;
  }
  const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': 'req-1' };
  if (answer === 'cut short' || answer === 'stall') {
    response.writeHead(200, { ...headers, 'content-length': '5000' });
    response.write('<DescribeNetworkInterfacesResponse>', () => answer === 'cut short' && response.destroy());
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Services that talk to the stub; retries wait for nothing. */
export function connectTo(stub: Pick<Stub, 'url'>, options: Partial<ConnectOptions> = {}, access: Access = {}): Aws {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  return connectAws({ env, endpointUrl: stub.url, ...options })(access);
}

/** What a promise is rejected with. */
export async function failure(of: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return of.then(
    () => {
      throw new Error('nothing failed');
    },
    (error) => error,
  );
}

/** A port of loopback at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
