import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPLATE_BYTES, TEMPLATE_IN_BUCKET_BYTES } from '../aws/ports.js';
import { UsageError } from '../errors.js';
import { closest } from './suggest.js';
import { quoted } from './values.js';

/** A template and the values of its parameters, as a deployment takes them. */
export interface StackFiles {
  /** As CloudFormation gets it. */
  readonly template: string;
  /** Parameter -> CloudFormation's type: `String`, `List<AWS::EC2::Subnet::Id>` … */
  readonly types: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** How many load balancers of each type the template makes. */
  readonly loadBalancers: Readonly<Record<'application' | 'network', number>>;
  readonly targetGroups: number;
  /** Whether a stage of API Gateway is to write an access log. */
  readonly writesAccessLog: boolean;
}

export const TEMPLATE_FILE = 'template.yaml';
export const PARAMETERS_FILE = 'parameters.json';

/** What of a template a deployment has to know. */
interface TemplateHead {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Resources?: Readonly<
    Record<
      string,
      { readonly Type?: string; readonly Properties?: { readonly Type?: unknown; readonly AccessLogSetting?: unknown } }
    >
  >;
}

/**
 * Reads what `stack scaffold` wrote, whatever people have made of it since. `overrides` are `KEY=VALUE`, and beat the
 * file.
 * @throws UsageError `StackFileUnreadable`, `StackFileInvalid`, `UnknownParameter`, `ParameterMissing`
 */
export async function readStackFiles(
  folder: string,
  overrides: readonly string[],
  limit: TemplateLimit = 'in the call',
): Promise<StackFiles> {
  const path = join(folder, TEMPLATE_FILE);
  const text = await read(path);
  if (text === null) {
    throw new UsageError('StackFileUnreadable', `There is no ${path}.`, [
      `Write one: lbbridge stack scaffold ${folder}`,
      'Or name the folder that holds it: --from DIR',
    ]);
  }
  const template = await parseTemplate(path, text);
  const file = join(folder, PARAMETERS_FILE);
  const values = new Map([...parseParameters(file, await read(file)), ...overrides.map(parseOverride)]);
  return stackFiles(text, template, values, limit);
}

/** The same of a template that was just made. */
export function stackFiles(
  text: string,
  template: TemplateHead,
  values: ReadonlyMap<string, string>,
  limit: TemplateLimit = 'in the call',
): StackFiles {
  checkSize(Buffer.byteLength(text), limit);
  const declared = Object.entries(template.Parameters ?? {});
  const names = declared.map(([name]) => name);
  for (const name of values.keys()) {
    if (names.includes(name)) continue;
    const near = closest(name, names);
    throw new UsageError('UnknownParameter', `The template has no parameter ${quoted(name)}.`, [
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `It has: ${names.join(', ')}`,
    ]);
  }
  const missing = declared.filter(([name, { Default }]) => Default === undefined && (values.get(name) ?? '') === '');
  if (missing.length > 0) {
    const list = missing.map(([name]) => name);
    throw new UsageError('ParameterMissing', `These parameters have no value: ${list.join(', ')}.`, [
      `Fill them in ${PARAMETERS_FILE}, or give them: ${list.map((name) => `--parameter ${name}=VALUE`).join(' ')}`,
    ]);
  }
  const resources = Object.values(template.Resources ?? {});
  const count = (type: string): number =>
    resources.filter(
      ({ Type, Properties }) => Type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && Properties?.Type === type,
    ).length;
  return {
    template: text,
    types: new Map(declared.map(([name, { Type = 'String' }]) => [name, Type])),
    parameters: values,
    loadBalancers: { application: count('application'), network: count('network') },
    targetGroups: resources.filter(({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::TargetGroup').length,
    writesAccessLog: resources.some(
      ({ Type, Properties }) => Type === 'AWS::ApiGateway::Stage' && Properties?.AccessLogSetting !== undefined,
    ),
  };
}

/** How a template is to reach CloudFormation, which takes larger ones from a bucket. */
export type TemplateLimit = 'in the call' | 'from a bucket';

function checkSize(size: number, limit: TemplateLimit): void {
  const most = limit === 'in the call' ? TEMPLATE_BYTES : TEMPLATE_IN_BUCKET_BYTES;
  if (size <= most) return;
  throw new UsageError('TemplateTooLarge', `The template has ${size} bytes; AWS takes ${most} ${limit}.`, [
    limit === 'in the call'
      ? 'Have it read from an S3 bucket of the region: --bucket NAME. Or make it smaller.'
      : 'Make it smaller, or two stacks of it.',
  ]);
}

async function parseTemplate(path: string, text: string): Promise<TemplateHead> {
  const yaml = await import('yaml');
  // CloudFormation's short forms are tags that only it knows; what is asked of the template needs none of them.
  const document = yaml.parseDocument(text, { logLevel: 'silent', prettyErrors: true });
  const [problem] = document.errors;
  if (problem) throw invalid(path, `is not valid YAML: ${problem.message}`);
  const content: unknown = document.toJS();
  if (!isMapping(content) || !isMapping(content.Resources)) throw invalid(path, 'is no CloudFormation template.');
  return content as TemplateHead;
}

/** The forms that the AWS CLI takes for `--parameter-overrides`; an empty value counts as none. */
function parseParameters(path: string, text: string | null): [string, string][] {
  if (text === null) return [];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalid(path, `is not valid JSON: ${(error as Error).message}`);
  }
  const list = Array.isArray(content)
    ? content
    : isMapping(content)
      ? Object.entries(content.Parameters ?? content)
      : null;
  const pairs = list?.map((one: unknown): [unknown, unknown] | null => {
    if (Array.isArray(one)) return [one[0], one[1]];
    if (isMapping(one)) return [one.ParameterKey, one.ParameterValue];
    return typeof one === 'string' ? parseOverride(one) : null;
  });
  return (pairs ?? [null]).flatMap((pair): [string, string][] => {
    const [key, value] = pair ?? [];
    if (typeof key !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) {
      throw invalid(path, 'holds something else than [{"ParameterKey": "…", "ParameterValue": "…"}].');
    }
    return value === '' ? [] : [[key, String(value)]];
  });
}

function parseOverride(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError('InvalidParameter', `${quoted(text)} is no parameter.`, ['Write it like VpcId=vpc-0a1b2c3d.']);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (path: string, why: string): UsageError => new UsageError('StackFileInvalid', `${path} ${why}`);

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError('StackFileUnreadable', `${path} cannot be read: ${(error as Error).message}`);
  }
}
