import { constraint, validationError } from '../wire/errors.js';
import type { AwsError, Call } from '../wire/operation.js';
import type { Stack } from './state.js';

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
const ARN = /^arn:[-a-zA-Z0-9:/._+]*$/;

/** The stack that a request names; null where there is none. A deleted one is known by its id alone. */
export function stackNamed({ region, account, params }: Call, parameter = 'StackName'): Stack | null {
  const name = params.string(parameter);
  if (name === undefined) throw constraint(null, 'stackName', '');
  if (!NAME.test(name) && !ARN.test(name)) {
    const rule = 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*';
    throw constraint(name, 'stackName', rule);
  }
  const own = [...region.stacks.values()].filter(({ ownerId }) => ownerId === account.id);
  return own.find((one) => one.id === name || (one.name === name && one.status !== 'DELETE_COMPLETE')) ?? null;
}

export const noSuchStack = (name: string): AwsError => validationError(`Stack with id ${name} does not exist`);

/** The stack that a request names; throws where there is none. */
export function existingStack(call: Call): Stack {
  const found = stackNamed(call);
  if (!found) throw noSuchStack(call.params.string('StackName') ?? '');
  return found;
}

/** One page of a list, by its number. */
export function page<T>(call: Call, all: readonly T[], size: number): { items: T[]; NextToken: string | undefined } {
  const token = call.params.string('NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw validationError('The specified NextToken is not valid');
  const end = start + size;
  const more = end < all.length;
  return { items: all.slice(start, end), NextToken: more ? Buffer.from(String(end)).toString('base64url') : undefined };
}
