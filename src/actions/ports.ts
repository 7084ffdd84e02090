import type { ConnectAws } from '../aws/ports.js';

/** What an action needs besides its options. Commands build it once, tests hand in their own. */
export interface Ports {
  readonly connect: ConnectAws;
  /** Wall-clock time. */
  readonly now: () => Date;
  /** Resolves after that many milliseconds, or at once when the run is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted on SIGINT and SIGTERM: an action finishes the AWS call under way and starts no other. */
  readonly signal: AbortSignal;
  /** A line of progress for a person who waits; silent off a terminal. */
  readonly progress: (line: string) => void;
}
