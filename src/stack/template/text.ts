import { Document, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { StackOptions } from '../options.js';
import { sectionsOf, templateOf } from './index.js';

/** The template as people read it: YAML in the order of its sections, each under its comment, with short functions. */
export function templateText(options: StackOptions, code: string): string {
  const document = new Document(templateOf(options, code), {
    aliasDuplicateObjects: false,
    // CloudFormation and Python’s tools read YAML 1.1, where a bare `off` is a boolean.
    schema: 'yaml-1.1',
  });
  const root = document.contents as YAMLMap<Scalar, Node>;
  shorten(root);
  root.items.forEach((pair, index) => {
    pair.key.spaceBefore = index > 0;
  });
  const resources = root.get('Resources', true) as unknown as YAMLMap<Scalar, Node>;
  const top = resources.items[0]?.key.value;
  const byName = new Map(resources.items.map((pair) => [String(pair.key.value), pair]));
  for (const { comment, resources } of sectionsOf(options, code)) {
    const names = Object.keys(resources);
    for (const name of names) (byName.get(name) as Pair<Scalar, Node>).key.spaceBefore = name !== top;
    const first = byName.get(names[0] ?? '');
    if (first) first.key.commentBefore = wrapped(comment);
  }
  return document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
}

/** `{Ref: X}` becomes `!Ref X`, and so for every function of CloudFormation's, as people write them. */
function shorten(node: Node): void {
  if (isMap<Scalar, Node>(node)) for (const pair of node.items) pair.value = short(pair.value);
  if (!isSeq<Node>(node)) return;
  node.items = node.items.map(short);
  node.flow = node.items.length > 0 && node.items.every((item) => isScalar(item) && typeof item.value === 'number');
}

function short<Kind extends Node | null>(node: Kind): Kind | Node {
  if (node === null) return node;
  shorten(node);
  const [pair, more] = isMap<Scalar, Node>(node) ? node.items : [];
  if (!pair?.value || more) return node;
  const { key, value } = pair;
  const name = String(key.value);
  if (name !== 'Ref' && !name.startsWith('Fn::')) return node;
  const tag = `!${name.replace('Fn::', '')}`;
  if (name === 'Fn::GetAtt' && isSeq<Scalar>(value)) {
    return tagged(new Scalar(value.items.map((item) => item.value).join('.')), tag);
  }
  return tagged(value, tag);
}

function tagged(node: Node, tag: string): Node {
  node.tag = tag;
  return node;
}

/** A comment in lines of at most a hundred characters. */
const wrapped = (text: string): string => text.replace(/(.{1,96})(?:\s+|$)/g, ' $1\n').trimEnd();
