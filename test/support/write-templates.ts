// Writes the templates of all combinations into a folder: `node --import tsx test/support/write-templates.ts DIR`.
// Linters that nobody here wrote judge them there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeFileOf } from '../../src/stack/template/index.js';
import { templateText } from '../../src/stack/template/text.js';
import { pairwise } from './stack-combinations.js';

const folder = process.argv[2];
if (folder === undefined) throw new Error('no folder was named');
mkdirSync(folder, { recursive: true });
for (const [name, options] of pairwise()) {
  const code = readFileSync(new URL(`../../dist/${codeFileOf(options)}`, import.meta.url), 'utf8');
  writeFileSync(join(folder, `${name}.yaml`), await templateText(options, code));
}
