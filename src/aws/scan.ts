/** What is wanted of an element: its text, true or false, a whole number, the elements of a list, or some of its members. */
export type Shape = 'text' | 'flag' | 'number' | List<Shape> | Struct;

/** The elements of one name; any other one is passed over. */
export interface List<Of = unknown> {
  readonly kind: 'list';
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
export const struct = <const M extends Members>(members: M): Struct<M> => ({
  kind: 'struct',
  members: new Map(
    Object.entries(members).map(([element, wanted]) => [element, isNamed(wanted) ? wanted : [element, wanted]]),
  ),
});

const isNamed = (wanted: Members[string]): wanted is readonly [string, Shape] => Array.isArray(wanted);

export type Scanned = { [name: string]: unknown };

/**
 * Reads from an answer of AWS's just what is wanted, in one pass. The SDK's own parser builds everything, character by
 * character, and takes longer for a full page than its way over the network.
 *
 * The scan knows only the plain XML that AWS writes. Whatever else there is (attributes, comments, CDATA, a declaration
 * of entities, text between elements, an element twice where one is wanted, a tag that is not closed) ends it with null,
 * and the SDK's parser decides. So for every answer either there is no scan, or its values are the SDK's.
 * @param root what is wanted of the root element
 */
export function scan(xml: string, rootName: string, root: Struct): Scanned | null {
  try {
    return new Scanner(xml).document(rootName, root);
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
const NAME = /^[A-Za-z][\w.-]*$/;
const [TAB, NEWLINE, SPACE, SLASH] = [0x09, 0x0a, 0x20, 0x2f];
const DEEPEST = 50;

class Scanner {
  private at = 0;
  private depth = 0;
  /** Whether the tag read last closed itself. */
  private isEmpty = false;
  private readonly names = new Set<string>();

  constructor(private readonly xml: string) {}

  document(rootName: string, root: Struct): Scanned {
    const { xml } = this;
    const prolog = PROLOG.exec(xml)?.[0] ?? unusual();
    if (xml.includes('\r') || !xml.startsWith(`<${rootName}`, prolog.length)) unusual();
    const start = prolog.length + 1 + rootName.length;
    const end = xml.indexOf('>', start);
    const attributes = xml.slice(start, end);
    if (end < 0 || (attributes !== '' && !NAMESPACE.test(attributes))) unusual();
    this.at = end + 1;
    const found = this.members(rootName, root);
    return xml.slice(this.at).trim() === '' ? found : unusual();
  }

  /** Stands behind the opening tag, and then behind the closing one. */
  private value(name: string, shape: Shape): unknown {
    if (shape === 'text') return this.text(name);
    if (shape === 'flag') return { true: true, false: false }[this.text(name)] ?? unusual();
    if (shape === 'number') {
      const digits = this.text(name);
      return /^\d{1,9}$/.test(digits) ? Number(digits) : unusual();
    }
    return shape.kind === 'list' ? this.elements(name, shape) : this.members(name, shape);
  }

  private elements(name: string, { element, of }: List<Shape>): unknown[] {
    const found: unknown[] = [];
    while (this.hasNext(name)) {
      const child = this.tag();
      if (child === element) found.push(this.isEmpty ? nothing(of) : this.value(child, of));
      else if (!this.isEmpty) this.pass(child);
    }
    return found;
  }

  private members(name: string, { members }: Struct): Scanned {
    const found: Scanned = {};
    while (this.hasNext(name)) {
      const child = this.tag();
      const wanted = members.get(child);
      if (wanted) {
        if (wanted[0] in found) unusual();
        found[wanted[0]] = this.isEmpty ? nothing(wanted[1]) : this.value(child, wanted[1]);
      } else if (!this.isEmpty) this.pass(child);
    }
    return found;
  }

  /** Whether one more element comes before the closing tag, behind which it stands otherwise. */
  private hasNext(name: string): boolean {
    const { xml } = this;
    const next = xml.indexOf('<', this.at);
    if (next < 0) unusual();
    if (next > this.at) this.layout(next);
    if (xml.charCodeAt(next + 1) === SLASH) {
      this.close(name);
      return false;
    }
    return true;
  }

  /** Between elements there is nothing, or a blank with a line break. */
  private layout(end: number): void {
    let breaks = 0;
    for (; this.at < end; this.at += 1) {
      const code = this.xml.charCodeAt(this.at);
      if (code === NEWLINE) breaks += 1;
      else if (code !== SPACE && code !== TAB) unusual();
    }
    if (breaks === 0) unusual();
  }

  private text(name: string): string {
    const next = this.xml.indexOf('<', this.at);
    if (next < 0) unusual();
    const raw = this.xml.slice(this.at, next);
    this.at = next;
    this.close(name);
    const text = raw.includes('&') ? decoded(raw) : raw;
    // As the SDK has it: a blank with a line break is layout, any other is text.
    return text.includes('\n') && text.trim() === '' ? '' : text;
  }

  /** Passes over an element that nobody asks for; it must be whole all the same. */
  private pass(name: string): void {
    this.depth += 1;
    if (this.depth > DEEPEST) unusual();
    for (;;) {
      this.at = this.xml.indexOf('<', this.at);
      if (this.at < 0) unusual();
      if (this.xml.charCodeAt(this.at + 1) === SLASH) break;
      const child = this.tag();
      if (!this.isEmpty) this.pass(child);
    }
    this.close(name);
    this.depth -= 1;
  }

  private tag(): string {
    const end = this.xml.indexOf('>', this.at);
    if (end < 0) unusual();
    this.isEmpty = this.xml.charCodeAt(end - 1) === SLASH;
    const name = this.xml.slice(this.at + 1, this.isEmpty ? end - 1 : end);
    if (!this.names.has(name)) {
      if (!NAME.test(name)) unusual();
      this.names.add(name);
    }
    this.at = end + 1;
    return name;
  }

  private close(name: string): void {
    const tag = `</${name}>`;
    if (!this.xml.startsWith(tag, this.at)) unusual();
    this.at += tag.length;
  }
}

/** What the SDK makes of an element without content. */
function nothing(shape: Shape): unknown {
  if (shape === 'text') return '';
  if (shape === 'flag' || shape === 'number') return unusual();
  return shape.kind === 'list' ? [] : {};
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#x([\da-fA-F]{1,4})|#(\d{1,4})|(amp|lt|gt|quot|apos));|&/g, (_, hex, decimal, name) => {
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    if (decimal) return String.fromCharCode(Number.parseInt(decimal, 10));
    return ENTITIES[name] ?? unusual();
  });
