import { afterEach } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import type { Target } from '../../src/sandbox/state.js';
import { type Document, lbbridgeJson, type RunOptions } from './cli.js';

const running: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

/** A sandbox for one test, closed after it. Its clock stands still but for `advance`. */
export async function sandboxOf(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

/** A command on the sandbox's bridge, by ARNs, with `--json`. */
export function onBridge(
  sandbox: Sandbox,
  command: 'sync' | 'diff',
  flags: readonly string[] = [],
  options: RunOptions = {},
): Promise<{ status: number | null; document: Document; stderr: string }> {
  const { alb, group } = sandbox.stage;
  return lbbridgeJson([command, '--alb', alb.arn, '--target-group', group.arn, ...flags], {
    ...options,
    env: { ...sandbox.environment, ...options.env },
  });
}

/** The bridge of a document with one. */
export const bridgeOf = ({ result }: Document): Document => result.bridges[0];

/** The targets that are registered and do not drain, in order. */
export const registered = ({ stage }: Sandbox): string[] =>
  [...stage.group.targets.values()]
    .filter(({ state }) => state !== 'draining')
    .map(nameOf)
    .sort();

export const nameOf = ({ id, port }: Target): string => `${id}:${port}`;

/** The addresses of the ALB's nodes, in order. */
export const albAddresses = ({ stage }: Sandbox): string[] => stage.alb.nodes.map(({ ip }) => ip).sort();

/** The names of the calls that change something, in order. */
export const writes = ({ journal }: Sandbox): string[] =>
  journal.actions().filter((action) => !/^(Describe|Filter|GetAccount)/.test(action));
