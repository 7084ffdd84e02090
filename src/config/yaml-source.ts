import type { Document, LineCounter, Node, Scalar } from 'yaml';
import { UsageError } from '../errors.js';
import { quoted } from './values.js';

/** The value of a key, with the key itself so that even a missing value has a line. */
export interface Entry {
  readonly key: string;
  readonly keyNode: Node | null;
  readonly node: Node | null;
}

/** So many that no honest file has more, so few that following them all takes no time. */
const maxAliases = 1_000;

/**
 * A YAML file taken apart by hand, so that whatever is wrong in it can be told with its line. Every method throws a
 * UsageError `ConfigInvalid`, `FILE:LINE: …`, where the file holds something else than was asked for.
 */
export class YamlSource {
  private aliases = 0;

  private constructor(
    private readonly path: string,
    private readonly yaml: typeof import('yaml'),
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  static async parse(path: string, text: string): Promise<YamlSource> {
    const yaml = await import('yaml');
    const lines = new yaml.LineCounter();
    // Duplicate keys are looked for here, where both lines can be told.
    const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const source = new YamlSource(path, yaml, document, lines);
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw source.failAt(problem.pos[0], `is not valid YAML: ${problem.message}`);
    return source;
  }

  /** The whole document, as an entry without a key. */
  get root(): Entry {
    return { key: '', keyNode: null, node: this.document.contents };
  }

  /** `FILE:LINE` of a key, or of its value. */
  place(entry: Entry, of: 'key' | 'value' = 'value'): string {
    const node = of === 'key' ? (entry.keyNode ?? entry.node) : (entry.node ?? entry.keyNode);
    return this.at(node?.range?.[0] ?? 0);
  }

  fail(entry: Entry, message: string, suggestions: readonly string[] = [], of: 'key' | 'value' = 'value'): UsageError {
    return new UsageError('ConfigInvalid', `${this.place(entry, of)}: ${message}`, suggestions);
  }

  /** The entries of a mapping, each key once. `what` names the mapping. */
  entries(of: Entry, what: string): Entry[] {
    const map = this.resolve(of);
    if (!this.yaml.isMap<Node, Node | null>(map))
      throw this.fail(of, `${what}: this must be a mapping of keys to values.`);
    const seen = new Map<string, Entry>();
    for (const { key: keyNode, value: node } of map.items) {
      const key = this.text({ key: '', keyNode, node: keyNode }, `A key of ${what}`);
      const entry = { key, keyNode, node };
      const before = seen.get(key);
      if (before) {
        const line = this.place(before, 'key').slice(this.path.length + 1);
        throw this.fail(
          entry,
          `The key ${quoted(key)} stands here for the second time (first in line ${line}).`,
          [],
          'key',
        );
      }
      seen.set(key, entry);
    }
    return [...seen.values()];
  }

  /** The items of a list; a single value is a list of one. */
  items(of: Entry): Entry[] {
    const node = this.resolve(of);
    if (!this.yaml.isSeq<Node>(node)) return [of];
    return node.items.map((item) => ({ key: of.key, keyNode: of.keyNode, node: item }));
  }

  /** Text as it stands in the file: a number keeps its leading zeros. */
  text(of: Entry, what: string): string {
    const { value, source } = this.scalar(of, what);
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return source ?? String(value);
    if (value === null) throw this.fail(of, `${what} has no value.`);
    throw this.fail(of, `${what} must be text, not ${String(value)}.`, ['If it is meant as text, put it in quotes.']);
  }

  boolean(of: Entry, what: string): boolean {
    const { value, source } = this.scalar(of, what);
    if (typeof value === 'boolean') return value;
    throw this.fail(of, `${what} must be true or false, not ${quoted(source ?? String(value))}.`);
  }

  private scalar(of: Entry, what: string): Scalar {
    const node = this.resolve(of);
    if (node === null) throw this.fail(of, `${what} has no value.`);
    if (this.yaml.isScalar(node)) return node;
    const shape = this.yaml.isMap(node) ? 'mapping' : 'list';
    throw this.fail(of, `${what} must be a single value, not a ${shape}.`);
  }

  /** The node itself, or the one that it is an alias of. */
  private resolve(of: Entry): Node | null {
    if (!this.yaml.isAlias(of.node)) return of.node;
    if (++this.aliases > maxAliases) throw this.fail(of, `The file has more than ${maxAliases} aliases.`);
    const node = of.node.resolve(this.document);
    if (node) return node;
    throw this.fail(of, `No anchor ${quoted(`&${of.node.source}`)} stands before this alias.`);
  }

  private at(offset: number): string {
    return `${this.path}:${Math.max(1, this.lines.linePos(offset).line)}`;
  }

  private failAt(offset: number, message: string): UsageError {
    return new UsageError('ConfigInvalid', `${this.at(offset)}: ${message}`);
  }
}
