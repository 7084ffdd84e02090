import { homedir } from 'node:os';
import type { Naming } from '../actions/command-line.js';
import type { Bridge, Ingress } from '../config/bridge.js';
import { type BridgeFlags, resolveBridges } from '../config/resolve-bridges.js';
import { type IngressFlags, resolveIngresses } from '../config/resolve-ingresses.js';
import { endFlags } from './flags.js';

type Named = string | readonly string[] | undefined;

/** The bridges that a command is about, by its arguments, its flags, and the files of this process's surroundings. */
export const chosenBridges = (named: Named, flags: BridgeFlags, config: string | undefined): Promise<Bridge[]> =>
  resolveBridges({ ...surroundings(named, config), flags });

/** The same of a command that is about security groups. */
export const chosenIngresses = (named: Named, flags: IngressFlags, config: string | undefined): Promise<Ingress[]> =>
  resolveIngresses({ ...surroundings(named, config), flags });

const surroundings = (named: Named, config: string | undefined) => ({
  names: [named ?? []].flat(),
  config,
  cwd: process.cwd(),
  env: process.env,
  home: process.env.HOME ?? homedir(),
});

/**
 * The words by which a command can name a bridge again: one of the file by its name, beside every flag that was given.
 * They are the flags as typed, so that a command to paste means what the run that prints it meant.
 */
export const namedAgain =
  (flags: Parsed): Naming['again'] =>
  ({ name }, command) => {
    const own = command === 'sync' ? (['port'] as const) : (['nlb'] as const);
    const given = [...shared, ...own].flatMap((flag) => {
      const value = flags[flag];
      return value === undefined ? [] : [`--${flag}`, value];
    });
    return flags.alb === undefined ? [name, ...given] : given;
  };

const shared = [
  ...(Object.keys(endFlags) as (keyof typeof endFlags)[]),
  ...(['region', 'profile', 'role-arn', 'external-id', 'endpoint-url'] as const),
];

type Parsed = { readonly [Name in (typeof shared)[number] | 'port' | 'nlb']?: string | undefined };
