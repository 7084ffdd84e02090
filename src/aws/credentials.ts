import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { OperationError } from '../errors.js';
import type { Access } from './ports.js';

export interface CredentialOptions {
  readonly access: Access;
  readonly region: string;
  readonly env: NodeJS.ProcessEnv;
  readonly endpointUrl: string | undefined;
  /** Asks a person for the code of an MFA device; undefined where nobody is there to ask. */
  readonly promptMfa: ((serialNumber: string) => Promise<string>) | undefined;
  /** Told of every secret that comes up, so that it can be kept out of what people see. */
  readonly onSecret: (secret: string) => void;
}

/**
 * Credentials wherever the AWS CLI finds them. Keys in the environment are taken as they stand, since that is the whole
 * of what cron and Lambda need; anything else loads the SDK's provider chain, which costs more than all the rest of a run.
 */
export function credentialsFor(options: CredentialOptions): AwsCredentialIdentityProvider {
  const base = baseCredentials(options);
  const provider = options.access.roleArn === undefined ? base : assumedRole(options, base);
  let current: Promise<AwsCredentialIdentity> | undefined;
  return async () => {
    const known = await current?.catch(() => undefined);
    // A little before they expire: a request signed now is checked by AWS a moment later.
    const usable = known && (known.expiration === undefined || known.expiration.getTime() - Date.now() > 60_000);
    if (!usable) {
      current = provider();
      current.then(({ secretAccessKey, sessionToken }) => {
        options.onSecret(secretAccessKey);
        if (sessionToken) options.onSecret(sessionToken);
      }, ignore);
    }
    return current as Promise<AwsCredentialIdentity>;
  };
}

function baseCredentials({ access, env, promptMfa }: CredentialOptions): AwsCredentialIdentityProvider {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (access.profile === undefined && !env.AWS_PROFILE && accessKeyId && secretAccessKey) {
    return async () => ({
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    });
  }
  return async () => {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    return defaultProvider({
      ...(access.profile === undefined ? {} : { profile: access.profile }),
      mfaCodeProvider: promptMfa ?? noTerminal,
    })();
  };
}

function assumedRole(
  { access, region, endpointUrl, promptMfa }: CredentialOptions,
  masterCredentials: AwsCredentialIdentityProvider,
): AwsCredentialIdentityProvider {
  return async () => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    return fromTemporaryCredentials({
      masterCredentials,
      params: {
        RoleArn: access.roleArn as string,
        RoleSessionName: 'lbbridge',
        ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
      },
      mfaCodeProvider: promptMfa ?? noTerminal,
      clientConfig: { region, ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }) },
    })();
  };
}

const noTerminal = async (serialNumber: string): Promise<string> => {
  throw new OperationError('MfaRequired', `The role asks for a code of the MFA device ${serialNumber}.`, [
    'Run in a terminal, where it can be asked for.',
    'Or hand over temporary credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
  ]);
};

const ignore = (): void => undefined;
