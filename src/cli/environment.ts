import { UsageError } from '../errors.js';

/** How lbbridge reads its own environment variables. An empty one counts as unset everywhere. */

/** Flags that lift a safety rule: only a person at the command line may say them, never a forgotten variable. */
const ruleLifting = ['ALLOW_EMPTY', 'ADOPT', 'ADOPT_FROM', 'CONFIRM', 'YES', 'FORCE'];

export const isSet = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value.trim().toLowerCase());

/** @throws UsageError where the environment would lift a rule. */
export function refuseRuleLifting(env: NodeJS.ProcessEnv): void {
  const found = ruleLifting.map((name) => `LBBRIDGE_${name}`).find((name) => isSet(env[name]));
  const prunesAll = env.LBBRIDGE_PRUNE?.trim().toLowerCase() === 'all' ? 'LBBRIDGE_PRUNE' : undefined;
  const name = found ?? prunesAll;
  if (name === undefined) return;
  const flag = `--${name.slice('LBBRIDGE_'.length).toLowerCase().replaceAll('_', '-')}`;
  throw new UsageError(
    'RuleLiftingVariable',
    `${name}=${env[name]} would lift a safety rule from the environment, which is not possible.`,
    [`Unset ${name}; say ${name === 'LBBRIDGE_PRUNE' ? '--prune all' : flag} on the command line where it is meant.`],
  );
}

/**
 * A switch in the environment is on or off. One that is neither must not count as off: `LBBRIDGE_DRY_RUN=on` would write.
 * @throws UsageError `InvalidVariable`
 */
export function refuseUnclearSwitches(
  flags: Readonly<Record<string, { readonly type: string; readonly env?: string | undefined }>>,
  env: NodeJS.ProcessEnv,
): void {
  for (const { type, env: name } of Object.values(flags)) {
    const value = type === 'boolean' && name !== undefined ? env[name] : undefined;
    if (value === undefined || /^(|0|false|no?|1|true|y(es)?)$/i.test(value)) continue;
    throw new UsageError('InvalidVariable', `${name}=${JSON.stringify(value)} is neither on nor off.`, [
      `Set ${name} to 1 or 0, or unset it.`,
    ]);
  }
}

/** S7: the lock that no flag lifts. */
export const isReadOnly = (env: NodeJS.ProcessEnv): boolean => isSet(env.LBBRIDGE_READ_ONLY);

/** Whether the answer is to be one JSON document. Asked before the flags are parsed, since that may fail. */
export function wantsJson(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  return (
    flags.includes('--json') ||
    flags.includes('--output=json') ||
    flags.some((flag, index) => flag === '--output' && flags[index + 1] === 'json') ||
    isSet(env.LBBRIDGE_JSON) ||
    (env.LBBRIDGE_OUTPUT === 'json' && !flags.some((flag) => flag.startsWith('--output')))
  );
}
