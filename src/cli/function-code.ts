import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The function of a stack, as the build packed it: a file beside the program, or in `dist` where the sources run.
 * @param root the program's folder
 */
export function functionCode(root: string, file: string): Promise<string> {
  const beside = join(root, file);
  return readFile(existsSync(beside) ? beside : join(root, 'dist', file), 'utf8');
}
