import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  AbsoluteLocation,
  AwsCredentialIdentityProvider,
  DeserializeHandlerOptions,
  DeserializeMiddleware,
  HttpResponse,
  MetadataBearer,
} from '@smithy/types';
import { actionOf, checkAnswer, collect } from '../aws/answer.js';
import { type Send, sender } from '../aws/call.js';
import { loadBalancing } from '../aws/load-balancing.js';
import { network } from '../aws/network.js';
import { atMost, CALLS_AT_ONCE } from '../aws/pace.js';
import type { Access, Aws, ConnectAws } from '../aws/ports.js';
import { securityGroups } from '../aws/security-groups.js';
import { unused } from './lean/unused.js';

interface Clients {
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  /** For one service of one access, over all runs of this function that overlap. */
  readonly pace: readonly [ReturnType<typeof atMost>, ReturnType<typeof atMost>];
}

/** Kept from run to run: open connections are worth more than anything else that could be saved. */
const known = new Map<string, Clients>();

/**
 * Connects by the SDK that the runtime brings, whose version is AWS's of the day, with the credentials of the function's
 * role or of one that it may take.
 * @param signal abandons reads when the run's time is up
 */
export const connectRuntime =
  (signal: AbortSignal): ConnectAws =>
  (access) => {
    const region = access.region ?? (process.env.AWS_REGION as string);
    const key = JSON.stringify([region, access.roleArn, access.externalId]);
    const { ec2, elb, pace } = known.get(key) ?? clientsFor(access, region);
    known.set(key, { ec2, elb, pace });
    const [forEc2, forElb]: Send[] = pace.map((one) => sender({ secrets: [], signal, pace: one }));
    return {
      region,
      network: network(ec2, region, forEc2 as Send),
      securityGroups: securityGroups(ec2, region, forEc2 as Send),
      loadBalancing: loadBalancing(elb, region, forElb as Send),
      autoScaling: unused,
      bucket: unused,
      cloudFormation: unused,
      certificates: unused,
      apiGateway: unused,
      logs: unused,
      identity: { callerArn: unused },
    } satisfies Aws;
  };

function clientsFor({ roleArn, externalId }: Access, region: string): Clients {
  const config = {
    region,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 15_000, throwOnRequestTimeout: true },
    ...(roleArn === undefined ? {} : { credentials: assumed(roleArn, externalId) }),
  };
  const ec2 = new EC2Client(config);
  const elb = new ElasticLoadBalancingV2Client(config);
  ec2.middlewareStack.add(check, nextToTheWire);
  elb.middlewareStack.add(check, nextToTheWire);
  return { ec2, elb, pace: [atMost(CALLS_AT_ONCE), atMost(CALLS_AT_ONCE)] };
}

/** Loaded only where a role is to be taken. */
function assumed(RoleArn: string, ExternalId: string | undefined): AwsCredentialIdentityProvider {
  const params = { RoleArn, RoleSessionName: 'lbbridge', ...(ExternalId === undefined ? {} : { ExternalId }) };
  return async () => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    return fromTemporaryCredentials({ params })();
  };
}

const nextToTheWire: DeserializeHandlerOptions & AbsoluteLocation = { step: 'deserialize', priority: 'low' };

/** S1: looks at every body before the SDK parses it, as the command line does in its HTTP handler. */
const check: DeserializeMiddleware<object, MetadataBearer> = (next) => async (args) => {
  const answer = await next(args);
  const response = answer.response as HttpResponse;
  const body = await collect(response.body);
  if (response.statusCode < 300) {
    checkAnswer(actionOf(args.request as object), body, response.statusCode, response.headers['x-amzn-requestid']);
  }
  response.body = body;
  return answer;
};
