// Builds the function that a stack runs on: one CommonJS file that leaves AWS's SDK to the Lambda runtime, and the same
// packed to stand inline in a template, which CloudFormation takes up to 51,200 bytes of.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

/**
 * Bytes of the packed functions. What the template needs for itself has to fit beside them; a stack whose function opens
 * security groups makes no NLB, so that its template is smaller.
 */
const LIMITS = { function: 22 * 1024, 'function-with-groups': 29_400 };

/**
 * Builds the function twice: with the part that opens security groups, which few stacks need, and without. Of each it
 * writes the file that runs (`.cjs`) and what a template holds (`.js`).
 * @returns what esbuild tells of each
 * @throws where a packed function is too large for a template
 */
export const buildFunctions = (root, folder, version) =>
  Promise.all([
    buildFunction(root, folder, version, 'handler', 'function', { ...lean, ...leanGroups }),
    buildFunction(root, folder, version, 'handler-with-groups', 'function-with-groups', lean),
  ]);

async function buildFunction(root, folder, version, entry, name, instead) {
  const outfile = join(folder, `${name}.cjs`);
  const told = await build({
    absWorkingDir: root,
    entryPoints: [`src/lambda/${entry}.ts`],
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
    plugins: [leanModules(root, instead)],
    logLevel: 'warning',
    metafile: true,
  });
  const packed = pack(readFileSync(outfile), `// lbbridge ${version}: the packed text of dist/${name}.cjs`);
  const bytes = Buffer.byteLength(packed);
  if (bytes > LIMITS[name]) {
    throw new Error(`The packed ${name} has ${bytes} bytes; at most ${LIMITS[name]} fit into a template.`);
  }
  writeFileSync(join(folder, `${name}.js`), packed);
  return told;
}

/**
 * A file that unpacks itself when it is loaded. Base 85 is six hundredths shorter than base 64; its characters stand
 * unescaped in YAML and JSON, and `Fn::Sub` finds nothing in them.
 */
function pack(code, title) {
  const bytes = brotliCompressSync(code, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: code.length,
    },
  });
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.readUInt32BE(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) {
      text += String.fromCharCode(40 + (Math.floor(word / power) % 85)).replace('\\', '!');
    }
  }
  return `${title}
const text = '${text}';
const bytes = Buffer.alloc((text.length / 5) * 4);
for (let at = 0; at < text.length; at += 5) {
  let word = 0;
  for (const sign of text.slice(at, at + 5)) word = word * 85 + (sign === '!' ? 92 : sign.charCodeAt(0)) - 40;
  bytes.writeUInt32BE(word, (at / 5) * 4);
}
const code = require('zlib').brotliDecompressSync(bytes.subarray(0, ${bytes.length})).toString();
new Function('exports', 'require', 'module', code)(exports, require, module);
`;
}

/** What only people need, each with the lean module that the function has in its place. */
const lean = {
  'src/config/access.ts': 'src/lambda/lean/access.ts',
  'src/config/reference.ts': 'src/lambda/lean/reference.ts',
  'src/actions/find.ts': 'src/lambda/lean/find.ts',
  'src/aws/failure.ts': 'src/lambda/lean/failure.ts',
  'src/aws/listeners.ts': 'src/lambda/lean/unused.ts',
};
const leanGroups = {
  'src/aws/security-groups.ts': 'src/lambda/lean/unused.ts',
  'src/actions/rules-of-bridge.ts': 'src/lambda/lean/no-rules.ts',
};

function leanModules(root, modules) {
  const instead = new Map(Object.entries(modules).map(([from, to]) => [join(root, from), join(root, to)]));
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
