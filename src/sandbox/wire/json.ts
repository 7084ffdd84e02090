import { type AwsError, List, type Xml } from './operation.js';

/**
 * The services that speak JSON. Certificate Manager and CloudWatch Logs name the action in the header `X-Amz-Target`
 * (AWS JSON 1.1), API Gateway by method and path (REST). Numbers on the wire are numbers; instants are seconds since 1970.
 */
const jsonServices = ['acm', 'apigateway', 'logs'] as const;

export type JsonService = (typeof jsonServices)[number];

export const speaksJson = (service: string): service is JsonService => jsonServices.some((one) => one === service);

export const renderJson = (result: { [element: string]: Xml }): string => JSON.stringify(result, plainly);

const plainly = (_key: string, value: unknown): unknown => (value instanceof List ? value.values : value);

/** What the JSON protocols call the errors that every service has. */
const names: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  ExpiredToken: 'ExpiredTokenException',
  InvalidAction: 'UnknownOperationException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  Throttling: 'ThrottlingException',
};

export const renderJsonError = ({ code, message }: AwsError): string =>
  JSON.stringify({ __type: names[code] ?? code, message });
