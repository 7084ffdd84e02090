import type { Tags } from '../state.js';
import { invalidParameterValue } from '../wire/errors.js';
import { AwsError, type Call } from '../wire/operation.js';

/** The values that an item has for a filter; none where it lacks the attribute. */
export type FilterTable<T> = Record<string, (item: T) => readonly (string | undefined)[]>;

/** Filters as EC2 applies them: filters are ANDed, their values ORed, names and values are case-sensitive. */
export function filtered<T>(
  { params, world }: Call,
  items: readonly T[],
  table: FilterTable<T>,
  tagsOf?: (item: T) => Tags,
): T[] {
  const filters = params.list('Filter').map((filter) => {
    const name = filter.string('Name') ?? '';
    const values = filter.strings('Value');
    return { values, read: reader(name, table, tagsOf) };
  });
  if (filters.reduce((sum, { values }) => sum + values.length, 0) > 200) {
    throw new AwsError(
      400,
      'FilterLimitExceeded',
      'The maximum number of filter values specified on a single call is 200',
    );
  }
  const tests = filters.map(({ values, read }) => {
    if (values.length === 0) throw invalidParameterValue('The filter value list is empty');
    const patterns = values.map((value) => pattern(value, world.knobs['filter.questionMark'] === 'zeroOrOne'));
    return (item: T) => read(item).some((value) => value !== undefined && patterns.some((one) => one(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function reader<T>(
  name: string,
  table: FilterTable<T>,
  tagsOf: ((item: T) => Tags) | undefined,
): (item: T) => readonly (string | undefined)[] {
  if (tagsOf && name.startsWith('tag:')) return (item) => [tagsOf(item).get(name.slice(4))];
  if (tagsOf && name === 'tag-key') return (item) => [...tagsOf(item).keys()];
  const read = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!read) throw invalidParameterValue(`The filter '${name}' is invalid`);
  return read;
}

/** `*` any characters, `?` at most one (or exactly one, by a knob), a backslash takes the next of these literally. */
export function pattern(text: string, questionMarkIsOptional: boolean): (value: string) => boolean {
  if (!/[*?\\]/.test(text)) return (value) => value === text;
  let source = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    const next = text[index + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      source += `\\${next}`;
      index += 1;
    } else if (character === '*') source += '[\\s\\S]*';
    else if (character === '?') source += questionMarkIsOptional ? '[\\s\\S]?' : '[\\s\\S]';
    else source += character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  const whole = new RegExp(`^${source}$`);
  return (value) => whole.test(value);
}
