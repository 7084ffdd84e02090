// Builds the shipped program: dist/lbbridge.cjs and the parts that are loaded only when they are needed.
// Starting Node costs most of a run's time, so whatever is not on the way of an everyday sync stays out of the main
// file. What each setting gains is measured in docs/performance.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
// Built aside and moved over at the end, file by file: a program that runs meanwhile never misses one.
const built = join(root, `dist.${process.pid}`);
const require = createRequire(import.meta.url);
const { name, version, oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Loaded by `await import(…)` in the sources, and a file of its own in dist. */
const parts = {
  '@aws-sdk/credential-provider-node': 'credential-chain',
  '@aws-sdk/credential-providers': 'assume-role',
  '@aws-sdk/client-sts': 'sts',
  '../sandbox/index.js': 'sandbox',
  'https-proxy-agent': 'https-proxy-agent',
  'proxy-from-env': 'proxy-from-env',
  yaml: 'yaml',
  chalk: 'chalk',
};

const settings = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Names stay: errors and oclif tell classes apart by them.
  keepNames: true,
  // The SDK's ES modules can be tree-shaken, the CommonJS ones that esbuild prefers for Node cannot.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  charset: 'ascii',
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: true,
  supported: { 'dynamic-import': false },
  // oclif asks for these only to run TypeScript sources.
  external: ['typescript', 'ts-node', 'tsx'],
  logLevel: 'warning',
};

/** Sends every lazy import of a part to its file. */
const lazyParts = {
  name: 'lazy-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, kind, namespace }) => {
      if (namespace === 'stub' || !Object.hasOwn(parts, path)) return undefined;
      if (kind === 'dynamic-import') return { path: `./${parts[path]}.cjs`, external: true };
      // The SDK's clients import the credential chain for a default that lbbridge never leaves to them.
      return path === '@aws-sdk/credential-provider-node' ? { path, namespace: 'stub' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'stub' }, () => ({
      contents: 'export const defaultProvider = () => { throw new Error("credentials are always given"); };',
    }));
  },
};

/** The SDK's schema tables have computed keys, which look as if they had side effects: as literals they tree-shake. */
const literalKeys = {
  name: 'literal-keys',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schemas_0\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const constants = new Map(
        [...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, key, text]) => [key, text]),
      );
      return {
        contents: source.replace(/\[(_\w+)\]:/g, (whole, key) =>
          constants.has(key) ? `${constants.get(key)}:` : whole,
        ),
      };
    });
  },
};

const program = `
  import { commands as own } from './src/cli/commands.ts';
  import { main } from './src/main.ts';
  export const commands = Object.defineProperties({ ...own }, {
    autocomplete: { enumerable: true, get: () => require('./autocomplete.cjs').Index },
    'autocomplete:script': { enumerable: true, get: () => require('./autocomplete.cjs').Script },
    'autocomplete:create': { enumerable: true, get: () => require('./autocomplete.cjs').Create },
  });
  export const pjson = ${JSON.stringify({
    name,
    version,
    oclif: { ...oclif, commands: { strategy: 'explicit', target: './lbbridge.cjs', identifier: 'commands' } },
  })};
  export const start = () =>
    main(process.argv.slice(2), { root: __dirname, pjson, commandIds: Object.keys(commands) });
`;

const completion = join(root, 'node_modules/@oclif/plugin-autocomplete/lib/commands/autocomplete');
const autocomplete = ['index', 'script', 'create']
  .map(
    (file) =>
      `export { default as ${file[0].toUpperCase()}${file.slice(1)} } from ${JSON.stringify(join(completion, `${file}.js`))};`,
  )
  .join('\n');

mkdirSync(built);
const part = (contents, file) =>
  build({
    ...settings,
    stdin: { contents, resolveDir: root, loader: 'js' },
    outfile: join(built, `${file}.cjs`),
    ...(file === 'lbbridge'
      ? { plugins: [lazyParts, literalKeys], external: [...settings.external, './autocomplete.cjs'] }
      : {}),
  });
await Promise.all([
  part(program, 'lbbridge'),
  part(autocomplete, 'autocomplete'),
  ...Object.entries(parts).map(([from, file]) =>
    part(`export * from '${from.replace('../', './src/').replace(/\.js$/, '.ts')}';`, file),
  ),
]);
writeFileSync(join(built, 'package.json'), '{"type":"commonjs"}\n');

// oclif reads the commands' flags and help from a manifest; without it every command's file would be loaded for that.
const manifest = execFileSync(
  process.execPath,
  [
    '-e',
    `const { pjson } = require(${JSON.stringify(join(built, 'lbbridge.cjs'))});
     const { Config } = require(${JSON.stringify(require.resolve('@oclif/core'))});
     Config.load({ root: ${JSON.stringify(built)}, pjson }).then((config) => {
       const { manifest } = config.plugins.get(pjson.name);
       process.stdout.write(JSON.stringify(manifest));
     });`,
  ],
  { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
);
writeFileSync(join(built, 'oclif.manifest.json'), manifest);

mkdirSync(dist, { recursive: true });
const files = readdirSync(built);
for (const file of files) renameSync(join(built, file), join(dist, file));
for (const file of readdirSync(dist)) if (!files.includes(file)) rmSync(join(dist, file));
rmSync(built, { recursive: true });
