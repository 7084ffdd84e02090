import type { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import type { Manifest, PJSON, Plugin } from '@oclif/core/interfaces';

export interface PluginParts {
  /** Folder of the program. */
  readonly root: string;
  readonly pjson: PJSON;
  /** Every command by its id. */
  readonly commands: Readonly<Record<string, Command.Class>>;
  /** What help and completion tell of the commands, written when the program was built. */
  readonly manifest: Manifest;
}

/**
 * The program in oclif's terms, whole and in memory. Left to itself, oclif looks for package.json, a manifest and the
 * commands' files on disk at every start, loads the program a second time, and sorts the commands by the rules of a
 * language, whose tables alone take longer to load than a command takes to run.
 */
export function bundledPlugin({ root, pjson, commands, manifest }: PluginParts): Plugin {
  const { name, version } = pjson;
  async function load(id: string): Promise<Command.Class> {
    const command = commands[id];
    if (!command) throw new Error(`no command ${id}`);
    command.id = id;
    command.plugin = plugin;
    return command;
  }
  const plugin: Plugin = {
    _base: '',
    alias: name,
    name,
    version,
    root,
    pjson,
    options: { root },
    type: 'core',
    moduleType: 'commonjs',
    isRoot: true,
    valid: true,
    hasManifest: true,
    commandsDir: undefined,
    commandIDs: Object.keys(commands),
    commands: Object.values(manifest.commands).map((cached) => ({ ...cached, load: () => load(cached.id) })),
    findCommand: load,
    hooks: {},
    topics: Object.entries(pjson.oclif.topics ?? {}).map(([topic, { description }]) => ({ name: topic, description })),
    load: async () => undefined,
  };
  return plugin;
}

/**
 * As much of oclif's configuration as a command of ours asks for when it parses its flags and runs. The whole of it
 * takes reads of plugins, themes and the shell, of which such a run needs nothing.
 */
export function bareConfig({ oclif }: PJSON, root: string): Config {
  const used: Partial<Config> = {
    root,
    bin: oclif.bin ?? '',
    scopedEnvVarKeys: () => [],
    runHook: async () => ({ successes: [], failures: [] }),
  };
  return used as Config;
}
