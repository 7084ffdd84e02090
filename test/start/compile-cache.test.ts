import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CompileCache } from '../../src/start/compile-cache.js';
import { lbbridge, type Ran, type RunOptions } from '../support/cli.js';

const made = () => mkdtempSync(join(tmpdir(), 'lbbridge-cache-'));
const data = Buffer.from('what V8 compiled');

afterEach(() => vi.restoreAllMocks());

/** A cache of some file, and where it stands. */
function cacheOf({ base = made(), use = 'diff', file = '/program.cjs', mtimeMs = 1 } = {}) {
  const cache = new CompileCache(file, { size: 1, mtimeMs }, use, { XDG_CACHE_HOME: base });
  const folder = join(base, 'lbbridge');
  return { cache, base, folder, path: () => join(folder, readdirSync(folder)[0] ?? '') };
}

describe('the compile cache', () => {
  test('gives back what was written, for the same build and use, and keeps it to its user', () => {
    const { cache, base, folder, path } = cacheOf();
    expect(cache.read()).toBeUndefined();
    cache.write(data);
    expect(cache.read()).toEqual(data);
    expect([statSync(folder).mode & 0o777, statSync(path()).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(cacheOf({ base, use: 'sync' }).cache.read()).toBeUndefined();
    expect(cacheOf({ base, mtimeMs: 2 }).cache.read()).toBeUndefined();
  });

  test('of another build is written over, not left behind', () => {
    const { cache, base, folder } = cacheOf();
    cache.write(data);
    cacheOf({ base, mtimeMs: 2 }).cache.write(data);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(cache.read()).toBeUndefined();
  });

  test.each([
    ['a flipped bit', (path: string) => writeFileSync(path, readFileSync(path).fill(0, 90))],
    ['a cut', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    ['nothing in it', (path: string) => writeFileSync(path, '')],
    ['a file that others may write', (path: string) => chmodSync(path, 0o620)],
    ['a folder that others may write', (path: string) => chmodSync(join(path, '..'), 0o770)],
  ])('does not count with %s', (_, spoil) => {
    const { cache, path } = cacheOf();
    cache.write(data);
    spoil(path());
    expect(cache.read()).toBeUndefined();
  });

  test('does not count where somebody else owns it, and is not written there', () => {
    const { cache, path } = cacheOf();
    cache.write(data);
    const before = readFileSync(path());
    vi.spyOn(process, 'geteuid').mockReturnValue((process.geteuid?.() ?? 0) + 1);
    expect(cache.read()).toBeUndefined();
    cache.write(Buffer.from('other'));
    expect(readFileSync(path())).toEqual(before);
  });

  test('does not follow a link, neither to a file nor to a folder', () => {
    const { cache, base, path } = cacheOf();
    cache.write(data);
    const linked = made();
    symlinkSync(join(base, 'lbbridge'), join(linked, 'lbbridge'));
    expect(cacheOf({ base: linked }).cache.read()).toBeUndefined();
    const third = made();
    mkdirSync(join(third, 'lbbridge'), { mode: 0o700 });
    symlinkSync(path(), path().replace(base, third));
    expect(cacheOf({ base: third }).cache.read()).toBeUndefined();
  });

  test('is none where it cannot be written', () => {
    const base = join(made(), 'file');
    writeFileSync(base, '');
    const { cache } = cacheOf({ base });
    cache.write(data);
    expect(cache.read()).toBeUndefined();
  });
});

describe('the program', () => {
  const help = (env: RunOptions['env'] = {}): Promise<Ran> => lbbridge(['diff', '--help'], { env });

  test('says the same without a cache, with one, and with one that is broken', async () => {
    const base = made();
    const folder = join(base, 'lbbridge');
    const env = { XDG_CACHE_HOME: base };
    const first = await help(env);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    expect(await help(env)).toEqual(first);
    for (const name of readdirSync(folder))
      writeFileSync(join(folder, name), readFileSync(join(folder, name)).fill(7, 100));
    expect(await help(env)).toEqual(first);
    expect(await help({ XDG_CACHE_HOME: '/dev/null', HOME: '/nonexistent' })).toEqual(first);
    expect(await help({ HOME: '' })).toEqual(first);
  });

  test('names lines of its sources under --debug', async () => {
    const folder = made();
    const hook = join(folder, 'hook.cjs');
    writeFileSync(hook, 'process.cwd = () => { throw new Error("no folder"); };');
    const env = { NODE_OPTIONS: `--require ${hook}` };
    const { status, stderr } = await lbbridge(['diff', '--debug'], { env });
    expect(status).toBe(1);
    expect(stderr).toContain('This is a bug in lbbridge: no folder');
    expect(stderr).toMatch(/src\/cli\/bridges\.ts:\d+:\d+/);
  });
});
