import { createHash } from 'node:crypto';
import { invalidParameterValue } from '../wire/errors.js';
import { AwsError, type Call } from '../wire/operation.js';

/** How one operation words its paging errors: every service team of EC2's does it in its own way. */
export interface PagingWords {
  /** The operation, for its tokens. */
  operation: string;
  /** The parameter's name in the texts: `MaxResults` or `maxResults`. */
  parameter: 'MaxResults' | 'maxResults';
  /** What the ids are called where they meet MaxResults. */
  ids: string;
  idsParameter: string;
}

/**
 * One page of the items. Style `full` filters and then slices; `sparse` slices first, so that short and empty pages
 * with a token come up, which AWS allows itself too.
 */
export function paged<T>(
  call: Call,
  all: readonly T[],
  matching: (items: readonly T[]) => T[],
  idOf: (item: T) => string,
  words: PagingWords,
): { items: T[]; nextToken: string | undefined } {
  const { params, world } = call;
  const size = pageSize(call, words);
  const token = params.string('NextToken');
  const after = token === undefined ? null : readToken(call, token, words);
  // No order is promised; a stable shuffle keeps clients from leaning on one.
  const ordered = world.knobs['page.order'] === 'created' ? [...all] : [...all].sort(byHash(idOf));
  const start = after === null ? 0 : positionAfter(ordered, idOf, after, world.knobs['page.order'] === 'created');
  if (size === undefined) return { items: matching(ordered.slice(start)), nextToken: undefined };
  const candidates = world.knobs['page.style'] === 'sparse' ? ordered.slice(start) : matching(ordered.slice(start));
  const slice = candidates.slice(0, size);
  const last = slice.at(-1);
  const more = candidates.length > size && last !== undefined;
  return {
    items: world.knobs['page.style'] === 'sparse' ? matching(slice) : slice,
    nextToken: more ? makeToken(words.operation, idOf(last)) : undefined,
  };
}

function pageSize({ params }: Call, { parameter, ids, idsParameter }: PagingWords): number | undefined {
  const size = params.integer('MaxResults');
  if (size === undefined) return undefined;
  if (params.strings(idsParameter).length > 0) {
    const text =
      parameter === 'MaxResults' || idsParameter === 'GroupId'
        ? `The parameter ${ids} cannot be used with the parameter ${parameter}`
        : `The parameter '${ids}' may not be used in combination with 'maxResults'.`;
    throw new AwsError(400, 'InvalidParameterCombination', text);
  }
  const orEqual = parameter === 'MaxResults' ? 'or equal to ' : '';
  const start = `Value ( ${size} ) for parameter ${parameter} is invalid. Expecting a value`;
  if (size > 1000) throw invalidParameterValue(`${start} smaller than ${orEqual}1000.`);
  if (size < 5) throw invalidParameterValue(`${start} greater than ${orEqual}5.`);
  return size;
}

const makeToken = (operation: string, id: string): string =>
  Buffer.from(JSON.stringify({ o: operation, a: id, t: Date.now() })).toString('base64url');

function readToken({ world }: Call, token: string, { operation, parameter }: PagingWords): string {
  try {
    const { o, a, t } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { o: string; a: string; t: number };
    if (o === operation && Date.now() - t <= world.knobs['page.tokenTtlSeconds'] * 1000) return a;
  } catch {
    // Not one of ours: the same answer as for one that is too old.
  }
  if (operation === 'DescribeSecurityGroupRules') {
    throw new AwsError(400, 'InvalidPaginationToken', `Next token '${token}' is invalid`);
  }
  const name = parameter === 'MaxResults' ? 'NextToken' : 'nextToken';
  throw invalidParameterValue(`Value ( ${token} ) for parameter ${name} is invalid. The token is invalid.`);
}

/** The place behind an item that may have been deleted meanwhile. */
function positionAfter<T>(ordered: T[], idOf: (item: T) => string, after: string, created: boolean): number {
  const index = ordered.findIndex((item) => idOf(item) === after);
  if (index >= 0) return index + 1;
  if (created) return ordered.length;
  const hash = hashOf(after);
  const next = ordered.findIndex((item) => hashOf(idOf(item)) > hash);
  return next < 0 ? ordered.length : next;
}

const byHash =
  <T>(idOf: (item: T) => string) =>
  (a: T, b: T): number =>
    hashOf(idOf(a)) < hashOf(idOf(b)) ? -1 : 1;

const hashes = new Map<string, string>();

function hashOf(id: string): string {
  const known = hashes.get(id);
  if (known !== undefined) return known;
  const hash = createHash('md5').update(id).digest('hex');
  hashes.set(id, hash);
  return hash;
}
