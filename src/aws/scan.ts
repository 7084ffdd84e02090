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
  /** Nothing found yet. Copied, it gives every result the same layout: V8 is slow at objects that grow name by name. */
  readonly empty: Scanned;
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
export const struct = <const M extends Members>(members: M): Struct<M> => {
  const named = Object.entries(members).map(([element, wanted]): [string, readonly [string, Shape]] => [
    element,
    isNamed(wanted) ? wanted : [element, wanted],
  ]);
  return {
    kind: 'struct',
    members: new Map(named),
    empty: Object.fromEntries(named.map(([, [name]]) => [name, undefined])),
  };
};

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
const NAME = /^[A-Za-z][\w.-]*$/;
const [TAB, NEWLINE, SPACE, SLASH] = [0x09, 0x0a, 0x20, 0x2f];
const DEEPEST = 50;

/** A tag that has come up. What an answer repeats is not read anew but compared with what came last. */
interface Tag {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  /** Whether it closes itself. */
  readonly isEmpty: boolean;
  /** The last text in such an element: most are the same again and again. */
  text: string;
  /** The tag that came after it last time. */
  next: Tag | undefined;
}

const tagOf = (name: string, isEmpty: boolean): Tag => ({
  name,
  start: `<${name}${isEmpty ? '/' : ''}>`,
  end: `</${name}>`,
  isEmpty,
  text: '',
  next: undefined,
});

class Scanner {
  private readonly xml: string;
  /** One character a byte: then a text can be copied out of the answer. A slice would keep all of it in memory. */
  private readonly isPlain: boolean;
  private at = 0;
  private depth = 0;
  private latest = tagOf('', false);
  private readonly tags = new Map<string, Tag>();

  constructor(private readonly bytes: Buffer) {
    this.xml = bytes.toString('utf8');
    this.isPlain = this.xml.length === bytes.length;
  }

  document(rootName: string, root: Struct): Scanned {
    const { xml } = this;
    const prolog = PROLOG.exec(xml)?.[0] ?? unusual();
    if (xml.includes('\r') || !xml.startsWith(`<${rootName}`, prolog.length)) unusual();
    const start = prolog.length + 1 + rootName.length;
    const end = xml.indexOf('>', start);
    const attributes = xml.slice(start, end);
    if (end < 0 || (attributes !== '' && !NAMESPACE.test(attributes))) unusual();
    this.at = end + 1;
    const found = this.members(tagOf(rootName, false), root);
    return xml.slice(this.at).trim() === '' ? found : unusual();
  }

  /** Stands behind the opening tag, and then behind the closing one. */
  private value(tag: Tag, shape: Shape): unknown {
    if (shape === 'text') return this.text(tag);
    if (shape === 'flag') return { true: true, false: false }[this.text(tag)] ?? unusual();
    if (shape === 'number') {
      const digits = this.text(tag);
      return /^\d{1,9}$/.test(digits) ? Number(digits) : unusual();
    }
    return shape.kind === 'list' ? this.elements(tag, shape) : this.members(tag, shape);
  }

  private elements(tag: Tag, { element, of }: List<Shape>): unknown[] {
    const found: unknown[] = [];
    while (this.hasNext(tag)) {
      const child = this.tag();
      if (child.name === element) found.push(child.isEmpty ? nothing(of) : this.value(child, of));
      else if (!child.isEmpty) this.pass(child);
    }
    return found;
  }

  private members(tag: Tag, { members, empty }: Struct): Scanned {
    const found = { ...empty };
    while (this.hasNext(tag)) {
      const child = this.tag();
      const wanted = members.get(child.name);
      if (wanted) {
        if (found[wanted[0]] !== undefined) unusual();
        found[wanted[0]] = child.isEmpty ? nothing(wanted[1]) : this.value(child, wanted[1]);
      } else if (!child.isEmpty) this.pass(child);
    }
    return found;
  }

  /** Whether one more element comes before the closing tag, behind which it stands otherwise. */
  private hasNext(tag: Tag): boolean {
    const { xml } = this;
    const next = xml.indexOf('<', this.at);
    if (next < 0) unusual();
    if (next > this.at) this.layout(next);
    if (xml.charCodeAt(next + 1) === SLASH) {
      this.close(tag);
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

  private text(tag: Tag): string {
    const next = this.xml.indexOf('<', this.at);
    if (next < 0) unusual();
    const start = this.at;
    this.at = next;
    this.close(tag);
    if (tag.text.length === next - start && this.xml.startsWith(tag.text, start)) return tag.text;
    const raw = this.isPlain ? this.bytes.toString('latin1', start, next) : this.xml.slice(start, next);
    const text = raw.includes('&') ? decoded(raw) : raw;
    // As the SDK has it: a blank with a line break is layout, any other is text.
    if (text.includes('\n') && text.trim() === '') return '';
    if (text === raw) tag.text = text;
    return text;
  }

  /** Passes over an element that nobody asks for; it must be whole all the same. */
  private pass(tag: Tag): void {
    this.depth += 1;
    if (this.depth > DEEPEST) unusual();
    for (;;) {
      this.at = this.xml.indexOf('<', this.at);
      if (this.at < 0) unusual();
      if (this.xml.charCodeAt(this.at + 1) === SLASH) break;
      const child = this.tag();
      if (!child.isEmpty) this.pass(child);
    }
    this.close(tag);
    this.depth -= 1;
  }

  private tag(): Tag {
    const { xml, at, latest } = this;
    const guess = latest.next;
    const tag = guess && xml.startsWith(guess.start, at) ? guess : this.otherTag();
    this.at = at + tag.start.length;
    latest.next = tag;
    this.latest = tag;
    return tag;
  }

  private otherTag(): Tag {
    const end = this.xml.indexOf('>', this.at);
    if (end < 0) unusual();
    const content = this.xml.slice(this.at + 1, end);
    const isEmpty = content.endsWith('/');
    const tag = this.tags.get(content) ?? tagOf(isEmpty ? content.slice(0, -1) : content, isEmpty);
    if (!NAME.test(tag.name)) unusual();
    this.tags.set(content, tag);
    return tag;
  }

  private close({ end }: Tag): void {
    if (!this.xml.startsWith(end, this.at)) unusual();
    this.at += end.length;
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
