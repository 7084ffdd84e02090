import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PolicyUse } from '../policy/model.js';
import { apiGateway } from './api-gateway.js';
import { autoScaling } from './auto-scaling.js';
import { bucket } from './bucket.js';
import { sender } from './call.js';
import { certificates } from './certificates.js';
import { cloudFormation } from './cloud-formation.js';
import { credentialsFor } from './credentials.js';
import { endpointOf, type ServiceName } from './endpoint.js';
import { CheckedHttpHandler } from './http.js';
import { identity } from './identity.js';
import { loadBalancing } from './load-balancing.js';
import { logs } from './logs.js';
import { network } from './network.js';
import { atMost, CALLS_AT_ONCE, type Clock } from './pace.js';
import { pacedReads, realClock } from './paced-reads.js';
import type { Access, Aws, ConnectAws } from './ports.js';
import { resolveRegion } from './region.js';
import { scanAnswers } from './scanned-answers.js';
import { securityGroups } from './security-groups.js';

export interface ConnectOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Beats whatever the environment or the profile say about endpoints; for every service. */
  readonly endpointUrl?: string | undefined;
  /** Takes one line for each request: host, action, status, request id, time. No secrets. */
  readonly debug?: ((line: string) => void) | undefined;
  readonly promptMfa?: ((serialNumber: string) => Promise<string>) | undefined;
  /** Abandons reads at once; a write that is under way is never abandoned. */
  readonly signal?: AbortSignal | undefined;
  /** Which policy to point to where a call is denied; that for sync unless told. */
  readonly policyUse?: PolicyUse | undefined;
  /** Milliseconds to wait for an answer; what people wait unless told. */
  readonly patience?: number | undefined;
  /** What reads wait by for their turn; the computer's unless told. */
  readonly clock?: Clock | undefined;
}

/** Connects to AWS's services by the real SDK; nothing is sent before something is asked for. */
export function connectAws(options: ConnectOptions): ConnectAws {
  const { env, endpointUrl, debug, promptMfa, signal, policyUse, patience, clock } = options;
  // What was said is looked at once, and not anew for each bridge.
  if (endpointUrl !== undefined) endpointOf('EC2', endpointUrl, {});
  const secrets = new Set<string>();
  if (env.AWS_SECRET_ACCESS_KEY) secrets.add(env.AWS_SECRET_ACCESS_KEY);
  if (env.AWS_SESSION_TOKEN) secrets.add(env.AWS_SESSION_TOKEN);
  const known = new Map<string, Aws>();
  const credentials = new Map<string, ReturnType<typeof credentialsFor>>();
  const paceReads = pacedReads(clock ?? realClock(signal));
  let handler: CheckedHttpHandler | undefined;

  function connect(access: Access): Aws {
    const region = resolveRegion(access.region, access.profile, env);
    handler ??= new CheckedHttpHandler({ env, debug, secrets, patience, signal });
    const requestHandler = handler;
    const who = JSON.stringify([access.profile, access.roleArn, access.externalId]);
    const stsEndpoint = endpointOf('STS', endpointUrl, env);
    const provider =
      credentials.get(who) ?? credentialsFor({ access, region, env, stsEndpoint, requestHandler, promptMfa, secrets });
    credentials.set(who, provider);
    const configFor = (service: ServiceName) => {
      const endpoint = endpointOf(service, endpointUrl, env);
      return {
        region,
        credentials: provider,
        requestHandler,
        ...(access.profile === undefined ? {} : { profile: access.profile }),
        ...(endpoint === undefined ? {} : { endpoint }),
      };
    };
    const send = () => sender({ secrets, signal, pace: atMost(CALLS_AT_ONCE), policyUse });
    const ec2 = new EC2Client(configFor('EC2'));
    scanAnswers(ec2);
    const elb = new ElasticLoadBalancingV2Client(configFor('ELASTIC_LOAD_BALANCING_V2'));
    scanAnswers(elb);
    paceReads(elb, region, provider);
    const sendToEc2 = send();
    return {
      region,
      network: network(ec2, region, sendToEc2),
      securityGroups: securityGroups(ec2, region, sendToEc2),
      loadBalancing: loadBalancing(elb, region, send()),
      identity: identity(() => configFor('STS'), send()),
      autoScaling: async () => autoScaling(configFor('AUTO_SCALING'), send()),
      bucket: async (name) => bucket(name, configFor('S3'), region, send()),
      cloudFormation: async () => cloudFormation(configFor('CLOUDFORMATION'), region, send()),
      certificates: async () => certificates(configFor('ACM'), send()),
      apiGateway: async () => apiGateway(configFor('API_GATEWAY'), send()),
      logs: async () => logs(configFor('CLOUDWATCH_LOGS'), send()),
    };
  }

  return (access) => {
    const key = JSON.stringify([access.region, access.profile, access.roleArn, access.externalId]);
    const aws = known.get(key) ?? connect(access);
    known.set(key, aws);
    return aws;
  };
}
