import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Module from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, vi } from 'vitest';
import { parseDocument } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { BridgeStack, StackOptions } from '../../src/stack/options.js';
import { codeFileOf } from '../../src/stack/template/index.js';
import { templateText } from '../../src/stack/template/text.js';
import type { Document } from './cli.js';
import { albArn, groupArn } from './stack-combinations.js';

/** A stack around a bridge that is there: the function, its schedule, its custom resource. */
export const aroundABridge: BridgeStack = {
  kind: 'bridge',
  events: true,
  alarms: null,
  subnetIds: [],
  front: { kind: 'target-group', targetGroup: groupArn, protocol: 'TCP' },
  back: { kind: 'alb', alb: albArn, protocol: 'HTTP' },
  api: null,
};

/** The same, whose function opens the ALB's security group. */
export const openingTheGroup: BridgeStack = {
  ...aroundABridge,
  back: { kind: 'alb', alb: albArn, protocol: 'HTTP', securityGroup: 'sg-11111111111111111' },
};

interface Invoked {
  /** What the invocation gave; undefined where it ended as an error. */
  readonly result: Document;
  readonly error: Error | undefined;
  /** The lines of its log, but for its metrics. */
  readonly lines: Document[];
  readonly metrics: Document[];
}

export type Invoke = (event?: object, milliseconds?: number) => Promise<Invoked>;

/** The very code that stands in the template, loaded as Lambda loads it. One call is one instance of the function. */
export async function functionOf(
  sandbox: Sandbox,
  stack: StackOptions = aroundABridge,
  env: Readonly<Record<string, string>> = {},
): Promise<Invoke> {
  const packed = readFileSync(new URL(`../../dist/${codeFileOf(stack)}`, import.meta.url), 'utf8');
  const template = parseDocument(await templateText(stack, packed), { logLevel: 'silent' });
  const { Code, Environment } = (template.toJS() as Document).Resources.SyncFunction.Properties;
  const told = { ...environmentOf(sandbox, Environment.Variables), ...sandbox.environment, ...env };
  for (const [name, value] of Object.entries(told)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  const { handler } = load(Code.ZipFile);
  return async (event = {}, milliseconds = 60_000) => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    const deadline = Date.now() + milliseconds;
    const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
    let result: Document;
    let error: Error | undefined;
    try {
      result = await handler(event, context);
    } catch (thrown) {
      error = thrown as Error;
    } finally {
      spy.mockRestore();
    }
    const log: Document[] = written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    return { result, error, lines: log.filter((line) => !line._aws), metrics: log.filter((line) => line._aws) };
  };
}

afterEach(() => vi.unstubAllEnvs());

/** The variables of the template, with what CloudFormation would have put in for references. */
function environmentOf({ stage }: Sandbox, variables: Readonly<Record<string, string>>): Record<string, string> {
  const values: Readonly<Record<string, string | undefined>> = {
    'AWS::StackName': 'edge',
    AlbArn: stage.alb.arn,
    TargetGroupArn: stage.group.arn,
    AlbSecurityGroupId: stage.alb.securityGroupIds[0],
  };
  const filled = Object.entries(variables).map(([name, text]) => {
    const value = values[text] ?? text.replace(/\$\{([\w:]+)\}/g, (_, key: string) => values[key] ?? key);
    return [name, value];
  });
  return Object.fromEntries(filled);
}

function load(code: string): { handler: (event: object, context: object) => Promise<Document> } {
  const filename = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const loaded = new Module(filename) as Module & {
    paths: string[];
    _compile(code: string, filename: string): void;
  };
  loaded.paths = [fileURLToPath(new URL('../../node_modules', import.meta.url))];
  loaded._compile(code, filename);
  return loaded.exports;
}

export interface Answers {
  readonly url: string;
  /** The documents that came, as CloudFormation got them. */
  readonly documents: Document[];
  close(): Promise<void>;
}

/** Where CloudFormation waits for a custom resource's answer. It refuses the first ones, if told. */
export async function answersOf({ refusing = 0 } = {}): Promise<Answers> {
  const documents: Document[] = [];
  let left = refusing;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      left -= 1;
      // The address is signed for a PUT without a type; CloudFormation takes no more than 4,096 bytes.
      const isPut = request.method === 'PUT' && !request.headers['content-type'];
      const isTaken = left < 0 && isPut && body.length <= 4096;
      response.writeHead(isTaken ? 200 : 503).end();
      if (isTaken) documents.push(JSON.parse(body.toString()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/answer?signature=x`,
    documents,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
