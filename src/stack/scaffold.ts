import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Outcome } from '../actions/outcome.js';
import type { ScaffoldResult } from '../actions/stack-outcome.js';
import { PARAMETERS_FILE, TEMPLATE_FILE } from '../config/stack-files.js';
import { OperationError } from '../errors.js';
import { nativeWay } from './native-way.js';
import type { StackOptions } from './options.js';
import { readme } from './readme.js';
import { parametersOf, parametersToFill } from './template/index.js';
import { templateText } from './template/text.js';

export interface ScaffoldOptions {
  readonly directory: string;
  readonly stack: StackOptions;
  /** The function's code, packed. */
  readonly code: string;
  /** Writes over files that are there. */
  readonly force: boolean;
}

/**
 * Writes the template, its parameters and a README into a folder, which is made if it is not there. Asks AWS nothing.
 * @throws OperationError `FilesExist` where one of them is there, `NotWritable` where the folder takes no files
 */
export async function scaffoldStack({
  directory,
  stack,
  code,
  force,
}: ScaffoldOptions): Promise<Outcome<ScaffoldResult>> {
  const folder = resolve(directory);
  const name = stackNameOf(folder);
  const known = parametersOf(stack);
  const missing = parametersToFill(stack);
  const values = [...Object.entries(known), ...missing.map((parameter) => [parameter, ''] as const)];
  const parameters = values.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const files = new Map([
    [TEMPLATE_FILE, await templateText(stack, code)],
    [PARAMETERS_FILE, `${JSON.stringify(parameters, null, 2)}\n`],
    ['README.md', readme(stack, name)],
  ]);
  await write(folder, files, force);
  return {
    result: {
      directory: folder,
      files: [...files.keys()],
      native: nativeWay(stack),
      missing,
      command: `lbbridge stack deploy ${name} --from ${/[^\w./-]/.test(directory) ? JSON.stringify(directory) : directory}`,
    },
    warnings: [],
    status: 0,
  };
}

async function write(folder: string, files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  const there = (
    await Promise.all([...files.keys()].map(async (file) => ((await exists(join(folder, file))) ? [file] : [])))
  ).flat();
  if (there.length > 0 && !force) {
    throw new OperationError('FilesExist', `${folder} holds ${there.join(', ')} already: nothing was written.`, [
      'Name another folder, or say --force to write over them.',
    ]);
  }
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, text] of files) await writeFile(join(folder, file), text);
  } catch (error) {
    throw new OperationError('NotWritable', `${folder} cannot be written to: ${(error as Error).message}`, [
      'Name a folder that you may write to.',
    ]);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A name that CloudFormation takes, as near to the folder's as that goes. */
function stackNameOf(folder: string): string {
  const name = basename(folder)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 64);
  return name || 'bridge';
}
