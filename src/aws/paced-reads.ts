import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ElasticLoadBalancingV2Client,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsCredentialIdentityProvider, FinalizeRequestMiddleware } from '@smithy/types';
import { isThrottling } from './failure.js';
import { Bucket, type Clock } from './pace.js';
import { DESCRIBE_PACE } from './ports.js';

/** Paces the reads of one client. */
export type PaceReads = (
  client: ElasticLoadBalancingV2Client,
  region: string,
  credentials: AwsCredentialIdentityProvider,
) => void;

/**
 * All Describe calls of Elastic Load Balancing share one bucket in AWS, for each account and region, with whatever else
 * runs there: consoles, controllers, deployments. lbbridge leaves half of it to them, by every attempt that it makes.
 */
export function pacedReads(clock: Clock): PaceReads {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (key: string): Bucket => {
    const bucket = buckets.get(key) ?? new Bucket(DESCRIBE_PACE, clock);
    buckets.set(key, bucket);
    return bucket;
  };
  return (client, region, credentials) => {
    const pace: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next, context) => async (args) => {
      if (!context.commandName?.startsWith('Describe')) return next(args);
      const { accountId, accessKeyId } = await credentials();
      const bucket = bucketOf(`${accountId ?? accessKeyId} ${region}`);
      await bucket.take();
      try {
        const answer = await next(args);
        bucket.ended(false);
        return answer;
      } catch (error) {
        bucket.ended(isThrottling(error));
        throw error;
      }
    };
    // Inside of the retries, each of which costs AWS's bucket a call; before the signature, which must not grow old.
    client.middlewareStack.addRelativeTo(pace, {
      name: 'pace',
      relation: 'before',
      toMiddleware: 'httpSigningMiddleware',
    });
  };
}

/** @param signal ends all waiting */
export const realClock = (signal: AbortSignal | undefined): Clock => ({
  now: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds, undefined, signal && { signal }),
});
