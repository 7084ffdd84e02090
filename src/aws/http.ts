import { readFileSync } from 'node:fs';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';
import type { HttpsProxyAgentOptions } from 'https-proxy-agent';
import { OperationError } from '../errors.js';
import { actionOf, checkAnswer, InvalidResponse } from './answer.js';
import { redact } from './redact.js';

export interface HttpOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Takes a line about each request; undefined: nobody listens. */
  readonly debug: ((line: string) => void) | undefined;
  readonly secrets: ReadonlySet<string>;
  /** Milliseconds to wait for an answer, and for the rest of one that pauses. A cron run must end before the next one. */
  readonly patience?: number | undefined;
  /** After it, what is under way is waited for, and nothing is tried again. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The SDK's HTTP handler, with three things that the SDK leaves to its callers: proxies and CA bundles from the
 * environment, and a look at every body before it is parsed, because its parser takes an empty one for an empty result.
 */
export class CheckedHttpHandler {
  private readonly plain: NodeHttpHandler;
  private direct: NodeHttpHandler | undefined;
  private readonly proxied = new Map<string, Promise<NodeHttpHandler>>();
  private readonly hasProxy: boolean;
  private readonly ca: Buffer | undefined;
  private sockets: AgentOptions | undefined;
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly options: HttpOptions) {
    const { env } = options;
    this.hasProxy = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => env[name]);
    this.ca = caBundle(env);
    this.plain = new NodeHttpHandler(limits(options));
  }

  async handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }> {
    const started = Date.now();
    const { headers } = request;
    if (this.options.signal?.aborted && !/^attempt=1\b/.test(headers['amz-sdk-request'] ?? 'attempt=1')) {
      throw new OperationError('Interrupted', 'Interrupted before AWS had answered: whether it was done is not known.');
    }
    // The JSON protocols name the action in a header: `Logs_20140328.FilterLogEvents`.
    const action = headers['x-amz-target']?.split('.')[1] ?? actionOf(request);
    const wantsJson = headers['x-amz-target'] !== undefined || headers.accept === 'application/json';
    const asked = action === 'request' ? `${request.method} ${request.path}` : action;
    const tell = (what: string): void =>
      this.options.debug?.(
        redact(`${request.hostname} ${asked} ${what} ${Date.now() - started} ms`, this.options.secrets),
      );
    try {
      const handler = await this.handlerFor(request);
      const { response } = await handler.handle(request as never, options);
      const body = await collect(response);
      const requestId = response.headers['x-amzn-requestid'] ?? response.headers['x-amz-request-id'];
      tell(`${response.statusCode}${requestId ? ` request id ${requestId}` : ''}`);
      if (response.statusCode < 300) {
        const check = wantsJson ? checkJson : checkAnswer;
        check(action, body, response.statusCode, requestId);
      }
      response.body = body;
      return { response };
    } catch (error) {
      if (error instanceof InvalidResponse || !(error instanceof Error)) throw error;
      tell(`failed: ${error.message || ('code' in error ? error.code : error.name)}`);
      throw Object.assign(error, { unanswered: request.hostname });
    }
  }

  destroy(): void {
    this.plain.destroy();
    this.direct?.destroy();
    for (const handler of this.proxied.values()) handler.then((one) => one.destroy());
  }

  private async handlerFor({ protocol, hostname, port }: HttpRequest): Promise<NodeHttpHandler> {
    // Only test endpoints speak plain HTTP: it is never proxied, nor is loopback.
    if (protocol !== 'https:') return this.plain;
    if (!this.hasProxy || LOOPBACK.test(hostname)) return this.directly();
    const { getProxyForUrl } = await import('proxy-from-env');
    const proxy = getProxyForUrl(`${protocol}//${hostname}${port ? `:${port}` : ''}`);
    if (!proxy) return this.directly();
    const known = this.proxied.get(proxy) ?? this.throughProxy(proxy);
    this.proxied.set(proxy, known);
    return known;
  }

  /** Without a context that they share, each of a run's connections, five as a rule, would read all certificates anew. */
  private secureSockets(): AgentOptions {
    const { ca } = this;
    this.sockets ??= { ...SOCKETS, secureContext: createSecureContext(ca === undefined ? {} : { ca }) };
    return this.sockets;
  }

  private directly(): NodeHttpHandler {
    this.direct ??= new NodeHttpHandler({
      ...limits(this.options),
      httpsAgent: new HttpsAgent(this.secureSockets()),
    });
    return this.direct;
  }

  private async throughProxy(proxy: string): Promise<NodeHttpHandler> {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const sockets = this.secureSockets();
    const agent = new HttpsProxyAgent(proxy, sockets as HttpsProxyAgentOptions<string>);
    // By itself it takes them for the proxy alone, and not for AWS behind it.
    const connect = agent.connect.bind(agent);
    agent.connect = (request, options) => connect(request, { ...options, ...sockets } as typeof options);
    return new NodeHttpHandler({ ...limits(this.options), httpsAgent: agent as never });
  }
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
const PATIENCE = 15_000;
/** Bytes. AWS's longest page is a twentieth of that. */
const LONGEST_BODY = 64 << 20;
const SOCKETS = { keepAlive: true, maxSockets: 50 };

const limits = ({ patience = PATIENCE }: HttpOptions) => ({
  connectionTimeout: 3000,
  requestTimeout: patience,
  throwOnRequestTimeout: true,
  // The request's time limit ends with the first byte of the answer.
  socketTimeout: patience,
  httpAgent: SOCKETS,
});

function caBundle({ AWS_CA_BUNDLE: path }: NodeJS.ProcessEnv): Buffer | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new OperationError(
      'CaBundleUnreadable',
      `AWS_CA_BUNDLE names ${path}, which cannot be read: ${(error as Error).message}`,
      ['Correct AWS_CA_BUNDLE, or unset it.'],
    );
  }
}

/** S1 for the JSON protocols: the SDK's parser takes an empty body for an empty result there too. */
function checkJson(_action: string, body: Uint8Array, status: number, requestId: string | undefined): void {
  try {
    const content: unknown = JSON.parse(Buffer.from(body).toString());
    if (typeof content === 'object' && content !== null) return;
  } catch {
    // It is none, as below.
  }
  throw new InvalidResponse(`The answer has status ${status} and a body that is no JSON document.`, status, requestId);
}

/** The body in one piece; in the piece that its length announces, where it does, since pages of 2 MB come in hundreds. */
async function collect({ body, headers }: HttpResponse): Promise<Uint8Array> {
  const length = Number(headers['content-length']);
  const whole = length > 0 && length < LONGEST_BODY ? Buffer.allocUnsafe(length) : Buffer.alloc(0);
  const rest: Uint8Array[] = [];
  let filled = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    if (filled + chunk.length <= whole.length && rest.length === 0) {
      whole.set(chunk, filled);
      filled += chunk.length;
    } else rest.push(chunk);
  }
  return rest.length === 0 ? whole.subarray(0, filled) : Buffer.concat([whole.subarray(0, filled), ...rest]);
}
