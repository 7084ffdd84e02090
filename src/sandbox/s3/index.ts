import { partitionOf, regionOf } from '../regions.js';
import { AwsError, type Call, type Operation, type ServiceTable } from '../wire/operation.js';
import type { Bucket } from './state.js';

/** Bytes: the longest key that S3 takes. */
const MAX_KEY = 1024;

/** Buckets of the simulated S3 are named over all accounts and Regions, and each is reached in its own Region alone. */
function bucketNamed({ world, region, params }: Call): Bucket {
  const name = params.string('Bucket') ?? '';
  const here = region.buckets.get(name);
  if (here) return here;
  if ([...world.regions.values()].some(({ buckets }) => buckets.has(name))) {
    const text =
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
    throw new AwsError(301, 'PermanentRedirect', text);
  }
  throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
}

/** Without a policy of its own a bucket is its owner's alone. */
function ownBucket(call: Call): Bucket {
  const bucket = bucketNamed(call);
  if (bucket.ownerId === call.account.id) return bucket;
  throw new AwsError(403, 'AccessDenied', 'Access Denied');
}

const createBucket: Operation = ({ world, region, account, params }) => {
  const name = params.string('Bucket') ?? '';
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  }
  const owner = [...world.regions.values()].flatMap(({ buckets }) => buckets.get(name)?.ownerId ?? [])[0];
  if (owner === account.id) {
    const text = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError(409, 'BucketAlreadyOwnedByYou', text);
  }
  if (owner !== undefined)
    throw new AwsError(409, 'BucketAlreadyExists', 'The requested bucket name is not available.');
  regionOf(world, region.name).buckets.set(name, { name, ownerId: account.id, objects: new Map() });
  return {};
};

const putObject: Operation = (call) => {
  const key = call.params.string('Key') ?? '';
  if (Buffer.byteLength(key) > MAX_KEY) throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  ownBucket(call).objects.set(key, call.params.string('Body') ?? '');
  return {};
};

/** What is not there is as gone as what was asked to go. */
const deleteObject: Operation = (call) => {
  ownBucket(call).objects.delete(call.params.string('Key') ?? '');
  return {};
};

/** The text of an object, as another service reads it for whoever calls. */
export function objectText(call: Call): string {
  const text = ownBucket(call).objects.get(call.params.string('Key') ?? '');
  if (text === undefined) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  return text;
}

export const objectArn = ({ region, params }: Call): string => {
  const path = [params.string('Bucket'), params.string('Key')].filter((one) => one !== undefined).join('/');
  return `arn:${partitionOf(region.name)}:s3:::${path}`;
};

/** S3, as far as a template on its way to CloudFormation needs it. Only path style: a bucket is no host name here. */
export const s3: ServiceTable = {
  version: '',
  operations: { CreateBucket: createBucket, PutObject: putObject, DeleteObject: deleteObject },
};
