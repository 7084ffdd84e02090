import type { Command } from '@oclif/core/command';
import type { Manifest, PJSON } from '@oclif/core/interfaces';
import { BaseCommand } from './base-command.js';
import { envelope } from './cli/envelope.js';
import { wantsJson } from './cli/environment.js';
import { failureOf } from './cli/failure.js';
import { bareConfig, bundledPlugin } from './cli/oclif.js';
import { closest } from './config/suggest.js';
import { UsageError } from './errors.js';
import { renderError } from './render/messages.js';

export interface Program {
  /** Folder of package.json. */
  readonly root: string;
  /** Its content, with oclif's settings. */
  readonly pjson: PJSON;
  readonly commands: Readonly<Record<string, Command.Class>>;
  /** Of the commands; undefined where oclif is to find them by itself. */
  readonly manifest?: Manifest | undefined;
}

/** Runs the command line to its end. Commands handle their own failures; what is left here is an unknown command. */
export async function main(words: string[], { root, pjson, commands, manifest }: Program): Promise<void> {
  quietSdk();
  endQuietlyWithoutReader();
  const argv = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  try {
    const unknown = unknownCommand(argv, Object.keys(commands));
    if (unknown) throw unknown;
    if (argv[0] === '--version') {
      const { name, version } = pjson;
      process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
      return;
    }
    const command = commandOf(argv, { root, pjson, commands });
    if (command) {
      await command.start();
      return;
    }
    const { run } = await import('@oclif/core/run');
    const plugin = manifest && bundledPlugin({ root, pjson, commands, manifest });
    await run(argv, { root, pjson, ...(plugin ? { plugins: new Map([[plugin.name, plugin]]) } : {}) });
  } catch (error) {
    if (isExit(error)) {
      process.exitCode = error.oclif.exit;
      return;
    }
    const { status, report, stack } = failureOf(error);
    process.exitCode = status;
    if (wantsJson(argv, process.env)) {
      const end = argv.findIndex((word) => word.startsWith('-'));
      const typed = (end < 0 ? argv : argv.slice(0, end)).slice(0, isTopic(argv[0], commands) ? 2 : 1).join(' ');
      process.stdout.write(`${JSON.stringify(envelope(typed, status, null, [], report), null, 2)}\n`);
    } else process.stderr.write(`${renderError(report)}\n`);
    if (stack && argv.includes('--debug')) process.stderr.write(`${stack}\n`);
  }
}

/**
 * The command that is to run, without oclif's help: what oclif looks up before it starts a command takes as long as the
 * command itself. Help, completion and topics are oclif's.
 */
function commandOf(argv: readonly string[], { root, pjson, commands }: Program): BaseCommand | null {
  const end = argv.indexOf('--');
  if ((end < 0 ? argv : argv.slice(0, end)).includes('--help')) return null;
  const words = [2, 1].find((count) => Object.hasOwn(commands, argv.slice(0, count).join(':'))) ?? 0;
  const id = argv.slice(0, words).join(':');
  const Chosen = commands[id];
  if (!Chosen) return null;
  Chosen.id = id;
  const command: unknown = Reflect.construct(Chosen, [argv.slice(words), bareConfig(pjson, root)]);
  return command instanceof BaseCommand ? command : null;
}

/** Print-only: a guess is never run. */
function unknownCommand(argv: readonly string[], ids: readonly string[]): UsageError | null {
  const [first] = argv[0]?.startsWith('-') ? [] : argv;
  if (first === undefined) {
    // Flags alone: help and version are oclif's; any other has no command that it could belong to.
    const [flag] = argv;
    if (flag === undefined || ['--help', '-h', '--version'].includes(flag)) return null;
    return new UsageError('UnknownCommand', `${flag} stands where a command is expected.`, [
      'See them all: lbbridge --help',
    ]);
  }
  const words = [first, argv[1]?.startsWith('-') ? undefined : argv[1]].filter((word) => word !== undefined);
  // A topic alone lists its commands; a word behind it has to be one of them.
  const isTopic = ids.some((id) => id.startsWith(`${first}:`));
  if (ids.includes(first) || (isTopic && (words.length === 1 || ids.includes(words.join(':'))))) return null;
  const typed = isTopic ? words.join(' ') : first;
  const near = closest(
    typed,
    ids.map((id) => id.replaceAll(':', ' ')),
  );
  return new UsageError('UnknownCommand', `lbbridge has no command ${JSON.stringify(typed)}.`, [
    ...(near.length > 0 ? [`Did you mean ${near.map((name) => `lbbridge ${name}`).join(' or ')}?`] : []),
    'See them all: lbbridge --help',
  ]);
}

const isTopic = (word: string | undefined, commands: Program['commands']): boolean =>
  Object.keys(commands).some((id) => id.startsWith(`${word}:`));

const isExit = (error: unknown): error is { oclif: { exit: number } } =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'EEXIT';

/** The SDK warns of old Node versions on every run: in cron that is a mail a minute. */
function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}

/** `lbbridge ips web | head -1`: a reader that has seen enough is no failure, a full disk is one. */
function endQuietlyWithoutReader(): void {
  // oclif's own listener throws whatever it does not know, which ends the process with a stack instead of a sentence.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`Error: the result could not be written: ${error.message}\n`);
    process.exit(1);
  });
}
