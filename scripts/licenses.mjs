// Whose code is in the bundles, and on which terms: most licences want their text to go along with it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the bundles. */
export const LICENSES = 'THIRD-PARTY-LICENSES.txt';

/** The folder of the package that a file belongs to, and its name; null for a file of ours. */
export const packageOf = (file) => {
  const [folder, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/.exec(file) ?? [];
  return folder === undefined ? null : { folder, name };
};

/**
 * The text that has to be shipped with bundles.
 * @param metafiles what esbuild tells of each of them
 * @throws where nobody knows the terms of a package
 */
export function licensesOf(root, metafiles) {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = new Set(inputs.flatMap(([file]) => packageOf(file)?.folder ?? []));
  const packages = [...folders].map((folder) => readPackage(join(root, folder)));
  const titlesOf = new Map();
  for (const one of packages) {
    // Some packages of a project leave the text to the others.
    const text = one.text || packages.find((other) => other.text && isOfSameProject(one, other))?.text;
    if (!text) throw new Error(`${one.name} says ${one.license}, but holds no text of that licence`);
    titlesOf.set(text, (titlesOf.get(text) ?? new Set()).add(`${one.name} ${one.version} (${one.license})`));
  }
  const parts = [...titlesOf].map(([text, titles]) => `${[...titles].sort().join('\n')}\n\n${text}`);
  return `${['The programs beside this file hold code of these packages.', ...parts.sort()].join(LINE)}\n`;
}

const LINE = `\n\n${'-'.repeat(80)}\n\n`;

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)\b/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, license, text: texts.join('\n\n') };
}

const scopeOf = (name) => (name.startsWith('@') ? name.split('/')[0] : undefined);
const isOfSameProject = (one, other) =>
  scopeOf(one.name) !== undefined && scopeOf(one.name) === scopeOf(other.name) && one.license === other.license;
