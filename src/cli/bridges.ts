import { homedir } from 'node:os';
import type { Bridge, Ingress } from '../config/bridge.js';
import { type BridgeFlags, resolveBridges } from '../config/resolve-bridges.js';
import { type IngressFlags, resolveIngresses } from '../config/resolve-ingresses.js';

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
