import { isAscii } from 'node:buffer';

/** What is wanted of an element: its text, true or false, a whole number, the elements of a list, or some of its members. */
export type Shape = Leaf | List<Shape> | Struct;
type Leaf = 'text' | 'flag' | 'number';

/** The elements of one name; any other one is passed over. Rows are what an answer is about: there may be thousands. */
export interface List<Of = unknown> {
  readonly kind: 'list' | 'rows';
  readonly element: string;
  readonly of: Of;
}

/** Element -> what is wanted of it, and its name in the result if that is another. */
type Members = Readonly<Record<string, Shape | readonly [name: string, shape: Shape]>>;

export interface Struct<M = unknown> {
  readonly kind: 'struct';
  readonly members: ReadonlyMap<string, readonly [name: string, shape: Shape]>;
  /** Only for the type of what is found. */
  readonly of?: M;
}

/** What a shape gives: whatever reads an answer can ask for nothing that was not scanned. */
export type Found<S> = S extends 'text'
  ? string
  : S extends 'flag'
    ? boolean
    : S extends 'number'
      ? number
      : S extends List<infer Of>
        ? Found<Of>[]
        : S extends Struct<infer M>
          ? {
              readonly [K in keyof M as Name<K, M[K]>]?:
                | Found<M[K] extends readonly [string, infer Of] ? Of : M[K]>
                | undefined;
            }
          : never;
type Name<K, M> = M extends readonly [infer N extends string, Shape] ? N : K;

export const list = <const Of extends Shape>(element: string, of: Of): List<Of> => ({ kind: 'list', element, of });
export const rows = <const Of extends Shape>(element: string, of: Of): List<Of> => ({ kind: 'rows', element, of });
export const struct = <const M extends Members>(members: M): Struct<M> => ({
  kind: 'struct',
  members: new Map(
    Object.entries(members).map(([element, wanted]): [string, readonly [string, Shape]] => [
      element,
      isNamed(wanted) ? wanted : [element, wanted],
    ]),
  ),
});

const isNamed = (wanted: Members[string]): wanted is readonly [string, Shape] => Array.isArray(wanted);

export type Scanned = { [name: string]: unknown };

/**
 * Reads from an answer of AWS's just what is wanted. The SDK's own parser builds everything, character by character, and
 * takes longer for a full page than its way over the network.
 *
 * AWS writes the rows of an answer alike. The first one is read tag by tag, which makes a pattern of it: the same tags
 * around any texts. By that, V8 itself turns all rows that are written like the first one into JSON, and reads it, at less
 * than half of the cost. Nothing is checked less: each tag has to be there, and no text can hold another one.
 *
 * The scan knows only the plain XML that AWS writes. Whatever else there is (attributes, comments, CDATA, a declaration
 * of entities, text between elements, an element twice where one is wanted, a tag that is not closed) ends it with null,
 * and the SDK's parser decides. So for every answer either there is no scan, or its values are the SDK's.
 * @param root what is wanted of the root element
 */
export function scan(bytes: Buffer, rootName: string, root: Struct): Scanned | null {
  try {
    return new Scanner(bytes).document(rootName, root);
  } catch (error) {
    if (error === UNUSUAL) return null;
    throw error;
  }
}

const UNUSUAL = Symbol('XML that AWS does not write');
const unusual = (): never => {
  throw UNUSUAL;
};

const PROLOG = /^[ \t\n]*(?:<\?xml [^<>?]*\?>[ \t\n]*)?(?=<)/;
const NAMESPACE = /^ xmlns="[^"<>&]*"$/;
/** Before a tag there is nothing, or a blank with a line break; in it there is nothing but its name. */
const TAG = /(?:[ \t]*\n[ \t\n]*)?<(\/?)([A-Za-z][\w.-]*)(\/?)>/y;
const DEEPEST = 50;

interface Tag {
  readonly kind: 'open' | 'empty' | 'close';
  readonly name: string;
}

/** How a row is written, and the same as JSON: `$1` stands for the first text that is wanted of it. */
interface Layout {
  readonly pattern: RegExp;
  readonly json: string;
}

/** Rows that are longer, or written in still other ways, are all read tag by tag. A replacement knows no $100. */
const LONGEST_PATTERN = 20_000;
const MOST_LAYOUTS = 20;
const MOST_TEXTS = 99;
/** Characters that are looked at together. */
const CHUNK = 32_768;
/** A blank in JSON, and in no answer that is scanned: behind the JSON of each row, it tells where the rows end. */
const END = '\r';

/** Which texts a pattern takes, those that mean the same in XML and in JSON, and what JSON has around them. */
const LEAVES: Readonly<Record<Leaf, { readonly pattern: string; readonly quote: string }>> = {
  text: { pattern: '([^<&"\\\\\\0-\\x1f]*)', quote: '"' },
  flag: { pattern: '(true|false)', quote: '' },
  number: { pattern: '(0|[1-9]\\d{0,8})', quote: '' },
};

class Scanner {
  private readonly xml: string;
  private at = 0;
  private depth = 0;
  /** The layout of the row that is being read tag by tag, as far as it was read. */
  private pattern = '';
  private json = '';
  private texts = 0;

  constructor(bytes: Buffer) {
    this.xml = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  }

  document(rootName: string, root: Struct): Scanned {
    const { xml } = this;
    const prolog = PROLOG.exec(xml)?.[0] ?? unusual();
    if (xml.includes(END) || !xml.startsWith(`<${rootName}`, prolog.length)) unusual();
    const start = prolog.length + 1 + rootName.length;
    const end = xml.indexOf('>', start);
    const attributes = xml.slice(start, end);
    if (end < 0 || (attributes !== '' && !NAMESPACE.test(attributes))) unusual();
    this.at = end + 1;
    const found = this.members(rootName, root);
    return xml.slice(this.at).trim() === '' ? found : unusual();
  }

  /** Stands behind the opening tag, and then behind the closing one. */
  private value({ kind, name }: Tag, shape: Shape): unknown {
    if (kind === 'empty') return this.nothing(shape);
    if (typeof shape === 'string') return this.leaf(name, shape);
    if (shape.kind === 'struct') return this.members(name, shape);
    return shape.kind === 'rows' ? this.rows(name, shape) : this.elements(name, shape);
  }

  private members(parent: string, { members }: Struct): Scanned {
    const found: Scanned = {};
    let mark = '{';
    for (let tag = this.tag(); !closes(tag, parent); tag = this.tag()) {
      const wanted = members.get(tag.name);
      if (!wanted) {
        this.pass(tag);
        continue;
      }
      const [name, shape] = wanted;
      if (Object.hasOwn(found, name)) unusual();
      this.json += `${mark}"${name}":`;
      found[name] = this.value(tag, shape);
      mark = ',';
    }
    this.json += mark === '{' ? '{}' : '}';
    return found;
  }

  private elements(parent: string, { element, of }: List<Shape>): unknown[] {
    const found: unknown[] = [];
    this.json += '[';
    for (let tag = this.tag(); !closes(tag, parent); tag = this.tag()) {
      if (tag.name !== element) {
        this.pass(tag);
        continue;
      }
      if (found.length > 0) this.json += ',';
      found.push(this.value(tag, of));
    }
    this.json += ']';
    return found;
  }

  private rows(parent: string, { element, of }: List<Shape>): unknown[] {
    const found: unknown[] = [];
    const layouts: Layout[] = [];
    for (;;) {
      const alike = this.rowsOf(layouts);
      for (const row of alike) found.push(row);
      if (alike.length > 0) continue;
      this.pattern = '';
      this.json = '';
      this.texts = 0;
      const tag = this.tag();
      if (closes(tag, parent)) return found;
      if (tag.name !== element) {
        this.pass(tag);
        continue;
      }
      found.push(this.value(tag, of));
      if (layouts.length < MOST_LAYOUTS && this.pattern.length < LONGEST_PATTERN && this.texts <= MOST_TEXTS) {
        layouts.push({ pattern: new RegExp(this.pattern, 'gy'), json: `${this.json},${END}` });
      }
    }
  }

  /** The next rows, as far as all are written by one of the layouts; stands behind them then. */
  private rowsOf(layouts: readonly Layout[]): unknown[] {
    const chunk = this.xml.slice(this.at, this.at + CHUNK);
    for (const { pattern, json } of layouts) {
      const written = chunk.replace(pattern, json);
      if (written === chunk) continue;
      const end = written.lastIndexOf(END) + 1;
      this.at += chunk.length - (written.length - end);
      return JSON.parse(`[${written.slice(0, end)}null]`).slice(0, -1);
    }
    return [];
  }

  private leaf(parent: string, shape: Leaf): unknown {
    const end = this.xml.indexOf('<', this.at);
    if (end < 0) unusual();
    const raw = this.xml.slice(this.at, end);
    const { pattern, quote } = LEAVES[shape];
    this.texts += 1;
    this.pattern += pattern;
    this.json += `${quote}$${this.texts}${quote}`;
    this.at = end;
    if (!closes(this.tag(), parent)) unusual();
    const text = raw.includes('&') ? decoded(raw) : raw;
    if (shape === 'flag') return { true: true, false: false }[text] ?? unusual();
    if (shape === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : unusual();
    // As the SDK has it: a blank with a line break is layout, any other is text.
    if (text.includes('\n') && text.trim() === '') return '';
    // A part of a string keeps all of it in memory.
    return Buffer.from(text).toString();
  }

  /** What the SDK makes of an element without content. */
  private nothing(shape: Shape): unknown {
    if (shape === 'flag' || shape === 'number') return unusual();
    const value = shape === 'text' ? '' : shape.kind === 'struct' ? {} : [];
    this.json += JSON.stringify(value);
    return value;
  }

  /** Passes over an element that nobody asks for; it must be whole all the same. */
  private pass({ kind, name }: Tag): void {
    if (kind === 'empty') return;
    this.depth += 1;
    if (this.depth > DEEPEST) unusual();
    for (;;) {
      this.at = this.xml.indexOf('<', this.at);
      if (this.at < 0) unusual();
      this.pattern += '[^<]*';
      const child = this.tag();
      if (closes(child, name)) break;
      this.pass(child);
    }
    this.depth -= 1;
  }

  private tag(): Tag {
    TAG.lastIndex = this.at;
    const found = TAG.exec(this.xml) ?? unusual();
    const [lead, slash, name, end] = found as unknown as [string, string, string, string];
    if (slash && end) unusual();
    this.at = TAG.lastIndex;
    this.pattern += lead.replaceAll('.', '\\.');
    return { kind: slash ? 'close' : end ? 'empty' : 'open', name };
  }
}

function closes({ kind, name }: Tag, parent: string): boolean {
  if (kind !== 'close') return false;
  return name === parent || unusual();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#x([\da-fA-F]{1,4})|#(\d{1,4})|(amp|lt|gt|quot|apos));|&/g, (_, hex, decimal, name) => {
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    if (decimal) return String.fromCharCode(Number.parseInt(decimal, 10));
    return ENTITIES[name] ?? unusual();
  });
