import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { CompileCache } from './compile-cache.js';

interface Program {
  start(): Promise<void>;
}

/** Starts the program in this folder. Compiling it costs more than all that an everyday run does, so that is kept. */
export function start(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  const file = join(__dirname, 'lbbridge.cjs');
  const program = isDebugging(argv, env) ? plain(file) : cached(file, useOf(argv), env);
  void (program as Program).start();
}

/** Node maps a stack back to the sources only for files that it has loaded by itself. */
function plain(file: string): unknown {
  process.setSourceMapsEnabled(true);
  return createRequire(file)(file);
}

/** Loads a CommonJS file, and whatever it requires beside it, with what an earlier run has compiled of them. */
function cached(file: string, use: string, env: NodeJS.ProcessEnv): unknown {
  const handle = openSync(file, 'r');
  const stats = fstatSync(handle);
  // Put together off V8's heap: half a megabyte twice in its young half makes it collect garbage at once.
  const source = Buffer.concat([HEAD, readFileSync(handle), TAIL]).toString('latin1');
  closeSync(handle);
  const cache = new CompileCache(file, stats, use, env);
  const cachedData = cache.read();
  const script = new Script(source, { filename: file, cachedData });
  const folder = dirname(file);
  const requireElse = createRequire(file);
  const loaded = new Map<string, unknown>();
  const module = { exports: {} };
  const require = (name: string): unknown => {
    if (!name.startsWith('./')) return requireElse(name);
    const known = loaded.get(name) ?? cached(join(folder, name), use, env);
    loaded.set(name, known);
    return known;
  };
  script.runInThisContext()(module.exports, require, module, file, folder);
  if (cachedData === undefined || script.cachedDataRejected) {
    // When the program ends, so that the functions which it compiled on its way are in it. A run that failed was no
    // everyday one.
    process.once('exit', (status) => {
      if (everyday.has(status)) cache.write(script.createCachedData());
    });
  }
  return module.exports;
}

const HEAD = Buffer.from('(function(exports,require,module,__filename,__dirname){');
const TAIL = Buffer.from('\n})');

/** Done, differences, refused. */
const everyday = new Set([0, 2, 3]);

/** Every command compiles functions of its own; what asks for none is help of some kind. */
function useOf(argv: readonly string[]): string {
  const [first = ''] = argv;
  return /^[a-z]+$/.test(first) && !argv.includes('--help') && !argv.includes('-h') ? first : 'help';
}

const isDebugging = (argv: readonly string[], env: NodeJS.ProcessEnv): boolean =>
  argv.includes('--debug') || Boolean(env.LBBRIDGE_DEBUG);
