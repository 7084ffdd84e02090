import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDocument } from './schema.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
/** An empty home, so that nobody's own configuration is read. */
export const home = mkdtempSync(join(tmpdir(), 'lbbridge-home-'));

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents whose shape the schemas have checked
export type Document = any;

/** Runs the built binary as people do, with an environment that holds nothing but what the test gives. */
export function lbbridge(args: readonly string[], { env = {}, cwd = home, onStart }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    onStart?.(child);
  });
}

/** The same with `--json`: the one document on stdout, checked against the published schemas. */
export async function lbbridgeJson(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ status: number | null; document: Document; stderr: string }> {
  const { status, stdout, stderr } = await lbbridge([...args, '--json'], options);
  let document: Document;
  try {
    document = JSON.parse(stdout);
  } catch {
    throw new Error(`stdout is no JSON document:\n${stdout}\nstderr:\n${stderr}`);
  }
  checkDocument(document);
  if (document.status !== status) throw new Error(`status ${document.status} in the document, exit code ${status}`);
  return { status, document, stderr };
}
