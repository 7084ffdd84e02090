import { AwsFailure, OperationError, UsageError } from '../errors.js';
import { useThatAllows } from '../policy/index.js';
import type { PolicyUse } from '../policy/model.js';
import { redact } from './redact.js';

interface SdkError {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly message?: string;
  /** The host that gave no answer. */
  readonly unanswered?: string;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

/**
 * What went wrong with one call, in the words of users: what was asked, what AWS said, what to do. Decided by AWS's
 * code, never by its text.
 * @param action e.g. `ec2:DescribeNetworkInterfaces`
 * @param policyUse which policy to point to where the call is denied
 */
export function awsFailure(
  action: string,
  error: unknown,
  secrets: Iterable<string>,
  policyUse: PolicyUse = 'sync',
): Error {
  if (error instanceof OperationError || error instanceof UsageError) return error;
  const sdk = error as SdkError;
  const text = oneLine(redact(sdk.message ?? '', secrets));
  const requestId = sdk.$metadata?.requestId;
  const code = codeOf(sdk);
  const fail = (known: string, message: string, suggestions: readonly string[]): AwsFailure =>
    new AwsFailure(action, known, message, suggestions, requestId, { cause: error });

  if (credentialErrors.has(sdk.name ?? '')) {
    return fail('NoCredentials', `${action} could not be signed: no usable AWS credentials were found. ${text}`, [
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile.',
      'Where the profile uses single sign-on: aws sso login --profile NAME',
    ]);
  }
  if (sdk.name === 'EndpointError') {
    return fail('InvalidEndpoint', `${action} has no endpoint: ${text}`, [
      'Look at --endpoint-url, AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT.',
    ]);
  }
  const status = sdk.$metadata?.httpStatusCode;
  // Sockets, name look-ups and TLS fail with a code of the system's and no status of AWS's.
  if (sdk.unanswered !== undefined || sdk.name === 'TimeoutError' || (sdk.code !== undefined && status === undefined)) {
    const host = sdk.unanswered === undefined ? '' : ` from ${sdk.unanswered}`;
    return fail('NetworkError', `${action} got no answer${host}: ${text || code}`, [
      'Look at the network, the proxy (HTTPS_PROXY, NO_PROXY), the region and --endpoint-url.',
    ]);
  }
  if (sdk.$metadata === undefined) return error as Error;
  if (code === 'InvalidResponse') {
    return fail('InvalidResponse', `${action}: ${text} Nothing was decided on it (S1).`, [
      'Run again; if it stays, a proxy in between may be at fault.',
    ]);
  }
  const said = `${action} failed: AWS said ${code}${text ? `: ${text}` : '.'}`;
  return fail(
    code,
    said,
    status !== undefined && status >= 500 && !throttling.has(code)
      ? [faultOfAws]
      : remedies(code, deniedAction(text) ?? action, text, policyUse),
  );
}

const credentialErrors = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

/** The code as it stood on the wire: the SDK appends `Exception` to ELBv2's. */
export function codeOf({ Code, name, code }: SdkError): string {
  const known = Code ?? (name && name !== 'Error' ? name : (code ?? 'UnknownError'));
  return known.length > 'Exception'.length ? known.replace(/Exception$/, '') : known;
}

/** @param action the one that AWS denied, if it denied one */
function remedies(code: string, action: string, text: string, policyUse: PolicyUse): string[] {
  if (throttling.has(code)) return ['The account makes too many calls for now: run again in a minute.'];
  switch (code) {
    case 'AccessDenied':
    case 'UnauthorizedOperation':
      return action === 'sts:AssumeRole'
        ? [
            'Allow sts:AssumeRole on the role, and have its trust policy name the caller (and --external-id, if it asks).',
          ]
        : [`Allow ${action}: \`lbbridge policy --for ${useThatAllows(action, policyUse)}\` prints the least policy.`];
    case 'ExpiredToken':
    case 'RequestExpired':
      return ['The credentials have expired: get new ones (aws sso login, or assume the role again).'];
    case 'AuthFailure':
    case 'InvalidClientTokenId':
    case 'InvalidSignature':
    case 'MissingAuthenticationToken':
    case 'OptInRequired':
    case 'SignatureDoesNotMatch':
    case 'UnrecognizedClient':
      return [
        'Check the access key, the secret and, for temporary credentials, AWS_SESSION_TOKEN.',
        'An opt-in region must be enabled for the account; the clock must be right.',
      ];
    case 'ValidationError':
      return / is not a valid .* ARN/.test(text)
        ? [
            'An ARN of another region or account is not valid here: check --region, --profile and --role-arn, for the ALB --alb-profile and --alb-role-arn.',
          ]
        : [];
    default:
      return [];
  }
}

const faultOfAws = 'The fault is AWS’s: run again in a minute.';

/** As `codeOf` gives them, without `Exception`. */
const throttling = new Set([
  'BandwidthLimitExceeded',
  'EC2Throttled',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttled',
  'Throttling',
  'TooManyRequests',
]);

/** Whether AWS found that the account makes too many calls. */
export const isThrottling = (error: unknown): boolean => throttling.has(codeOf(error as SdkError));

/** IAM names the action that it denied; only the wording around it changes. */
const deniedAction = (text: string): string | undefined =>
  /not authorized to perform: ([a-z0-9-]+:\w+)/i.exec(text)?.[1];

/** AWS's texts may hold line breaks, and a blob of hundreds of characters that only AWS can read. */
const oneLine = (text: string): string =>
  text
    .replace(/\s*Encoded authorization failure message: \S+/, '')
    .replace(/\s+/g, ' ')
    .trim();
