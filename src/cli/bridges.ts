import { homedir } from 'node:os';
import type { Bridge } from '../config/bridge.js';
import { type BridgeFlags, resolveBridges } from '../config/resolve-bridges.js';

/** The bridges that a command is about, by its arguments, its flags, and the files of this process's surroundings. */
export const chosenBridges = (
  named: string | readonly string[] | undefined,
  flags: BridgeFlags,
  config: string | undefined,
): Promise<Bridge[]> =>
  resolveBridges({
    names: [named ?? []].flat(),
    flags,
    config,
    cwd: process.cwd(),
    env: process.env,
    home: process.env.HOME ?? homedir(),
  });
