import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { History, lagWindow } from '../history.js';
import { authorize } from '../iam/index.js';
import { regionOf } from '../regions.js';
import { s3Request } from '../s3/request.js';
import { services } from '../services.js';
import type { Principal, RegionState } from '../state.js';
import type { World } from '../world.js';
import { anybody, authenticate, type HttpRequest, scopeOf } from './auth.js';
import { accessDenied, expiredToken, invalidAction, serverFault, throttled } from './errors.js';
import type { FaultRule, Faults } from './faults.js';
import { type Journal, type JournalEntry, withoutSecrets } from './journal.js';
import { speaksJson } from './json.js';
import { AwsError } from './operation.js';
import { Params } from './params.js';
import { Throttle } from './throttle.js';
import { renderAnswer, renderError, type Service } from './xml.js';

export interface WireOptions {
  world: World;
  faults: Faults;
  journal: Journal;
  /** Answers paths below `/_sandbox/`. */
  control: (request: IncomingMessage, body: string, response: ServerResponse) => void;
}

/** The HTTP face of the simulated AWS. All services share one endpoint; the signature's scope tells them apart. */
export function createWire({ world, faults, journal, control }: WireOptions): Server {
  const throttle = new Throttle(world);
  const history = new History(world);

  async function answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const arrived = performance.now();
    world.clock.catchUp();
    const call = read(request, body);
    const requestId = world.random.uuid();
    const entry: JournalEntry = {
      number: journal.next(),
      at: new Date().toISOString(),
      virtualAt: new Date(world.clock.now).toISOString(),
      service: call.service,
      action: call.action,
      region: call.region,
      accountId: null,
      principalArn: null,
      params: withoutSecrets(call.params.entries()),
      status: 0,
      code: null,
      fault: null,
      requestId,
      milliseconds: 0,
    };
    journal.add(entry);
    let fault: FaultRule | null = null;
    let status = call.action === 'DeleteObject' ? 204 : 200;
    let text: string;
    try {
      const principal = services[call.service].unsigned?.includes(call.action)
        ? anybody(world)
        : authenticate(world, call.service, call.scope, call.http, Date.now());
      entry.accountId = principal.accountId;
      entry.principalArn = principal.arn;
      fault = faults.strike({
        service: call.service,
        action: call.action,
        accountId: principal.accountId,
        region: call.region,
        params: call.params.entries(),
      });
      entry.fault = fault?.kind ?? null;
      if (fault) refuseBy(fault, call, principal);
      if (fault?.kind === 'hang') {
        await seconds(fault.seconds ?? 3600, response);
        return;
      }
      if (fault?.kind === 'reset') {
        response.destroy();
        return;
      }
      text = renderAnswer(call.service, call.action, perform(call, principal, fault), requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      status = error.status;
      entry.code = error.code;
      text = renderError(call.service, error, requestId);
    } finally {
      entry.milliseconds = Math.round(performance.now() - arrived);
    }
    if (fault?.kind === 'slow') await seconds(fault.seconds ?? 1, response);
    if (fault?.kind === 'lostReply') {
      response.destroy();
      return;
    }
    entry.status = status;
    entry.milliseconds = Math.round(performance.now() - arrived);
    send(response, call.service, status, requestId, text, fault);
  }

  /** Runs the operation on the state that this read is to see. */
  function perform(call: IncomingCall, principal: Principal, fault: FaultRule | null) {
    const { service, action, params } = call;
    const table = services[service];
    const operation = Object.hasOwn(table.operations, action) ? table.operations[action] : undefined;
    if (!operation || call.version !== table.version) throw invalidAction(service, action, call.version);
    const isUnbounded = !params.has('Filter') && !params.has('MaxResults');
    if (!throttle.admits(service, action, `${principal.accountId} ${call.region}`, isUnbounded)) {
      throw throttled(service, world.knobs['error.elbThrottleCode']);
    }
    const known = table.parameters?.[action];
    if (known && world.knobs['error.strictParams']) {
      for (const name of params.topLevelNames()) {
        if (common.has(name) || known.includes(name)) continue;
        throw new AwsError(400, 'UnknownParameter', `The parameter ${name} is not recognized`);
      }
    }
    const account = world.accounts.get(principal.accountId);
    if (!account) throw new Error(`no account ${principal.accountId}`);
    if (!table.unsigned?.includes(action)) {
      authorize(service, action, { world, region: regionOf(world, call.region), account, principal, params });
    }
    const keepsHistory = faults.needsHistory || lagWindow(world, 'DescribeTargetHealth') > 0;
    if (keepsHistory && history.isEmpty) history.observe();
    const region = viewed(action, regionOf(world, call.region), fault);
    const result = operation({ world, region, account, principal, params });
    if (keepsHistory && !action.startsWith('Describe')) history.observe();
    return result;
  }

  function viewed(action: string, region: RegionState, fault: FaultRule | null): RegionState {
    if (fault?.kind === 'hide') return without(region, fault);
    const window = fault?.kind === 'stale' ? (fault.seconds ?? 30) : lagWindow(world, action);
    if (window === 0 || !action.startsWith('Describe')) return region;
    const lag = fault ? window : world.random.next() * window;
    return history.view(region.name, lag) ?? region;
  }

  function refuseBy(fault: FaultRule, { service, action }: IncomingCall, principal: Principal): void {
    switch (fault.kind) {
      case 'throttle':
        throw throttled(service, world.knobs['error.elbThrottleCode']);
      case 'http500':
        throw serverFault(service, 500);
      case 'http503':
        throw serverFault(service, 503);
      case 'accessDenied':
        throw accessDenied(service, action, principal.arn);
      case 'expiredToken':
        throw expiredToken(service);
      case 'error':
        throw new AwsError(fault.status ?? 400, fault.code ?? 'InternalError', fault.message ?? 'An injected error.');
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (request.url?.startsWith('/_sandbox')) {
        control(request, body, response);
        return;
      }
      answer(request, body, response).catch((error: unknown) => {
        // A mistake of the sandbox itself must be loud, and must not look like an answer of AWS's.
        response.writeHead(599, { 'content-type': 'text/plain' }).end(error instanceof Error ? error.stack : 'unknown');
      });
    });
  });
  server.keepAliveTimeout = 30_000;
  world.clock.onChange(() => {
    if (faults.needsHistory || lagWindow(world, 'DescribeTargetHealth') > 0) history.observe();
  });
  return server;
}

interface IncomingCall {
  service: Service;
  action: string;
  version: string;
  region: string;
  params: Params;
  scope: ReturnType<typeof scopeOf>;
  http: HttpRequest;
}

const common = new Set(['Action', 'Version', 'DryRun']);

function read(request: IncomingMessage, body: string): IncomingCall {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2) as [string, string?];
  const scope = scopeOf(request.headers.authorization);
  const method = request.method ?? 'POST';
  const http = { method, path, query, headers: request.headers, body };
  if (scope && speaksJson(scope.service)) {
    const { region, service } = scope;
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const action = target ?? services[service].routes?.[`${http.method} ${path}`] ?? `${http.method} ${path}`;
    return { service, action, version: '', region, params: Params.of(JSON.parse(body || '{}'), 'query'), scope, http };
  }
  const rest = scope?.service === 's3' ? s3Request(method, path, body) : null;
  const form = rest?.form ?? (method === 'GET' ? query : body);
  const fields = new URLSearchParams(form);
  const version = fields.get('Version') ?? '';
  const service = serviceOf(scope?.service, version);
  return {
    service,
    action: rest?.action ?? fields.get('Action') ?? '',
    version,
    region: scope?.region ?? 'us-east-1',
    params: Params.parse(form, service === 'ec2' ? 'ec2' : 'query'),
    scope,
    http,
  };
}

function serviceOf(signed: string | undefined, version: string): Service {
  if (signed !== undefined && Object.hasOwn(services, signed)) return signed as Service;
  const byVersion = Object.entries(services).find(([, table]) => table.version === version);
  return (byVersion?.[0] ?? 'elasticloadbalancing') as Service;
}

/** What a discovery would see if AWS left some interfaces out. */
function without(region: RegionState, { zoneId, ips }: FaultRule): RegionState {
  const interfaces = new Map(
    [...region.interfaces].filter(([, one]) => {
      if (zoneId !== undefined) return one.zoneId !== zoneId;
      return ips !== undefined && !one.privateIps.some(({ ip }) => ips.includes(ip));
    }),
  );
  return { ...region, interfaces };
}

function send(
  response: ServerResponse,
  service: Service,
  status: number,
  requestId: string,
  text: string,
  fault: FaultRule | null,
): void {
  const body =
    fault?.kind === 'emptyBody'
      ? ''
      : fault?.kind === 'wrongXml'
        ? '<html><body>It works!</body></html>'
        : fault?.kind === 'truncate'
          ? text.slice(0, Math.floor(text.length / 2))
          : text;
  // `Date` stays real: clients re-base their signing clock on it.
  response.writeHead(status, {
    'content-type': contentType(service),
    'content-length': Buffer.byteLength(body),
    [service === 's3' ? 'x-amz-request-id' : 'x-amzn-requestid']: requestId,
  });
  response.end(body);
}

const contentType = (service: Service): string =>
  speaksJson(service) ? 'application/x-amz-json-1.1' : service === 'ec2' ? 'text/xml;charset=UTF-8' : 'text/xml';

/** Waits, or ends with the connection: a client that has hung up keeps nothing alive. */
const seconds = (count: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, count * 1000);
    timer.unref();
    response.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
