import { partitionOf } from '../regions.js';
import type { PrefixList } from '../state.js';
import { invalidParameterValue, missingParameter } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import { type FilterTable, filtered } from './filters.js';
import { tagSet } from './tags.js';

const visible = ({ region, account }: Call): PrefixList[] =>
  [...region.prefixLists.values()].filter(({ ownerId }) => ownerId === account.id || ownerId === 'AWS');

/** The prefix list of that id; throws where the account sees none. */
export function prefixList(call: Call, id: string): PrefixList {
  const found = visible(call).find((list) => list.id === id);
  if (found) return found;
  throw new AwsError(400, 'InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
}

const filters: FilterTable<PrefixList> = {
  'owner-id': ({ ownerId }) => [ownerId],
  'prefix-list-id': ({ id }) => [id],
  'prefix-list-name': ({ name }) => [name],
};

export const describeManagedPrefixLists: Operation = (call) => {
  const ids = call.params.strings('PrefixListId');
  const all = ids.length > 0 ? ids.map((id) => prefixList(call, id)) : visible(call);
  const { items, nextToken } = paged(
    call,
    filtered(call, all, filters, ({ tags }) => tags),
  );
  const { name: region } = call.region;
  return {
    prefixListSet: new List(
      items.map((list) => ({
        addressFamily: list.addressFamily,
        // AWS tells no maximum of its own lists.
        maxEntries: list.ownerId === 'AWS' ? undefined : list.maxEntries,
        ownerId: list.ownerId,
        prefixListArn: `arn:${partitionOf(region)}:ec2:${region}:${list.ownerId}:prefix-list/${list.id}`,
        prefixListId: list.id,
        prefixListName: list.name,
        state: 'create-complete',
        tagSet: tagSet(list.tags),
        version: list.ownerId === 'AWS' ? undefined : list.version,
      })),
    ),
    nextToken,
  };
};

export const getManagedPrefixListEntries: Operation = (call) => {
  const id = call.params.string('PrefixListId');
  if (id === undefined) throw missingParameter('prefixListId');
  const { items, nextToken } = paged(call, prefixList(call, id).entries);
  return { entrySet: new List(items.map(({ cidr, description }) => ({ cidr, description }))), nextToken };
};

/** Prefix lists and their entries come 100 a page at most; the token is where the next page begins. */
function paged<T>({ params }: Call, all: readonly T[]): { items: readonly T[]; nextToken: string | undefined } {
  const size = params.integer('MaxResults') ?? 100;
  if (size < 1 || size > 100) {
    throw invalidParameterValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value from 1 to 100.`,
    );
  }
  const token = params.string('NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start)) throw invalidParameterValue(`Value ( ${token} ) for parameter nextToken is invalid.`);
  const end = start + size;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
