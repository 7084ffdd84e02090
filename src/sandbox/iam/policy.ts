import { wildcard } from '../wildcard.js';

/** An identity policy, checked: the statements that allow something. */
export interface Policy {
  statements: Statement[];
}

interface Statement {
  actions: string[];
  resources: string[];
  conditions: Condition[];
}

interface Condition {
  quantifier: 'ForAllValues' | 'ForAnyValue' | null;
  comparison: 'StringEquals' | 'StringLike' | 'Null';
  key: string;
  values: string[];
}

/** One permission that a call needs. */
export interface Need {
  /** `ec2:CreateTags` */
  action: string;
  /** An ARN, or `*` where the action is not authorised on a resource. */
  resource: string;
  /** Condition keys in lower case, as IAM compares them. */
  context: Map<string, string[]>;
}

/** Reads a policy document. Throws where it holds what is not modelled: nothing is passed over in silence. */
export function parsePolicy(document: unknown): Policy {
  const { Version, Statement, ...rest } = object('the policy', document);
  refuseUnknown('a policy', rest);
  if (Version !== '2012-10-17')
    throw new Error(`a policy has the Version "2012-10-17", not ${JSON.stringify(Version)}`);
  return { statements: [Statement].flat().map(statement) };
}

function statement(document: unknown): Statement {
  const { Sid, Effect, Action, Resource, Condition, ...rest } = object('a statement', document);
  refuseUnknown(`the statement ${Sid ?? ''}`, rest);
  if (Effect !== 'Allow') throw new Error(`only the Effect "Allow" is modelled, not ${JSON.stringify(Effect)}`);
  return {
    actions: texts('Action', Action),
    resources: texts('Resource', Resource),
    conditions: Object.entries(object('Condition', Condition ?? {})).flatMap(([operator, keys]) =>
      Object.entries(object(operator, keys)).map(([key, values]) => condition(operator, key, texts(key, values))),
    ),
  };
}

function condition(operator: string, key: string, values: string[]): Condition {
  const [, quantifier, comparison] =
    /^(?:(ForAllValues|ForAnyValue):)?(StringEquals|StringLike|Null)$/.exec(operator) ?? [];
  if (!comparison) throw new Error(`the condition operator ${operator} is not modelled`);
  return {
    quantifier: (quantifier ?? null) as Condition['quantifier'],
    comparison: comparison as Condition['comparison'],
    key: key.toLowerCase(),
    values,
  };
}

/** Whether some statement allows it: without one, IAM denies. */
export const allows = (policies: readonly Policy[], need: Need): boolean =>
  policies.some(({ statements }) =>
    statements.some(
      ({ actions, resources, conditions }) =>
        actions.some((pattern) => wildcard(pattern.toLowerCase(), need.action.toLowerCase())) &&
        resources.some((pattern) => fitsArn(pattern, need.resource)) &&
        conditions.every((one) => holds(one, need.context.get(one.key))),
    ),
  );

/** A key that is absent holds nothing but `Null: true` and `ForAllValues`, as IAM's guide says. */
function holds({ quantifier, comparison, values }: Condition, found: readonly string[] | undefined): boolean {
  if (comparison === 'Null') return values.every((value) => (value === 'true') === (found === undefined));
  const matches = (value: string) =>
    values.some((wanted) => (comparison === 'StringLike' ? wildcard(wanted, value) : wanted === value));
  return quantifier === 'ForAllValues' ? (found ?? []).every(matches) : (found ?? []).some(matches);
}

/** Each part of an ARN by itself: a wildcard does not reach over a colon, but for the last part, which may hold some. */
function fitsArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = parts(pattern);
  const found = parts(arn);
  return wanted.length === found.length && wanted.every((part, index) => wildcard(part, found[index] ?? ''));
}

function parts(arn: string): string[] {
  const all = arn.split(':');
  return all.length <= 6 ? all : [...all.slice(0, 5), all.slice(5).join(':')];
}

function object(what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} must be an object`);
}

function texts(what: string, value: unknown): string[] {
  const all = [value].flat();
  if (all.length > 0 && all.every((one) => typeof one === 'string')) return all;
  throw new Error(`${what} must be a text or a list of texts`);
}

function refuseUnknown(what: string, rest: Record<string, unknown>): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw new Error(`${name} in ${what} is not modelled`);
}
