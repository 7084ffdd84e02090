import type { Command } from '@oclif/core/command';
import Diff from '../commands/diff.js';
import Doctor from '../commands/doctor.js';
import Ips from '../commands/ips.js';
import List from '../commands/list.js';
import Pause from '../commands/pause.js';
import Policy from '../commands/policy.js';
import Release from '../commands/release.js';
import Resume from '../commands/resume.js';
import Sandbox from '../commands/sandbox.js';
import SgDiff from '../commands/sg/diff.js';
import SgSync from '../commands/sg/sync.js';
import StackDeploy from '../commands/stack/deploy.js';
import StackDestroy from '../commands/stack/destroy.js';
import StackScaffold from '../commands/stack/scaffold.js';
import StackStatus from '../commands/stack/status.js';
import Sync from '../commands/sync.js';

/** Every command by its id; a topic and its command are joined by a colon. */
export const commands: Record<string, Command.Class> = {
  diff: Diff,
  doctor: Doctor,
  ips: Ips,
  list: List,
  pause: Pause,
  policy: Policy,
  release: Release,
  resume: Resume,
  sandbox: Sandbox,
  'sg:diff': SgDiff,
  'sg:sync': SgSync,
  'stack:deploy': StackDeploy,
  'stack:destroy': StackDestroy,
  'stack:scaffold': StackScaffold,
  'stack:status': StackStatus,
  sync: Sync,
};
