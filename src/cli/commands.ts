import type { Command } from '@oclif/core/command';
import Diff from '../commands/diff.js';
import Ips from '../commands/ips.js';
import Sandbox from '../commands/sandbox.js';
import Sync from '../commands/sync.js';

/** Every command by its id; a topic and its command are joined by a colon. */
export const commands: Record<string, Command.Class> = {
  diff: Diff,
  ips: Ips,
  sandbox: Sandbox,
  sync: Sync,
};
