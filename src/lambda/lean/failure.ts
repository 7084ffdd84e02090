import type * as whole from '../../aws/failure.js';
import { AwsFailure, OperationError } from '../../errors.js';

/** A failed call in AWS's words: nobody sits before a log to be given advice. In the place of aws/failure.ts. */

interface SdkError {
  readonly name: string;
  readonly Code?: string;
  readonly code?: string;
  readonly message: string;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

export const awsFailure: typeof whole.awsFailure = (action, error) => {
  if (error instanceof OperationError) return error;
  const { name, Code, code, message, $metadata } = error as SdkError;
  if (!$metadata) return error as Error;
  const answered = $metadata.httpStatusCode !== undefined;
  const known = answered ? (Code ?? name).replace(/(?<=.)Exception$/, '') : 'NetworkError';
  const text = message.replace(/\s*Encoded authorization failure message: \S+/, '');
  const said = `${action} failed: ${answered ? known : (code ?? name)}: ${text}`;
  return new AwsFailure(action, known, said, [], $metadata.requestId, { cause: error });
};
