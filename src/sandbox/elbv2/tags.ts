import type { Tags } from '../state.js';
import { validationError } from '../wire/errors.js';
import { AwsError, type Call, List, type Operation } from '../wire/operation.js';
import type { Params } from '../wire/params.js';
import { kindOf, listener, loadBalancer, rule, targetGroup } from './arns.js';

/** `Tags` of a request, checked. */
export function tagsGiven(params: Params): Tags {
  const tags: Tags = new Map();
  for (const tag of params.list('Tags')) {
    const key = tag.string('Key') ?? '';
    const value = tag.string('Value') ?? '';
    if (key === '' || key.length > 128 || value.length > 256 || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) {
      throw validationError(`The tag '${key}' is not valid`);
    }
    if (tags.has(key)) throw new AwsError(400, 'DuplicateTagKeys', 'A tag key was specified more than once');
    tags.set(key, value);
  }
  return tags;
}

function tagsOf(call: Call, arn: string): Tags {
  switch (kindOf(call, arn)) {
    case 'target group':
      return targetGroup(call, arn).tags;
    case 'listener':
      return listener(call, arn).tags;
    case 'listener rule':
      return rule(call, arn).tags;
    case 'load balancer':
      return loadBalancer(call, arn).tags;
    default:
      throw validationError(`'${arn}' is not a valid ARN`);
  }
}

function arnsGiven({ params }: Call): string[] {
  const arns = params.strings('ResourceArns');
  if (arns.length === 0) throw validationError('A resource ARN must be specified');
  if (arns.length > 20) throw validationError('At most 20 resource ARNs can be specified in a call');
  return arns;
}

export const describeTags: Operation = (call) => ({
  TagDescriptions: new List(
    arnsGiven(call).map((ResourceArn) => ({
      ResourceArn,
      Tags: new List([...tagsOf(call, ResourceArn)].map(([Key, Value]) => ({ Key, Value }))),
    })),
  ),
});

export const addTags: Operation = (call) => {
  const resources = arnsGiven(call).map((arn) => tagsOf(call, arn));
  const given = tagsGiven(call.params);
  for (const tags of resources) {
    if (new Set([...tags.keys(), ...given.keys()]).size > 50) {
      throw new AwsError(400, 'TooManyTags', 'The maximum number of tags has been reached');
    }
  }
  for (const tags of resources) for (const [key, value] of given) tags.set(key, value);
  return {};
};

export const removeTags: Operation = (call) => {
  const resources = arnsGiven(call).map((arn) => tagsOf(call, arn));
  for (const tags of resources) for (const key of call.params.strings('TagKeys')) tags.delete(key);
  return {};
};
