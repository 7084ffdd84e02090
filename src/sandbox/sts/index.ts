import { constraint, validationError } from '../wire/errors.js';
import { AwsError, type Call, type Operation, type ServiceTable } from '../wire/operation.js';

const getCallerIdentity: Operation = ({ principal }) => ({
  Arn: principal.arn,
  UserId: principal.userId,
  Account: principal.accountId,
});

/** Issues real session keys: whoever signs with them acts in the role's account from then on. */
const assumeRole: Operation = (call) => {
  const { roleArn, role } = roleAsked(call);
  if (!role || (role.externalId !== undefined && role.externalId !== call.params.string('ExternalId'))) {
    throw denied(call, roleArn);
  }
  return session(call);
};

/** Whoever holds a token of an identity provider may assume the role; which token it is does not matter here. */
const assumeRoleWithWebIdentity: Operation = (call) => {
  const { roleArn, role } = roleAsked(call);
  if (call.params.string('WebIdentityToken') === undefined) throw constraint(null, 'webIdentityToken', '');
  if (!role) throw denied(call, roleArn);
  return { ...session(call), SubjectFromWebIdentityToken: 'subject', Provider: 'provider' };
};

interface AskedRole {
  roleArn: string;
  prefix: string;
  accountId: string;
  roleName: string;
  role: { externalId?: string } | undefined;
}

function roleAsked({ world, params }: Call): AskedRole {
  const roleArn = params.string('RoleArn');
  const name = params.string('RoleSessionName');
  if (roleArn === undefined) throw constraint(null, 'roleArn', '');
  if (name === undefined) throw constraint(null, 'roleSessionName', '');
  const match = /^(arn:aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(roleArn);
  if (!match) throw validationError(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]*$/.test(name) || name.length < 2 || name.length > 64) {
    throw constraint(name, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  const seconds = params.integer('DurationSeconds') ?? 3600;
  if (seconds < 900 || seconds > 43_200) {
    throw constraint(String(seconds), 'durationSeconds', 'Member must have value less than or equal to 43200');
  }
  const [, prefix, accountId, roleName] = match as unknown as [string, string, string, string];
  return { roleArn, prefix, accountId, roleName, role: world.accounts.get(accountId)?.roles.get(roleName) };
}

function session(call: Call) {
  const { world, params } = call;
  const { prefix, accountId, roleName } = roleAsked(call);
  const name = params.string('RoleSessionName') ?? '';
  const accessKeyId = `ASIA${world.random.hex(16).toUpperCase()}`;
  const roleId = `AROA${world.random.hex(16).toUpperCase()}`;
  const arn = `${prefix}:sts::${accountId}:assumed-role/${roleName}/${name}`;
  const credential = {
    principal: { accessKeyId, accountId, arn, userId: `${roleId}:${name}` },
    secretAccessKey: world.random.hex(40),
    sessionToken: world.random.hex(96),
    expiresAt: Date.now() + (params.integer('DurationSeconds') ?? 3600) * 1000,
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
}

const denied = ({ principal }: Call, roleArn: string): AwsError =>
  new AwsError(
    403,
    'AccessDenied',
    `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );

export const sts: ServiceTable = {
  version: '2011-06-15',
  operations: {
    GetCallerIdentity: getCallerIdentity,
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  },
  unsigned: ['AssumeRoleWithWebIdentity'],
};
