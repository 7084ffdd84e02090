import type { Principal } from '../state.js';
import { accessDenied } from '../wire/errors.js';
import type { Call } from '../wire/operation.js';
import type { Service } from '../wire/xml.js';
import type { World } from '../world.js';
import { needsOf } from './needs.js';
import { allows, parsePolicy } from './policy.js';

/**
 * Identity policies by the ARN of the user or role that holds them. Whoever holds one may do what its policies allow and
 * nothing else; whoever holds none may do everything, so that nobody needs policies who does not ask for them.
 */
export function attachPolicy(world: World, principalArn: string, document: unknown): void {
  const policy = { document, ...parsePolicy(document) };
  world.policies.set(principalArn, [...(world.policies.get(principalArn) ?? []), policy]);
}

/** Throws the service's denial where the policies of who calls do not allow the call. */
export function authorize(service: Service, action: string, call: Call): void {
  const policies = call.world.policies.get(holderOf(call.principal));
  if (!policies) return;
  const missing = needsOf(service, action, call).find((need) => !allows(policies, need));
  if (!missing) return;
  const [, name = action] = missing.action.split(':');
  throw accessDenied(service, name, call.principal.arn, missing.resource === '*' ? undefined : missing.resource);
}

/** A session acts with its role's policies. */
const holderOf = ({ arn }: Principal): string =>
  arn.replace(/^(arn:[a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3');
