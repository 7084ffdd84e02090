import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { OperationError } from '../errors.js';
import { awsFailure } from './failure.js';
import type { CheckedHttpHandler } from './http.js';
import type { Access } from './ports.js';

export interface CredentialOptions {
  readonly access: Access;
  readonly region: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where STS is, if not where the SDK looks. */
  readonly stsEndpoint: string | undefined;
  /** STS and single sign-on are reached as the services are: same proxy, same certificates, same checks. */
  readonly requestHandler: CheckedHttpHandler;
  /** Asks a person for the code of an MFA device; undefined where nobody is there to ask. */
  readonly promptMfa: ((serialNumber: string) => Promise<string>) | undefined;
  /** Every secret that came up so far, to be kept out of what people see; those that come up here are added. */
  readonly secrets: Set<string>;
}

/** Milliseconds. A request signed now is checked by AWS a moment later. */
const EXPIRY_MARGIN = 60_000;

/**
 * Credentials wherever the AWS CLI finds them. Keys in the environment are taken as they stand, since that is the whole
 * of what cron and Lambda need; anything else loads the SDK's provider chain, which costs more than all the rest of a run.
 * All who ask share one answer, and one question to the person with the MFA device.
 */
export function credentialsFor(options: CredentialOptions): AwsCredentialIdentityProvider {
  const base = baseCredentials(options);
  const provider = options.access.roleArn === undefined ? base : assumedRole(options, base);
  let current: Promise<AwsCredentialIdentity> | undefined;
  let expires = Number.POSITIVE_INFINITY;

  async function resolve(): Promise<AwsCredentialIdentity> {
    const found = await provider();
    expires = found.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    options.secrets.add(found.secretAccessKey);
    if (found.sessionToken) options.secrets.add(found.sessionToken);
    return found;
  }

  return () => {
    if (current && expires - Date.now() > EXPIRY_MARGIN) return current;
    expires = Number.POSITIVE_INFINITY;
    const fresh = resolve();
    current = fresh;
    fresh.catch(() => {
      if (current === fresh) current = undefined;
    });
    return fresh;
  };
}

/** The profile that was asked for, or that the environment names. */
export const profileOf = (said: string | undefined, env: NodeJS.ProcessEnv): string | undefined =>
  said ?? (env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || undefined);

function baseCredentials(options: CredentialOptions): AwsCredentialIdentityProvider {
  const { access, region, env, promptMfa, requestHandler } = options;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  // As in the AWS CLI, keys in the environment come before a profile that only the environment names.
  if (access.profile === undefined && accessKeyId && secretAccessKey) {
    return async () => ({
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    });
  }
  const profile = profileOf(access.profile, env);
  return async () => {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    return defaultProvider({
      ...(profile === undefined ? {} : { profile }),
      mfaCodeProvider: promptMfa ?? noTerminal,
      // Not the region: a profile's single sign-on has one of its own.
      clientConfig: { requestHandler },
      parentClientConfig: { region },
    })();
  };
}

function assumedRole(
  { access, region, stsEndpoint, requestHandler, secrets }: CredentialOptions,
  masterCredentials: AwsCredentialIdentityProvider,
): AwsCredentialIdentityProvider {
  return async () => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const assume = fromTemporaryCredentials({
      masterCredentials,
      params: {
        RoleArn: access.roleArn as string,
        RoleSessionName: 'lbbridge',
        ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
      },
      clientConfig: { region, requestHandler, ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }) },
    });
    try {
      return await assume();
    } catch (error) {
      throw awsFailure('sts:AssumeRole', error, secrets);
    }
  };
}

const noTerminal = async (serialNumber: string): Promise<string> => {
  throw new OperationError('MfaRequired', `The role asks for a code of the MFA device ${serialNumber}.`, [
    'Run in a terminal, where it can be asked for.',
    'Or hand over temporary credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
  ]);
};
