import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { sender } from './call.js';
import { credentialsFor } from './credentials.js';
import { CheckedHttpHandler } from './http.js';
import { loadBalancing } from './load-balancing.js';
import { network } from './network.js';
import type { Access, Aws, ConnectAws } from './ports.js';
import { resolveRegion } from './region.js';

export interface ConnectOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Beats whatever the environment or the profile say about endpoints; for every service. */
  readonly endpointUrl?: string | undefined;
  /** Takes one line for each request: host, action, status, request id, time. No secrets. */
  readonly debug?: ((line: string) => void) | undefined;
  readonly promptMfa?: ((serialNumber: string) => Promise<string>) | undefined;
  /** Abandons reads at once; a write that is under way is never abandoned. */
  readonly signal?: AbortSignal | undefined;
}

/** Connects to AWS's services by the real SDK; nothing is sent before something is asked for. */
export function connectAws(options: ConnectOptions): ConnectAws {
  const { env, endpointUrl, debug, promptMfa } = options;
  const secrets = new Set<string>();
  const onSecret = (secret: string): void => void secrets.add(secret);
  if (env.AWS_SECRET_ACCESS_KEY) onSecret(env.AWS_SECRET_ACCESS_KEY);
  if (env.AWS_SESSION_TOKEN) onSecret(env.AWS_SESSION_TOKEN);
  const send = sender(secrets, options.signal);
  const known = new Map<string, Aws>();
  const credentials = new Map<string, ReturnType<typeof credentialsFor>>();
  let handler: CheckedHttpHandler | undefined;

  function connect(access: Access): Aws {
    const region = resolveRegion(access.region, access.profile, env);
    handler ??= new CheckedHttpHandler({ env, debug, secrets });
    const who = JSON.stringify([access.profile, access.roleArn, access.externalId]);
    const provider = credentials.get(who) ?? credentialsFor({ access, region, env, endpointUrl, promptMfa, onSecret });
    credentials.set(who, provider);
    const config = {
      region,
      credentials: provider,
      requestHandler: handler,
      ...(access.profile === undefined ? {} : { profile: access.profile }),
      ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    };
    return {
      region,
      network: network(new EC2Client(config), region, send),
      loadBalancing: loadBalancing(new ElasticLoadBalancingV2Client(config), region, send),
    };
  }

  return (access) => {
    const key = JSON.stringify([access.region, access.profile, access.roleArn, access.externalId]);
    const aws = known.get(key) ?? connect(access);
    known.set(key, aws);
    return aws;
  };
}
