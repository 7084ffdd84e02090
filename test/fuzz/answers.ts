import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { ErrorReport, Outcome, Warning } from '../../src/actions/outcome.js';
import { syncBridges } from '../../src/actions/sync-bridges.js';
import { connectAws } from '../../src/aws/connect.js';
import { envelope } from '../../src/cli/envelope.js';
import { failureOf } from '../../src/cli/failure.js';
import { resolveBridges } from '../../src/config/resolve-bridges.js';
import { renderError, renderWarning } from '../../src/render/messages.js';
import { plain } from '../../src/render/paint.js';
import { renderSync } from '../../src/render/plan.js';
import { safe } from '../../src/render/safe.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { interfacesGoFirst, replaceNode } from '../support/changes.js';
import { checkDocument } from '../support/schema.js';
import { type Edit, edit } from './hostile.js';
import { holdsNoSecret, isFitForATerminal } from './judge.js';

/** AWS's answers to a sync with something to register, to hold and to remove, as they came over the wire. */
async function record() {
  const sandbox = await startSandbox({ scenario: 'three-zones', knobs: interfacesGoFirst });
  const { builder, group, alb, subnets } = sandbox.stage;
  builder.targets(group, [builder.unusedAddress(subnets[0] as never)]);
  builder.settle(300);
  replaceNode(sandbox, 'a');
  const answers = new Map<string, string>();
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const answer = await fetch(`${sandbox.endpoint}/`, { method: 'POST', body, headers });
      const text = await answer.text();
      answers.set(new URLSearchParams(body).get('Action') ?? '', text);
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const ends = { alb: alb.arn, targetGroup: group.arn };
  await sync(ends, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, []);
  proxy.close();
  proxy.closeAllConnections();
  await sandbox.close();
  return { ends, answers };
}

const secretAccessKey = 'a-secret-that-nobody-may-see-1234567890';

async function sync(ends: { alb: string; targetGroup: string }, endpoint: string, debug: string[]) {
  const { signal } = new AbortController();
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'AKIASANDBOXHOME00001',
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    HOME: '/nowhere',
  };
  const ports = {
    connect: connectAws({ env, signal, debug: (line) => debug.push(line) }),
    now: () => new Date(),
    sleep: async () => undefined,
    signal,
    progress: () => undefined,
  };
  const bridges = await resolveBridges({ names: [], flags: ends, cwd: '/', env: {}, home: '/' });
  return syncBridges(bridges, { readOnly: false }, ports);
}

/** A property over AWS's answers to one sync, some of them changed; to be closed when it has been checked. */
export async function hostileAnswers() {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { ends, answers } = await record();
  /** What is changed in each action's answer, by case: its number stands in the path of its requests. */
  const edits = new Map<string, ReadonlyMap<string, readonly [Edit, number][]>>();
  let cases = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action') ?? '';
      let text = answers.get(action) ?? '';
      const changes = edits.get((request.url ?? '').replaceAll('/', ''));
      for (const [change, place] of changes?.get(action) ?? []) text = change(text, place);
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const change = fc.tuple(
    fc.constantFrom(...answers.keys()),
    fc.array(fc.tuple(edit, fc.nat(500)), { minLength: 1, maxLength: 3 }),
  );
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
    cases += 1;
    const id = String(cases);
    edits.set(id, new Map(changes));
    const debug: string[] = [];
    judge(await outcomeOf(ends, `${endpoint}/${id}`, debug), debug);
    edits.delete(id);
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { property, close };
}

async function outcomeOf(ends: { alb: string; targetGroup: string }, endpoint: string, debug: string[]) {
  try {
    return await sync(ends, endpoint, debug);
  } catch (error) {
    const { status, report } = failureOf(error);
    return { status, result: null, warnings: [] as Warning[], error: report };
  }
}

function judge(outcome: Outcome<unknown> & { error?: ErrorReport }, debug: readonly string[]): void {
  const { status, result, warnings, error } = outcome;
  if (error?.code === 'BugInLbbridge') throw new Error(error.message);
  const document = JSON.stringify(envelope('sync', status, result, warnings, error));
  checkDocument(JSON.parse(document));
  const shown = [
    ...(result === null ? [] : [renderSync(safe(result) as never, plain)]),
    ...warnings.map(renderWarning),
    ...(error ? [renderError(error)] : []),
  ].join('\n');
  isFitForATerminal(shown);
  for (const text of [document, shown, ...debug]) holdsNoSecret(text, [secretAccessKey]);
  if (Object.hasOwn(Object.prototype, 'polluted')) throw new Error('the prototype of all objects was changed');
}
