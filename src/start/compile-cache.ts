import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

/**
 * What V8 compiled of one file in an earlier run, in `$XDG_CACHE_HOME/lbbridge`. It is code that will be run, so it
 * counts only if nobody else could have written it: folder and file are this user's, and nobody else may write to them.
 * It fails open: whatever is amiss, there is no cache, and the program is compiled anew.
 */
export class CompileCache {
  private readonly name: string;
  /** Stands at the head of the cache; another one belongs to another build of the program. */
  private readonly stamp: string;

  /**
   * @param file the file that is compiled, as it stands on disk
   * @param use what the program is started for: each use compiles other functions
   */
  constructor(
    file: string,
    { size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>,
    use: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    // Two installations, releases of Node or sets of its flags must not take turns at throwing each other's cache away.
    const flags = [...process.execArgv, env.NODE_OPTIONS ?? ''];
    const place = sha256(JSON.stringify([file, process.version, process.arch, flags])).slice(0, 16);
    this.name = `${basename(file)}-${use}-${place}`;
    this.stamp = `lbbridge ${size} ${mtimeMs}`;
  }

  read(): Buffer | undefined {
    return orUndefined(() => {
      const folder = folderOf(this.env);
      if (!isOurs(lstatSync(folder))) return undefined;
      const content = readOurs(join(folder, this.name));
      const end = content?.indexOf('\n') ?? -1;
      if (content === undefined || end < 0) return undefined;
      const data = content.subarray(end + 1);
      // V8 looks at the head of its data only: a flipped bit in the middle would end the process.
      return content.toString('latin1', 0, end) === `${this.stamp} ${sha256(data)}` ? data : undefined;
    });
  }

  write(data: Buffer): void {
    orUndefined(() => {
      const folder = folderOf(this.env);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!isOurs(lstatSync(folder))) return;
      const content = Buffer.concat([Buffer.from(`${this.stamp} ${sha256(data)}\n`), data]);
      const path = join(folder, this.name);
      const draft = `${path}.${process.pid}`;
      try {
        writeFileSync(draft, content, { flag: 'wx', mode: 0o600 });
        renameSync(draft, path);
      } finally {
        rmSync(draft, { force: true });
      }
    });
  }
}

function orUndefined<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

function folderOf({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string {
  const base = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME || homedir(), '.cache');
  return join(base, 'lbbridge');
}

function readOurs(path: string): Buffer | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return isOurs(fstatSync(file)) ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

/** On Windows nobody can tell: there is no cache. */
const isOurs = ({ uid, mode }: Stats): boolean => uid === process.geteuid?.() && (mode & 0o022) === 0;

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
