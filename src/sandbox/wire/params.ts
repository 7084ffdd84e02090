type Document = string | number | boolean | null | Document[] | { [name: string]: Document };

/** A document as fields of a form: `Subnets.member.1`. */
function flat(value: Document, infix: string, path = ''): [string, string][] {
  if (value === null) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  const entries = Array.isArray(value)
    ? value.map((item, index) => [`${infix}${index + 1}`, item] as const)
    : Object.entries(value);
  return entries.flatMap(([name, one]) => flat(one, infix, path ? `${path}.${name}` : name));
}

/**
 * The parameters of one request in the query protocols, as a tree of views on the flat form body.
 * EC2 numbers lists as `Name.1`, the AWS Query protocol (ELBv2, STS) as `Name.member.1`: the view hides which.
 */
export class Params {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly prefix: string,
    private readonly infix: '' | 'member.',
  ) {}

  static parse(form: string, style: 'ec2' | 'query'): Params {
    return new Params(new Map(new URLSearchParams(form)), '', style === 'ec2' ? '' : 'member.');
  }

  /** The same of a document, as a JSON protocol or CloudFormation brings it. */
  static of(document: Document, style: 'ec2' | 'query'): Params {
    const infix = style === 'ec2' ? '' : 'member.';
    return new Params(new Map(flat(document, infix)), '', infix);
  }

  /** The value of a scalar; undefined where the request does not name it. An empty string is a value. */
  string(name: string): string | undefined {
    return this.values.get(this.prefix + name);
  }

  integer(name: string): number | undefined {
    const text = this.string(name);
    return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
  }

  boolean(name: string): boolean | undefined {
    const text = this.string(name);
    return text === undefined ? undefined : text.toLowerCase() === 'true';
  }

  /** True where the request names `name` at all: as scalar, structure, list, or explicitly empty list (`Name=`). */
  has(name: string): boolean {
    const whole = this.prefix + name;
    for (const key of this.values.keys()) if (key === whole || key.startsWith(`${whole}.`)) return true;
    return false;
  }

  /** The structure below `name`. */
  structure(name: string): Params {
    return new Params(this.values, `${this.prefix}${name}.`, this.infix);
  }

  /** The structures of a list, in the order of their numbers; gaps are passed over. */
  list(name: string): Params[] {
    return this.numbers(name).map((n) => this.structure(`${name}.${this.infix}${n}`));
  }

  /** The scalars of a list, in the order of their numbers. */
  strings(name: string): string[] {
    return this.numbers(name)
      .map((n) => this.string(`${name}.${this.infix}${n}`))
      .filter((value) => value !== undefined);
  }

  /** Every top-level name in the request, without list numbers: `Filter.1.Name` gives `Filter`. */
  topLevelNames(): Set<string> {
    return new Set([...this.values.keys()].map((key) => key.split('.')[0] as string));
  }

  /** The flat pairs as they came, for the journal. */
  entries(): [string, string][] {
    return [...this.values];
  }

  private numbers(name: string): number[] {
    const start = `${this.prefix}${name}.${this.infix}`;
    const found = new Set<number>();
    for (const key of this.values.keys()) {
      if (!key.startsWith(start)) continue;
      const number = Number(key.slice(start.length).split('.')[0]);
      if (Number.isInteger(number) && number > 0) found.add(number);
    }
    return [...found].sort((a, b) => a - b);
  }
}
