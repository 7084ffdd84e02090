import { lstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { type BridgeKeys, readBridgeKeys, unknownKey } from './file-keys.js';
import { quoted } from './values.js';
import { type Entry, YamlSource } from './yaml-source.js';

/** One bridge as `lbbridge.yaml` describes it. */
export interface FileBridge extends BridgeKeys {
  /** Its key. */
  readonly name: string;
  /** `FILE:LINE` of its key. */
  readonly place: string;
}

const fileName = 'lbbridge.yaml';
/** Thousands of bridges fit; what is larger is no configuration. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The file that describes the bridges: the one that is named, else `lbbridge.yaml` of the working directory, else that
 * of `$XDG_CONFIG_HOME/lbbridge` (by default `~/.config/lbbridge`). Null where none is named and neither is there.
 */
export function findConfigFile(from: {
  readonly config?: string | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}): string | null {
  if (from.config !== undefined) return resolve(from.cwd, from.config);
  const xdg = from.env.XDG_CONFIG_HOME;
  // The XDG specification wants relative paths ignored.
  const base = xdg && isAbsolute(xdg) ? xdg : join(from.home, '.config');
  return [join(from.cwd, fileName), join(base, 'lbbridge', fileName)].find(exists) ?? null;
}

/**
 * Reads and checks the file; its bridges come in its order.
 * @param isNamed somebody named this very file, and so vouches for whoever may write it
 * @throws UsageError `ConfigUnreadable` (not there, not readable), `ConfigUnsafe` (others may write it) or
 * `ConfigInvalid`, whose message begins with `FILE:LINE:`.
 */
export async function readConfigFile(path: string, isNamed = false): Promise<FileBridge[]> {
  const yaml = await YamlSource.parse(path, await readText(path, isNamed));
  const bridges = yaml.entries(yaml.root, 'the file').flatMap((entry) => {
    if (entry.key === 'bridges') return yaml.entries(entry, 'bridges');
    throw unknownKey(yaml, entry, 'the file', ['bridges']);
  });
  if (bridges.length > 0) return bridges.map((entry) => readBridge(yaml, entry));
  throw yaml.fail(yaml.root, 'The file names no bridge.', [
    'Give at least one: bridges: {edge: {alb: …, targetGroup: …}}',
  ]);
}

function readBridge(yaml: YamlSource, entry: Entry): FileBridge {
  // It is to be typed as an argument, and shown.
  if (!/^[^-\s\p{C}][^\s\p{C}]*$/u.test(entry.key)) {
    const message = `${quoted(entry.key)} cannot be the name of a bridge.`;
    throw yaml.fail(entry, message, ['A name has no spaces and does not begin with a hyphen.'], 'key');
  }
  return { name: entry.key, place: yaml.place(entry, 'key'), ...readBridgeKeys(yaml, entry) };
}

async function readText(path: string, isNamed: boolean): Promise<string> {
  let bytes: Buffer;
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if (!isNamed) await refuseUnsafe(path, file);
    bytes = await firstBytes(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError('ConfigUnreadable', `${path} cannot be read: ${reasons[code ?? ''] ?? message}.`, [
      'Name the file with --config, or the bridge with --alb and --target-group.',
    ]);
  } finally {
    await file?.close();
  }
  if (bytes.length > maxBytes) {
    throw new UsageError('ConfigInvalid', `${path}:1: The file is larger than ${maxBytes / 1024} KiB.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('ConfigInvalid', `${path}:1: The file is not UTF-8 text.`);
  }
}

/** What fits, and one byte more where there is more: a device or a pipe may have no end. */
async function firstBytes(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
};

/**
 * Whoever writes the file decides which targets go: of one that merely lies there, nobody but its user and root may.
 * Windows has no such modes.
 */
async function refuseUnsafe(path: string, file: FileHandle): Promise<void> {
  const me = process.getuid?.();
  const stats = await file.stat();
  if (me === undefined || !stats.isFile()) return;
  const { mode, uid } = stats;
  if ((mode & 0o002) !== 0) {
    throw new UsageError('ConfigUnsafe', `${path} can be written by every user of this computer.`, [
      `chmod o-w ${path}`,
      `Or name it, where it is meant: --config ${path}`,
    ]);
  }
  if (uid !== me && uid !== 0) {
    throw new UsageError('ConfigUnsafe', `${path} belongs to another user (uid ${uid}).`, [
      `Read it, then make it yours: chown ${me} ${path}`,
      `Or name it, where it is meant: --config ${path}`,
    ]);
  }
}

/** Also true of a file that cannot be looked at, or a link that leads nowhere: reading it then says why. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
