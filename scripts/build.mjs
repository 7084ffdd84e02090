// Builds the shipped program: dist/start.cjs, which loads dist/lbbridge.cjs, and the parts that are loaded only when they
// are needed. Starting Node costs most of a run's time, so whatever is not on the way of an everyday sync stays off it.
// What each trick gains is measured by building without it (--without NAME --to FOLDER); it stands in docs/performance.md.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildFunctions } from './build-function.mjs';
import { LICENSES, licensesOf } from './licenses.mjs';

const { without, to } = parseArgs({ options: { without: { type: 'string' }, to: { type: 'string' } } }).values;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = to ?? root;
const dist = join(target, 'dist');
// Built aside and moved over at the end, file by file: a program that runs meanwhile never misses one.
const built = join(target, `dist.${process.pid}`);
const require = createRequire(import.meta.url);
const { name, version, oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Loaded by `await import(…)` in the sources, and a file of its own in dist. */
const parts = {
  '@aws-sdk/credential-provider-node': 'credential-chain',
  '@aws-sdk/credential-providers': 'assume-role',
  '@aws-sdk/client-sts': 'sts',
  '../sandbox/index.js': 'sandbox',
  './stack-clients.js': 'stack-clients',
  'https-proxy-agent': 'https-proxy-agent',
  'proxy-from-env': 'proxy-from-env',
  '@oclif/core/run': 'oclif',
  yaml: 'yaml',
  chalk: 'chalk',
};

/** Where our own parts lie; all others are packages. */
const sources = {
  '../sandbox/index.js': './src/sandbox/index.ts',
  './stack-clients.js': './src/aws/stack-clients.ts',
};

const settings = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: without !== 'minify',
  // The SDK's ES modules can be tree-shaken, the CommonJS ones that esbuild prefers for Node cannot.
  ...(without === 'modules' ? {} : { mainFields: ['module', 'main'], conditions: ['module'] }),
  // V8 keeps such a file as one byte a character, and the loader reads it as that.
  charset: 'ascii',
  legalComments: 'none',
  // Beside the program: inside it they would be read at every start.
  sourcemap: 'linked',
  sourcesContent: false,
  supported: { 'dynamic-import': false },
  // oclif asks for these only to run TypeScript sources.
  external: ['typescript', 'ts-node', 'tsx'],
  metafile: true,
  logLevel: 'warning',
};

/** Sends every lazy import of a part to its file. */
const lazyParts = {
  name: 'lazy-parts',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && Object.hasOwn(parts, path)
        ? { path: `./${parts[path]}.cjs`, external: true }
        : undefined,
    );
  },
};

const nothing = 'module.exports = {};';
/** What libraries load and an everyday run has no use for: package, or file of a package -> what stands in its place. */
const substitutes = {
  // The SDK's clients import the credential chain for a default that lbbridge never leaves to them.
  '@aws-sdk/credential-provider-node':
    'export const defaultProvider = () => { throw new Error("credentials are always given"); };',
  // No operation that is called streams events; the clients of S3 and CloudWatch Logs get ready for it all the same.
  '@smithy/core/event-streams': 'exports.resolveEventStreamSerdeConfig = (config) => config;',
  // Help, plugins, settings and progress of oclif's, and its way of printing errors: main.ts starts commands without them.
  '@oclif/core/lib/config': nothing,
  '@oclif/core/lib/help': nothing,
  '@oclif/core/lib/help/util': nothing,
  '@oclif/core/lib/errors/handle': nothing,
  '@oclif/core/lib/ux': nothing,
  '@oclif/core/lib/ux/theme': 'exports.colorize = (color, text) => text;',
  '@oclif/core/lib/screen': 'exports.stdtermwidth = exports.errtermwidth = 80;',
  'clean-stack': 'module.exports = (stack) => stack;',
  'indent-string': 'module.exports = (text) => text;',
  'wrap-ansi': 'module.exports = (text) => text;',
  // oclif's trace of itself.
  debug: 'module.exports = () => () => undefined;',
  // For lists only.
  'cli-table3':
    'module.exports = function Table(options) { return new (require("./cli-table3.cjs").Table)(options); };',
};
const substitute = {
  name: 'substitute',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const file = path.startsWith('.') ? join(dirname(importer), path).replace(/^.*node_modules./, '') : path;
      const known = file.replaceAll('\\', '/').replace(/(\/index)?(\.js)?$/, '');
      return Object.hasOwn(substitutes, known) ? { path: known, namespace: 'substitute' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'substitute' }, ({ path }) => ({ contents: substitutes[path] }));
  },
};

/** Parts of Node that the libraries ask for when they are loaded, and use, if ever, later: each is loaded at its first use. */
const lateBuiltins = [
  'child_process',
  'fs/promises',
  'perf_hooks',
  'readline',
  'readline/promises',
  'timers/promises',
  'tty',
  'zlib',
];
/**
 * fs/promises brings file handles, watchers and half of readline along; the libraries only read small files with it. Read at
 * once, they need none of the threads that Node would start for them.
 */
const promisedReads = `
  const fs = require('node:fs');
  for (const name of ['access', 'readFile', 'stat']) exports[name] = async (...words) => fs[name + 'Sync'](...words);`;
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, namespace, importer }) => {
      const builtin = path.replace(/^node:/, '');
      if (namespace === 'late' || !lateBuiltins.includes(builtin)) return undefined;
      const onlyReads = builtin === 'fs/promises' && importer.includes('node_modules');
      return { path: onlyReads ? 'reads' : builtin, namespace: 'late' };
    });
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => {
      if (path === 'reads') return { contents: promisedReads };
      const getters = Object.keys(require(path)).map(
        (key) => `get ${key}() { return require("node:${path}").${key}; }`,
      );
      return { contents: `module.exports = { ${getters.join(',\n')} };` };
    });
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

/** @param manifest what oclif tells of the commands in help and completion; undefined lets oclif find it out */
const program = (manifest) => `
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
  const manifest = ${manifest ? `JSON.parse(${JSON.stringify(manifest)})` : 'undefined'};
  export const start = () => main(process.argv.slice(2), { root: __dirname, pjson, commands, manifest });
`;

const completion = join(root, 'node_modules/@oclif/plugin-autocomplete/lib/commands/autocomplete');
const autocomplete = ['index', 'script', 'create']
  .map(
    (file) =>
      `export { default as ${file[0].toUpperCase()}${file.slice(1)} } from ${JSON.stringify(join(completion, `${file}.js`))};`,
  )
  .join('\n');

const part = (contents, file, plugins = []) =>
  build({
    ...settings,
    stdin: { contents, resolveDir: root, loader: 'js' },
    outfile: join(built, `${file}.cjs`),
    plugins,
    external: [...settings.external, './autocomplete.cjs', './cli-table3.cjs'],
  });
const buildProgram = (manifest) =>
  part(
    program(manifest),
    'lbbridge',
    [lazyParts, substitute, lazyBuiltins, literalKeys].filter(({ name: trick }) => trick !== without),
  );

/** Asks the program that was built without it. */
function askManifest() {
  const ask = `const { pjson } = require(${JSON.stringify(join(built, 'lbbridge.cjs'))});
     const { Config } = require(${JSON.stringify(require.resolve('@oclif/core'))});
     Config.load({ root: ${JSON.stringify(built)}, pjson }).then((config) => {
       const { manifest } = config.plugins.get(pjson.name);
       process.stdout.write(JSON.stringify(manifest));
     });`;
  return execFileSync(process.execPath, ['-e', ask], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
}

mkdirSync(built);
const bundles = await Promise.all([
  buildFunctions(root, built, version),
  part(`export { start } from './src/start/index.ts';`, 'start'),
  part(autocomplete, 'autocomplete'),
  part(`export { default as Table } from 'cli-table3';`, 'cli-table3'),
  ...Object.entries(parts).map(([from, file]) =>
    part(
      `export * from '${sources[from] ?? from}';`,
      file,
      file === 'stack-clients' ? [substitute, literalKeys] : [literalKeys],
    ),
  ),
  buildProgram(),
]);
writeFileSync(join(built, 'package.json'), '{"type":"commonjs"}\n');
const manifest = askManifest();
// For the checks of the command line in this repository; the program has it inside.
writeFileSync(join(built, 'oclif.manifest.json'), manifest);
await buildProgram(manifest);
writeFileSync(
  join(built, LICENSES),
  licensesOf(
    root,
    bundles.flat().map(({ metafile }) => metafile),
  ),
);

mkdirSync(dist, { recursive: true });
const files = readdirSync(built);
for (const file of files) renameSync(join(built, file), join(dist, file));
for (const file of readdirSync(dist)) if (!files.includes(file)) rmSync(join(dist, file));
rmSync(built, { recursive: true });
if (to !== undefined) cpSync(join(root, 'bin'), join(target, 'bin'), { recursive: true });
