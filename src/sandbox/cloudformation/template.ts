import { parseDocument, type ScalarTag, type Tags } from 'yaml';
import { validationError } from '../wire/errors.js';
import type { Desired, ResourceDefinition, Template, Value } from './state.js';

/** YAML's short forms, as in `!Ref Vpc`; each stands for `{"Ref": "Vpc"}`, most of them with `Fn::` in front. */
const functions = ['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'Join', 'Not', 'Or'];
const shortForms = [...functions, 'Select', 'Split', 'Sub', 'Ref', 'Condition'];

const tags = shortForms.flatMap((name) =>
  ([undefined, 'seq', 'map'] as const).map((collection) => ({
    tag: `!${name}`,
    ...(collection ? { collection } : {}),
    resolve: (value: string | { toJSON(): Value }) => {
      const content = typeof value === 'string' ? value : value.toJSON();
      const isPath = name === 'GetAtt' && typeof content === 'string';
      return {
        [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: isPath ? splitOnce(content, '.') : content,
      };
    },
  })),
) as ScalarTag[] as Tags;

const splitOnce = (text: string, separator: string): string[] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

/** A template, JSON or YAML; throws what AWS says of one that is neither. */
export function parseTemplate(body: string): Template {
  const document = parseDocument(body, { customTags: tags, prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    throw validationError(`Template format error: YAML not well-formed. (${problem.message.split('\n')[0]})`);
  }
  const template = document.toJS() as Template | null;
  if (typeof template !== 'object' || template === null)
    throw validationError('Template format error: unsupported structure.');
  if (!template.Resources || Object.keys(template.Resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  checkReferences(template);
  return template;
}

/** The values of a template's parameters: those given, else those of before, else the defaults. */
export function parametersOf(template: Template, given: Map<string, string | undefined>, before: Map<string, string>) {
  const declared = template.Parameters ?? {};
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const values = new Map<string, string>();
  for (const [name, { Default, AllowedValues }] of Object.entries(declared)) {
    const value = (given.has(name) ? (given.get(name) ?? before.get(name)) : undefined) ?? Default?.toString();
    if (value === undefined) continue;
    if (AllowedValues && !AllowedValues.map(String).includes(value)) {
      throw validationError(`Parameter '${name}' must be one of AllowedValues`);
    }
    values.set(name, value);
  }
  const missing = Object.keys(declared).filter((name) => !values.has(name));
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** The resources whose condition holds. */
export const activeResources = (desired: Desired, scope: Scope): [string, ResourceDefinition][] =>
  Object.entries(desired.template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition, desired, scope),
  );

/** What functions need to know of the stack. */
export interface Scope {
  pseudo: ReadonlyMap<string, string>;
  /** Logical id -> physical id; undefined before there is one. */
  ref(logicalId: string): string | undefined;
  attribute(logicalId: string, attribute: string): string | undefined;
}

/** Works out every function; null where what it names does not exist yet. */
export function resolve(value: Value, desired: Desired, scope: Scope): Value {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, desired, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [key = '', ...others] = Object.keys(value);
  const evaluate = others.length === 0 && Object.hasOwn(evaluators, key) ? evaluators[key] : undefined;
  if (evaluate) return evaluate(value[key] as Value, desired, scope);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, resolve(one, desired, scope)] as const)
      .filter(([, one]) => one !== NO_VALUE),
  );
}

const NO_VALUE = 'AWS::NoValue';

const evaluators: Record<string, (argument: Value, desired: Desired, scope: Scope) => Value> = {
  Ref: (name, desired, scope) => reference(String(name), desired, scope),
  'Fn::GetAtt': (argument, _desired, scope) => {
    const [logicalId = '', attribute = ''] = Array.isArray(argument)
      ? argument.map(String)
      : splitOnce(String(argument), '.');
    return scope.attribute(logicalId, attribute) ?? null;
  },
  'Fn::Sub': (argument, desired, scope) => {
    const [text, more] = Array.isArray(argument) ? argument : [argument, {}];
    const own = resolve((more ?? {}) as Value, desired, scope) as Record<string, Value>;
    return String(text).replace(/\$\{([^!}][^}]*)\}|\$\{!([^}]*)\}/g, (_whole, name?: string, literal?: string) => {
      if (name === undefined) return `\${${literal}}`;
      if (Object.hasOwn(own, name)) return String(own[name]);
      const [logicalId = '', attribute] = splitOnce(name, '.');
      return String((attribute ? scope.attribute(logicalId, attribute) : reference(name, desired, scope)) ?? '');
    });
  },
  'Fn::Join': (argument, desired, scope) => {
    const [separator, list] = resolve(argument, desired, scope) as [string, Value[]];
    return (Array.isArray(list) ? list : [list]).map(String).join(separator);
  },
  'Fn::Select': (argument, desired, scope) => {
    const [index, list] = resolve(argument, desired, scope) as [string | number, Value[]];
    return list[Number(index)] ?? null;
  },
  'Fn::Split': (argument, desired, scope) => {
    const [separator, text] = resolve(argument, desired, scope) as [string, string];
    return String(text).split(separator);
  },
  'Fn::FindInMap': (argument, desired, scope) => {
    const [map, first, second] = resolve(argument, desired, scope) as [string, string, string];
    return desired.template.Mappings?.[map]?.[first]?.[second] ?? null;
  },
  'Fn::Base64': (argument, desired, scope) => Buffer.from(String(resolve(argument, desired, scope))).toString('base64'),
  'Fn::If': (argument, desired, scope) => {
    const [condition, then, otherwise] = argument as [string, Value, Value];
    return resolve(holds(condition, desired, scope) ? then : otherwise, desired, scope);
  },
  'Fn::Equals': (argument, desired, scope) => {
    const [one, other] = resolve(argument, desired, scope) as [Value, Value];
    return String(one) === String(other);
  },
  'Fn::Not': (argument, desired, scope) => !(resolve(argument, desired, scope) as [boolean])[0],
  'Fn::And': (argument, desired, scope) => (resolve(argument, desired, scope) as boolean[]).every(Boolean),
  'Fn::Or': (argument, desired, scope) => (resolve(argument, desired, scope) as boolean[]).some(Boolean),
  Condition: (name, desired, scope) => holds(String(name), desired, scope),
};

const holds = (condition: string, desired: Desired, scope: Scope): boolean =>
  resolve(desired.template.Conditions?.[condition] ?? false, desired, scope) === true;

function reference(name: string, desired: Desired, scope: Scope): Value {
  const parameter = desired.parameters.get(name);
  if (parameter === undefined)
    return scope.pseudo.get(name) ?? scope.ref(name) ?? (name === NO_VALUE ? NO_VALUE : null);
  const type = desired.template.Parameters?.[name]?.Type ?? 'String';
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList ? (parameter === '' ? [] : parameter.split(',').map((item) => item.trim())) : parameter;
}

/** Every logical id that a resource names, by function or by DependsOn. */
export function dependenciesOf(definition: ResourceDefinition): Set<string> {
  const found = new Set([definition.DependsOn ?? []].flat());
  const visit = (value: Value | undefined): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, content] of Object.entries(value)) {
        if (key === 'Ref') found.add(String(content));
        else if (key === 'Fn::GetAtt')
          found.add(String(Array.isArray(content) ? content[0] : splitOnce(String(content), '.')[0]));
        else if (key === 'Fn::Sub') {
          const [text, more] = Array.isArray(content) ? content : [content, {}];
          const own = Object.keys((more ?? {}) as object);
          for (const [, name = ''] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
            const [logicalId = ''] = splitOnce(name, '.');
            if (!own.includes(name)) found.add(logicalId);
          }
          visit(more);
        } else visit(content);
      }
    }
  };
  visit(definition.Properties);
  return found;
}

function checkReferences({ Resources, Parameters = {} }: Template): void {
  const isKnown = (name: string): boolean =>
    Object.hasOwn(Resources, name) || Object.hasOwn(Parameters, name) || name.startsWith('AWS::');
  const unresolved = Object.values(Resources).flatMap((one) =>
    [...dependenciesOf(one)].filter((name) => !isKnown(name)),
  );
  if (unresolved.length > 0) {
    const names = [...new Set(unresolved)].join(', ');
    throw validationError(
      `Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  const open = new Map(Object.entries(Resources).map(([name, one]) => [name, dependenciesOf(one)]));
  for (let done = true; done; ) {
    done = false;
    for (const [name, needs] of open) {
      if ([...needs].some((other) => open.has(other))) continue;
      open.delete(name);
      done = true;
    }
  }
  if (open.size > 0) throw validationError(`Circular dependency between resources: [${[...open.keys()].join(', ')}]`);
}
