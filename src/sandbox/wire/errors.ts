import { AwsError } from './operation.js';
import type { Service } from './xml.js';

/** Errors that every operation of a service can answer with, in that service's own words. */

export const invalidAction = (service: Service, action: string, version: string): AwsError =>
  service === 'ec2'
    ? new AwsError(400, 'InvalidAction', `The action ${action} is not valid for this web service.`)
    : new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);

export const unknownKey = (service: Service): AwsError =>
  service === 'ec2'
    ? new AwsError(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials')
    : service === 's3'
      ? new AwsError(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
      : new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid');

export const wrongSignature = (service: Service): AwsError =>
  service === 'ec2'
    ? unknownKey(service)
    : new AwsError(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );

export const expiredToken = (service: Service): AwsError =>
  service === 'ec2'
    ? new AwsError(400, 'RequestExpired', 'Request has expired.')
    : new AwsError(403, 'ExpiredToken', 'The security token included in the request is expired');

export const unsigned = (service: Service): AwsError =>
  service === 'ec2'
    ? new AwsError(400, 'MissingParameter', 'The request must contain the parameter AWSAccessKeyId')
    : new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');

/** A denial by IAM. `resource` is named where the action is one that AWS authorises on a resource. */
export function accessDenied(service: Service, action: string, principalArn: string, resource?: string): AwsError {
  const where = resource ? ` on resource: ${resource}` : '';
  const what = `User: ${principalArn} is not authorized to perform: ${service}:${action}${where} because no identity-based policy allows the ${service}:${action} action`;
  return service === 'ec2'
    ? new AwsError(403, 'UnauthorizedOperation', `You are not authorized to perform this operation. ${what}`)
    : new AwsError(403, 'AccessDenied', what);
}

export const throttled = (service: Service, elbCode: string): AwsError =>
  service === 'ec2'
    ? new AwsError(503, 'RequestLimitExceeded', 'Request limit exceeded.')
    : new AwsError(400, elbCode, 'Rate exceeded');

export const serverFault = (service: Service, status: 500 | 503): AwsError =>
  status === 503
    ? new AwsError(503, service === 'ec2' ? 'Unavailable' : 'ServiceUnavailable', 'The service is unavailable.')
    : new AwsError(500, service === 'ec2' ? 'InternalError' : 'InternalFailure', 'An internal error has occurred.');

/** EC2's word for a missing parameter. */
export const missingParameter = (name: string): AwsError =>
  new AwsError(400, 'MissingParameter', `The request must contain the parameter ${name}`);

export const invalidParameterValue = (message: string): AwsError => new AwsError(400, 'InvalidParameterValue', message);

/** The query protocol's word for anything that a parameter is not allowed to be. */
export const validationError = (message: string): AwsError => new AwsError(400, 'ValidationError', message);

/** The query protocol's sentence for a broken bound, pattern or enumeration. */
export const constraint = (value: string | null, member: string, rule: string): AwsError =>
  validationError(
    value === null
      ? `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`
      : `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
