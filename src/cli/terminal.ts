import { createInterface } from 'node:readline/promises';

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

/** Asks on stderr, so that stdout stays the result's. */
async function ask(question: string): Promise<string> {
  const asker = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asker.question(question)).trim();
  } finally {
    asker.close();
  }
}

export const askMfaCode = (serialNumber: string): Promise<string> => ask(`MFA code of ${serialNumber}: `);

/** Whether the answer is a yes; anything else is a no. */
export const askYes = async (question: string): Promise<boolean> => /^y(es)?$/i.test(await ask(`${question} [y/N] `));

/** S13: a name that has to be typed; null where the answer is a no. */
export async function askName(question: string): Promise<string | null> {
  const answer = await ask(question);
  return /^(no?)?$/i.test(answer) ? null : answer;
}

/** Whether stdout takes colour: a terminal, and nobody said otherwise. */
export function usesColor(env: NodeJS.ProcessEnv, noColor: boolean): boolean {
  if (noColor || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && env.TERM !== 'dumb';
}
