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
/** Before a tag there is nothing, or a blank with a line break; in it there is nothing but its name. */
const TOKEN = /^(?:[ \t]*\n[ \t\n]*)?<(?:[A-Za-z][\w.-]*\/?|\/[A-Za-z][\w.-]*)>$/;
const DEEPEST = 50;

/** A tag with the layout before it. What an answer repeats is not read anew but compared with what came last. */
interface Token {
  /** As it stands in the answer. */
  readonly lead: string;
  readonly kind: 'open' | 'empty' | 'close';
  readonly name: string;
  /** The tag that closes it. */
  readonly end: string;
  /** The last text in such an element: most are the same again and again. */
  text: string;
  /** What came after it last time. */
  next: Token | undefined;
}

function tokenOf(lead: string): Token {
  const tag = lead.slice(lead.indexOf('<') + 1, -1);
  const kind = tag.startsWith('/') ? 'close' : tag.endsWith('/') ? 'empty' : 'open';
  const name = kind === 'close' ? tag.slice(1) : kind === 'empty' ? tag.slice(0, -1) : tag;
  return { lead, kind, name, end: `</${name}>`, text: '', next: undefined };
}

class Scanner {
  private readonly xml: string;
  /** One character a byte: then a text can be copied out of the answer. A slice would keep all of it in memory. */
  private readonly isPlain: boolean;
  private at = 0;
  private depth = 0;
  private latest = tokenOf('<>');
  private readonly tokens = new Map<string, Token>();

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
    const found = this.members(tokenOf(`<${rootName}>`), root);
    return xml.slice(this.at).trim() === '' ? found : unusual();
  }

  /** Stands behind the opening tag, and then behind the closing one. */
  private value(tag: Token, shape: Shape): unknown {
    if (shape === 'text') return this.text(tag);
    if (shape === 'flag') return { true: true, false: false }[this.text(tag)] ?? unusual();
    if (shape === 'number') {
      const digits = this.text(tag);
      return /^\d{1,9}$/.test(digits) ? Number(digits) : unusual();
    }
    return shape.kind === 'list' ? this.elements(tag, shape) : this.members(tag, shape);
  }

  private elements(parent: Token, { element, of }: List<Shape>): unknown[] {
    const found: unknown[] = [];
    for (let token = this.token(); !this.closes(token, parent); token = this.token()) {
      if (token.name === element) found.push(token.kind === 'empty' ? nothing(of) : this.value(token, of));
      else this.pass(token);
    }
    return found;
  }

  private members(parent: Token, { members, empty }: Struct): Scanned {
    const found = { ...empty };
    for (let token = this.token(); !this.closes(token, parent); token = this.token()) {
      const wanted = members.get(token.name);
      if (wanted) {
        if (found[wanted[0]] !== undefined) unusual();
        found[wanted[0]] = token.kind === 'empty' ? nothing(wanted[1]) : this.value(token, wanted[1]);
      } else this.pass(token);
    }
    return found;
  }

  private closes(token: Token, parent: Token): boolean {
    if (token.kind !== 'close') return false;
    return token.name === parent.name || unusual();
  }

  private text(tag: Token): string {
    const next = this.xml.indexOf('<', this.at);
    if (next < 0) unusual();
    const start = this.at;
    if (!this.has(tag.end, next)) unusual();
    this.at = next + tag.end.length;
    if (tag.text.length === next - start && this.has(tag.text, start)) return tag.text;
    const raw = this.isPlain ? this.bytes.toString('latin1', start, next) : this.xml.slice(start, next);
    const text = raw.includes('&') ? decoded(raw) : raw;
    // As the SDK has it: a blank with a line break is layout, any other is text.
    if (text.includes('\n') && text.trim() === '') return '';
    if (text === raw) tag.text = text;
    return text;
  }

  /** Passes over an element that nobody asks for; it must be whole all the same. */
  private pass(token: Token): void {
    if (token.kind === 'empty') return;
    this.depth += 1;
    if (this.depth > DEEPEST) unusual();
    for (;;) {
      this.at = this.xml.indexOf('<', this.at);
      if (this.at < 0) unusual();
      const child = this.token();
      if (this.closes(child, token)) break;
      this.pass(child);
    }
    this.depth -= 1;
  }

  /** `startsWith` takes twice as long: it compares character by character. */
  private has(text: string, at: number): boolean {
    return this.xml.slice(at, at + text.length) === text;
  }

  private token(): Token {
    const { at, latest } = this;
    const guess = latest.next;
    const token = guess && this.has(guess.lead, at) ? guess : this.otherToken();
    this.at = at + token.lead.length;
    latest.next = token;
    this.latest = token;
    return token;
  }

  private otherToken(): Token {
    const end = this.xml.indexOf('>', this.at);
    if (end < 0) unusual();
    const lead = this.xml.slice(this.at, end + 1);
    const known = this.tokens.get(lead);
    if (known) return known;
    if (!TOKEN.test(lead)) unusual();
    const token = tokenOf(lead);
    this.tokens.set(lead, token);
    return token;
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
