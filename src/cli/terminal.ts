import { createInterface } from 'node:readline/promises';
import { OperationError } from '../errors.js';

/** One line on stderr that is written over and over, for a person who waits. */
export class Progress {
  private shown = false;

  constructor(private readonly enabled: boolean) {}

  show(line: string): void {
    if (!this.enabled) return;
    const width = process.stderr.columns || 80;
    process.stderr.write(`\r\u001b[2K${line.slice(0, Math.max(1, width - 1))}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[2K');
    this.shown = false;
  }
}

/**
 * Asks on stderr, so that stdout stays the result's. The end of the input is an empty answer.
 * @throws OperationError `Interrupted` where a signal comes instead of an answer
 */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const asker = createInterface({ input: process.stdin, output: process.stderr });
  // On a terminal that it reads, Ctrl-C is a character to Node, and no signal.
  asker.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await asker.question(question, { signal })).trim();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    process.stderr.write('\n');
    if (signal.aborted) throw new OperationError('Interrupted', 'Interrupted: nothing was done.');
    return '';
  } finally {
    asker.close();
  }
}

export const askMfaCode = (serialNumber: string, signal: AbortSignal): Promise<string> =>
  ask(`MFA code of ${serialNumber}: `, signal);

/** Whether the answer is a yes; anything else is a no. */
export const askYes = async (question: string, signal: AbortSignal): Promise<boolean> =>
  /^y(es)?$/i.test(await ask(`${question} [y/N] `, signal));

/** S13: a name that has to be typed; null where the answer is a no. */
export async function askName(question: string, signal: AbortSignal): Promise<string | null> {
  const answer = await ask(question, signal);
  return /^(no?)?$/i.test(answer) ? null : answer;
}

/** Whether stdout takes colour: a terminal, and nobody said otherwise. */
export function usesColor(env: NodeJS.ProcessEnv, noColor: boolean): boolean {
  if (noColor || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && env.TERM !== 'dumb';
}
