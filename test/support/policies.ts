import { connectAws } from '../../src/aws/connect.js';
import type { Aws } from '../../src/aws/ports.js';
import { attachPolicy } from '../../src/sandbox/iam/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { lbbridgeJson } from './cli.js';

export interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Record<string, Record<string, string | readonly string[]>>;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** What `lbbridge policy` prints. */
export async function printed(use: string, ...flags: readonly string[]): Promise<Policy> {
  const { document } = await lbbridgeJson(['policy', '--for', use, ...flags]);
  return document.result.policy;
}

/** The policy with one statement fewer. */
export const without = (policy: Policy, sid: string): Policy => ({
  ...policy,
  Statement: policy.Statement.filter(({ Sid }) => Sid !== sid),
});

/** The policy without one of the things that a statement may be used on. */
export const withoutResource = (policy: Policy, sid: string, resource: string): Policy => ({
  ...policy,
  Statement: policy.Statement.map((statement) =>
    statement.Sid === sid
      ? { ...statement, Resource: [statement.Resource].flat().filter((one) => one !== resource) }
      : statement,
  ),
});

/** The policy without one action, wherever it is allowed. */
export const withoutAction = (policy: Policy, action: string): Policy => ({
  ...policy,
  Statement: policy.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((one) => one !== action),
  })).filter(({ Action }) => Action.length > 0),
});

/** Ends with the first command that fails; gives the codes of the commands so far. */
export async function inTurn(
  steps: readonly (() => Promise<{ readonly status: number | null }>)[],
): Promise<(number | null)[]> {
  const codes: (number | null)[] = [];
  for (const step of steps) {
    codes.push((await step()).status);
    if (codes.at(-1) !== 0) break;
  }
  return codes;
}

export const HOME_USER = 'arn:aws:iam::111122223333:user/sandbox';
export const OTHER_ROLE = 'arn:aws:iam::444455556666:role/bridge';

/** From now on the home account's user, or whoever is named, may do what the policy allows and nothing else. */
export const under = (sandbox: Sandbox, policy: Policy, principal = HOME_USER): void =>
  attachPolicy(sandbox.world, principal, policy);

/** The other account's role holds the same policy, and the home account's user may assume it. */
export function underInBothAccounts(sandbox: Sandbox, policy: Policy): void {
  const assume = { Sid: 'Assume', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: OTHER_ROLE };
  under(sandbox, { ...policy, Statement: [...policy.Statement, assume] });
  under(sandbox, policy, OTHER_ROLE);
}

export const allowed = ({ Statement }: Policy): string[] =>
  [...new Set(Statement.flatMap(({ Action }) => Action))].sort();

/** `service:Action` of the calls so far, each once; what STS decides by itself is left out. */
export const made = (...sandboxes: readonly Sandbox[]): string[] =>
  [
    ...new Set(
      sandboxes.flatMap(({ journal }) =>
        journal.entries.filter(({ service }) => service !== 'sts').map(({ service, action }) => `${service}:${action}`),
      ),
    ),
  ].sort();

/** The calls that IAM has denied so far. */
export const denied = (...sandboxes: readonly Sandbox[]): string[] =>
  sandboxes.flatMap(({ journal }) =>
    journal.entries
      .filter(({ code }) => code === 'AccessDenied' || code === 'UnauthorizedOperation')
      .map(({ service, action }) => `${service}:${action}`),
  );

/** AWS as the home account's user meets it, for calls that no command makes. */
export function connectTo({ environment }: Sandbox): Aws {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return connectAws({ env: { ...environment } })({});
}
