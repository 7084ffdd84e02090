import type { ServiceTable } from '../services.js';
import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, type Operation } from '../wire/operation.js';

const getCallerIdentity: Operation = ({ principal }) => ({
  Arn: principal.arn,
  UserId: principal.userId,
  Account: principal.accountId,
});

/** Issues real session keys: whoever signs with them acts in the role's account from then on. */
const assumeRole: Operation = (call) => {
  const { world, params } = call;
  const roleArn = params.string('RoleArn');
  const session = params.string('RoleSessionName');
  if (roleArn === undefined) throw constraint(null, 'roleArn', '');
  if (session === undefined) throw constraint(null, 'roleSessionName', '');
  const match = /^(arn:aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(roleArn);
  if (!match) throw validationError(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]*$/.test(session) || session.length < 2 || session.length > 64) {
    throw constraint(session, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  const [, prefix, accountId, roleName] = match as unknown as [string, string, string, string];
  const role = world.accounts.get(accountId)?.roles.get(roleName);
  if (!role || (role.externalId !== undefined && role.externalId !== params.string('ExternalId'))) {
    throw denied(call, roleArn);
  }
  const seconds = params.integer('DurationSeconds') ?? 3600;
  if (seconds < 900 || seconds > 43_200) {
    throw constraint(String(seconds), 'durationSeconds', 'Member must have value less than or equal to 43200');
  }
  const accessKeyId = `ASIA${world.random.hex(16).toUpperCase()}`;
  const roleId = `AROA${world.random.hex(16).toUpperCase()}`;
  const arn = `${prefix}:sts::${accountId}:assumed-role/${roleName}/${session}`;
  const credential = {
    principal: { accessKeyId, accountId, arn, userId: `${roleId}:${session}` },
    secretAccessKey: world.random.hex(40),
    sessionToken: world.random.hex(96),
    expiresAt: Date.now() + seconds * 1000,
  };
  world.credentials.set(accessKeyId, credential);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: credential.secretAccessKey,
      SessionToken: credential.sessionToken,
      Expiration: new Date(credential.expiresAt).toISOString(),
    },
    AssumedRoleUser: { Arn: arn, AssumedRoleId: credential.principal.userId },
  };
};

const denied = ({ principal }: Call, roleArn: string): AwsError =>
  new AwsError(
    403,
    'AccessDenied',
    `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );

export const sts: ServiceTable = {
  version: '2011-06-15',
  operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole },
};
