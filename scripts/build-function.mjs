// Builds the function that a stack runs on: one CommonJS file that leaves AWS's SDK to the Lambda runtime, and the same
// packed to stand inline in a template, which CloudFormation takes up to 51,200 bytes of.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes. What the template needs for itself has to fit beside the function. */
const LIMIT = 22 * 1024;

/**
 * Writes `function.cjs`, which people can read a source map's way back from, and `function.js`, what a template holds.
 * @throws where the packed function is too large for a template
 */
export async function buildFunction(root, folder, version) {
  const outfile = join(folder, 'function.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/lambda/handler.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    supported: { 'dynamic-import': false },
    external: ['@aws-sdk/*'],
    plugins: [leanModules(root)],
    logLevel: 'warning',
  });
  const packed = pack(readFileSync(outfile), version);
  const bytes = Buffer.byteLength(packed);
  if (bytes > LIMIT) throw new Error(`The packed function has ${bytes} bytes; at most ${LIMIT} fit into a template.`);
  writeFileSync(join(folder, 'function.js'), packed);
}

/** A file that unpacks itself when it is loaded. */
function pack(code, version) {
  const packed = brotliCompressSync(code, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: code.length,
    },
  });
  return [
    `// lbbridge ${version}: the packed text of dist/function.cjs`,
    `const text = require('zlib').brotliDecompressSync(Buffer.from('${packed.toString('base64')}', 'base64')).toString();`,
    "new Function('exports', 'require', 'module', text)(exports, require, module);",
    '',
  ].join('\n');
}

/** What only people need, each with the lean module that the function has in its place. */
const lean = {
  'src/config/reference.ts': 'src/lambda/lean/reference.ts',
  'src/actions/find.ts': 'src/lambda/lean/find.ts',
  'src/aws/failure.ts': 'src/lambda/lean/failure.ts',
};

function leanModules(root) {
  const instead = new Map(Object.entries(lean).map(([from, to]) => [join(root, from), join(root, to)]));
  return {
    name: 'lean-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const found = instead.get(resolve(resolveDir, path.replace(/\.js$/, '.ts')));
        return found === undefined ? undefined : { path: found };
      });
    },
  };
}
