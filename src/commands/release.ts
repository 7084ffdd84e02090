import * as Flags from '@oclif/core/flags';
import type { ReleaseResult } from '../actions/outcome.js';
import { releaseGroup } from '../actions/release-group.js';
import { BaseCommand } from '../base-command.js';
import { targetGroupArgument } from '../cli/arguments.js';
import { albFlags, toEnds } from '../cli/flags.js';
import { askName } from '../cli/terminal.js';
import { targetGroupAccess } from '../config/access.js';
import { UsageError } from '../errors.js';
import { renderGoing, renderRelease } from '../render/group.js';
import { safe } from '../render/safe.js';

export default class Release extends BaseCommand {
  static override summary = 'End a bridge: empty the target group, and take our rules and tags away.';
  static override description =
    "Works without the load balancer too. Only a group that carries our tag is touched, and its name has to be typed. Our rules that let its NLB in at the ALB's security groups go too, but for those that another bridge needs.";
  static override examples = [
    '<%= config.bin %> release nlb-edge',
    '<%= config.bin %> release nlb-edge --confirm nlb-edge',
  ];
  static override args = { targetGroup: targetGroupArgument };
  static override flags = {
    ...albFlags,
    // Lifts a safety rule: it stands on the command line, never in the environment.
    confirm: Flags.string({ summary: 'The name of the target group, instead of typing it.', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Release);
    const { targetGroup } = args;
    const albSettings = toEnds(flags);
    const access = targetGroupAccess(targetGroup, albSettings);
    const { ports } = this.begin(flags);
    const options = {
      targetGroup,
      access,
      albSettings,
      readOnly: this.isReadOnly,
      confirm: async (going: ReleaseResult): Promise<string | null> => {
        const { name } = going.targetGroup;
        if (flags.confirm !== undefined) return flags.confirm;
        if (!this.canAsk) {
          throw new UsageError('ConfirmationNeeded', 'Nobody is there to confirm this.', [`Say it: --confirm ${name}`]);
        }
        process.stderr.write(`${renderGoing(safe(going))}\n`);
        return askName('Type its name to go on: ', ports.signal);
      },
    };
    const outcome = await releaseGroup(options, ports);
    await this.finish(outcome, { render: renderRelease, isNews: true });
  }
}
