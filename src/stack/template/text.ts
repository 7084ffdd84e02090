import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { StackOptions } from '../options.js';
import { sectionsOf, templateOf } from './index.js';

type Yaml = typeof import('yaml');

/** The template as people read it: YAML in the order of its sections, each under its comment, with short functions. */
export async function templateText(options: StackOptions, code: string): Promise<string> {
  const yaml = await import('yaml');
  const document = new yaml.Document(templateOf(options, code), {
    aliasDuplicateObjects: false,
    // CloudFormation and Python's tools read YAML 1.1, where a bare `off` is a boolean.
    schema: 'yaml-1.1',
  });
  const root = document.contents as YAMLMap<Scalar, Node>;
  shorten(root, yaml);
  root.items.forEach((pair, index) => {
    pair.key.spaceBefore = index > 0;
  });
  const resources = root.get('Resources', true) as unknown as YAMLMap<Scalar, Node>;
  const keys = new Map(resources.items.map(({ key }) => [String(key.value), key]));
  const top = resources.items[0]?.key;
  for (const { comment, resources } of sectionsOf(options, code)) {
    const own = Object.keys(resources).flatMap((name) => keys.get(name) ?? []);
    for (const key of own) key.spaceBefore = key !== top;
    if (own[0]) own[0].commentBefore = wrapped(comment);
  }
  return document.toString({ lineWidth: 0, singleQuote: true, indentSeq: false, flowCollectionPadding: false });
}

/** `{Ref: X}` becomes `!Ref X`, and so for every function of CloudFormation's, as people write them. */
function shorten(node: Node, yaml: Yaml): void {
  if (yaml.isMap<Scalar, Node>(node)) for (const pair of node.items) pair.value = short(pair.value, yaml);
  if (!yaml.isSeq<Node>(node)) return;
  node.items = node.items.map((item) => short(item, yaml));
  node.flow = node.items.every((item) => yaml.isScalar(item) && typeof item.value === 'number');
}

function short<Kind extends Node | null>(node: Kind, yaml: Yaml): Kind | Node {
  if (node === null) return node;
  shorten(node, yaml);
  const [pair, more]: readonly Pair<Scalar, Node>[] = yaml.isMap<Scalar, Node>(node) ? node.items : [];
  if (!pair?.value || more) return node;
  const { key, value } = pair;
  const name = String(key.value);
  if (name !== 'Ref' && !name.startsWith('Fn::')) return node;
  const isAttribute = name === 'Fn::GetAtt' && yaml.isSeq<Scalar>(value);
  const argument = isAttribute ? new yaml.Scalar(value.items.map((item) => item.value).join('.')) : value;
  argument.tag = `!${name.replace('Fn::', '')}`;
  return argument;
}

/** A comment in lines of at most a hundred characters. */
const wrapped = (text: string): string => text.replace(/(.{1,96})(?:\s+|$)/g, ' $1\n').trimEnd();
