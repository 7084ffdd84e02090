import type { Aws, TemplateSource } from '../aws/ports.js';
import { AwsFailure, OperationError } from '../errors.js';
import { templateKey } from '../plan/stack.js';
import type { Outcome, Warning } from './outcome.js';
import type { StackResult } from './stack-outcome.js';

/**
 * Lays a template where CloudFormation can read it, for as long as `use` takes: a deployment leaves nothing behind but
 * its stack. A run that is killed leaves the object; the next one with the same template puts it there again, and takes
 * it away.
 */
export async function byWayOf(
  bucketName: string,
  { stackName, template }: { readonly stackName: string; readonly template: string },
  aws: Aws,
  use: (source: TemplateSource) => Promise<Outcome<StackResult>>,
): Promise<Outcome<StackResult>> {
  const bucket = await aws.bucket(bucketName);
  const key = templateKey(stackName, template);
  const remove = async (): Promise<Warning[]> => {
    try {
      await bucket.remove(key);
      return [];
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const message = `The template stays at s3://${bucketName}/${key}. ${error.message}`;
      return [{ code: 'TemplateLeft', message }];
    }
  };
  const url = await bucket.put(key, template);
  let outcome: Outcome<StackResult>;
  try {
    outcome = await use({ url });
  } catch (error) {
    const left = (await remove()).map(({ message }) => message);
    if (left.length === 0 || !(error instanceof OperationError)) throw error;
    const { code, message, suggestions, requestId } = error;
    throw new OperationError(code, message, [...suggestions, ...left], requestId, { cause: error });
  }
  return { ...outcome, warnings: [...outcome.warnings, ...(await remove())] };
}
