import { isatty } from 'node:tty';
import type { Ports } from '../actions/ports.js';
import { connectAws } from '../aws/connect.js';
import type { PolicyUse } from '../policy/model.js';
import { EXIT } from './failure.js';
import { askMfaCode, Progress } from './terminal.js';

/** Asked by number: to ask the streams would open them. */
const STDIN = 0;
const STDERR = 2;

export interface SessionOptions {
  readonly endpointUrl: string | undefined;
  readonly debug: boolean;
  /** Whether progress may be shown at all. */
  readonly talks: boolean;
  /** Whose policy to point to where a call is denied. */
  readonly policyUse: PolicyUse;
}

/** One run of a command against the outside: the ports of its action, and what a signal does to them. */
export class Session {
  readonly ports: Ports;
  private readonly controller = new AbortController();
  private readonly progress: Progress;
  private readonly talks: boolean;
  /** The exit code of the signal that came, if one did. */
  interruptedBy: number | undefined;
  private readonly listeners: [NodeJS.Signals, () => void][];

  constructor({ endpointUrl, debug, talks, policyUse }: SessionOptions) {
    this.talks = talks;
    this.progress = new Progress(talks && isatty(STDERR) && !debug);
    this.listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, () => this.interrupt(signal)]);
    for (const [signal, listener] of this.listeners) process.on(signal, listener);
    const { signal } = this.controller;
    this.ports = {
      connect: connectAws({
        env: process.env,
        endpointUrl,
        signal,
        policyUse,
        ...(debug ? { debug: (line: string) => process.stderr.write(`[aws] ${line}\n`) } : {}),
        ...(isatty(STDIN) && isatty(STDERR)
          ? { promptMfa: (serialNumber: string) => askMfaCode(serialNumber, signal) }
          : {}),
      }),
      now: () => new Date(),
      sleep: (milliseconds) => pause(milliseconds, signal),
      signal,
      progress: (line) => this.progress.show(line),
    };
  }

  /** A line on stderr that stays: what has happened, as it happens. Off a terminal too, for the log of a pipeline. */
  log(line: string): void {
    if (!this.talks) return;
    this.progress.clear();
    process.stderr.write(`${line}\n`);
  }

  end(): void {
    this.progress.clear();
    for (const [signal, listener] of this.listeners) process.off(signal, listener);
  }

  /** The first signal lets the call under way finish, so that the account of what was done is true; a second does not. */
  private interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
    const status = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (this.interruptedBy !== undefined) process.exit(status);
    this.interruptedBy = status;
    this.controller.abort();
  }
}

/** Resolves after that long, or at once when the run is interrupted. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
