import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';
import { OperationError } from '../errors.js';
import { redact } from './redact.js';

export interface HttpOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Takes a line about each request; undefined: nobody listens. */
  readonly debug: ((line: string) => void) | undefined;
  readonly secrets: ReadonlySet<string>;
}

/** An answer with status 200 that is not one (S1). The SDK's retry may ask again: nothing was decided on it. */
export class InvalidResponse extends Error {
  override readonly name = 'InvalidResponse';
  readonly $retryable = { throttling: false };
  $metadata: { requestId: string | undefined; httpStatusCode: number };

  constructor(message: string, requestId: string | undefined) {
    super(message);
    this.$metadata = { requestId, httpStatusCode: 200 };
  }
}

/**
 * The SDK's HTTP handler, with three things that the SDK leaves to its callers: proxies and CA bundles from the
 * environment, and a look at every body before it is parsed, because its parser takes an empty one for an empty result.
 */
export class CheckedHttpHandler {
  private readonly direct: NodeHttpHandler;
  private readonly proxied = new Map<string, Promise<NodeHttpHandler>>();
  private readonly hasProxy: boolean;
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly options: HttpOptions) {
    const { env } = options;
    this.hasProxy = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => env[name]);
    const ca = caBundle(env);
    this.direct = new NodeHttpHandler({
      ...limits,
      ...(ca === undefined ? {} : { httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 50, ca }) }),
    });
  }

  async handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }> {
    const started = performance.now();
    const action = actionOf(request);
    const tell = (what: string): void =>
      this.options.debug?.(
        redact(
          `${request.hostname} ${action} ${what} ${Math.round(performance.now() - started)} ms`,
          this.options.secrets,
        ),
      );
    try {
      const handler = await this.handlerFor(request);
      const { response } = await handler.handle(request as never, options);
      const body = await collect(response.body as AsyncIterable<Uint8Array>);
      const requestId = response.headers['x-amzn-requestid'];
      tell(`${response.statusCode}${requestId ? ` request id ${requestId}` : ''}`);
      if (response.statusCode === 200) check(action, body, requestId);
      response.body = body;
      return { response };
    } catch (error) {
      if (!(error instanceof InvalidResponse)) tell(error instanceof Error ? `failed: ${error.message}` : 'failed');
      throw error;
    }
  }

  destroy(): void {
    this.direct.destroy();
    for (const handler of this.proxied.values()) handler.then((one) => one.destroy());
  }

  private async handlerFor({ protocol, hostname, port }: HttpRequest): Promise<NodeHttpHandler> {
    // Loopback is never proxied, nor is plain HTTP, which only test endpoints speak.
    if (!this.hasProxy || protocol !== 'https:' || /^(localhost|127\.|\[?::1)/.test(hostname)) return this.direct;
    const { getProxyForUrl } = await import('proxy-from-env');
    const proxy = getProxyForUrl(`${protocol}//${hostname}${port ? `:${port}` : ''}`);
    if (!proxy) return this.direct;
    const known = this.proxied.get(proxy) ?? this.throughProxy(proxy);
    this.proxied.set(proxy, known);
    return known;
  }

  private async throughProxy(proxy: string): Promise<NodeHttpHandler> {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const ca = caBundle(this.options.env);
    const agent = new HttpsProxyAgent(proxy, { keepAlive: true, maxSockets: 50, ...(ca === undefined ? {} : { ca }) });
    return new NodeHttpHandler({ ...limits, httpsAgent: agent as never });
  }
}

/** Milliseconds. A cron run must end before the next one starts, three attempts included. */
const limits = {
  connectionTimeout: 3000,
  requestTimeout: 15_000,
  throwOnRequestTimeout: true,
  httpAgent: { keepAlive: true, maxSockets: 50 },
  httpsAgent: { keepAlive: true, maxSockets: 50 },
};

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

const actionOf = ({ body }: HttpRequest): string =>
  (typeof body === 'string' ? /(?:^|&)Action=(\w+)/.exec(body)?.[1] : undefined) ?? 'request';

async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

/** S1: a whole document of the kind that was asked for, or no answer at all. */
function check(action: string, body: Uint8Array, requestId: string | undefined): void {
  if (action === 'request') return;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const why =
    bytes.length === 0
      ? 'an empty body'
      : !bytes.toString('latin1', 0, 300).includes(`<${action}Response`)
        ? 'a body that is no answer to it'
        : !bytes
              .toString('latin1', Math.max(0, bytes.length - 100))
              .trimEnd()
              .endsWith(`</${action}Response>`)
          ? 'a body that is cut off'
          : null;
  if (why !== null) throw new InvalidResponse(`The answer has status 200 and ${why}.`, requestId);
}
