import type { Tags } from '../state.js';
import { invalidParameterValue, missingParameter } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import type { Params } from '../wire/params.js';

export const tagSet = (tags: Tags): List => new List([...tags].map(([key, value]) => ({ key, value })));

/** `TagSpecification.N` of a create call; its type must be the one that is being created. */
export function tagSpecifications(params: Params, type: string): Tags {
  const tags: Tags = new Map();
  for (const specification of params.list('TagSpecification')) {
    const given = specification.string('ResourceType') ?? '';
    if (given !== type) {
      throw new AwsError(
        400,
        'InvalidParameter',
        `'${given}' is not a valid taggable resource type for this operation.`,
      );
    }
    for (const tag of specification.list('Tag')) setTag(tags, tag);
  }
  return tags;
}

function setTag(tags: Tags, tag: Params): void {
  const key = tag.string('Key') ?? '';
  if (key.startsWith('aws:')) {
    throw invalidParameterValue("Tag keys starting with 'aws:' are reserved for internal use");
  }
  tags.set(key, tag.string('Value') ?? '');
  if (tags.size > 50) throw new AwsError(400, 'TagLimitExceeded', 'The maximum number of Tags for a resource is 50.');
}

/** The tags of a resource by id, of whatever type it is; throws that type's NotFound. */
function tagsOf({ region }: Call, id: string): Tags {
  for (const group of region.securityGroups.values()) {
    const rule = group.rules.get(id);
    if (rule) return rule.tags;
  }
  const found =
    region.interfaces.get(id) ??
    region.securityGroups.get(id) ??
    region.subnets.get(id) ??
    region.vpcs.get(id) ??
    region.prefixLists.get(id);
  if (found) return found.tags;
  const prefix = id.split('-')[0] ?? '';
  const [code, what] = notFound[prefix] ?? ['InvalidID', 'ID'];
  throw new AwsError(400, code, `The ${what} '${id}' does not exist`);
}

const notFound: Record<string, [string, string]> = {
  eni: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  sgr: ['InvalidSecurityGroupRuleId.NotFound', 'security group rule ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  vpc: ['InvalidVpcID.NotFound', 'vpc ID'],
  pl: ['InvalidPrefixListID.NotFound', 'prefix list ID'],
};

export const createTags: Operation = (call) => {
  const ids = call.params.strings('ResourceId');
  if (ids.length === 0) throw missingParameter('ResourceIdSet');
  if (!call.params.has('Tag')) throw missingParameter('Tag');
  const resources = ids.map((id) => tagsOf(call, id));
  for (const tags of resources) for (const tag of call.params.list('Tag')) setTag(tags, tag);
  return { return: true };
};

/** A key alone takes any value away; a key with an empty value only an empty one; no key at all every tag. */
export const deleteTags: Operation = (call) => {
  const resources = call.params.strings('ResourceId').map((id) => tagsOf(call, id));
  const given = call.params.list('Tag').map((tag) => ({ key: tag.string('Key') ?? '', value: tag.string('Value') }));
  for (const tags of resources) {
    if (given.length === 0) tags.clear();
    for (const { key, value } of given) if (value === undefined || tags.get(key) === value) tags.delete(key);
  }
  return { return: true };
};
