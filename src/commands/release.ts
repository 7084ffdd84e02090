import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { releaseGroup } from '../actions/release-group.js';
import { BaseCommand } from '../base-command.js';
import { accessFlags } from '../cli/flags.js';
import { askName } from '../cli/terminal.js';
import { targetGroupAccess } from '../config/access.js';
import { UsageError } from '../errors.js';
import { renderRelease } from '../render/group.js';

export default class Release extends BaseCommand {
  static override summary = 'End a bridge: empty the target group and take our tags away.';
  static override description =
    'Works without the load balancer too. Only a group that carries our tag is touched, and its name has to be typed.';
  static override examples = [
    '<%= config.bin %> release nlb-edge',
    '<%= config.bin %> release nlb-edge --confirm nlb-edge',
  ];
  static override args = {
    targetGroup: Args.string({
      name: 'TARGET_GROUP',
      description: 'Name or ARN of the target group.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    // Lifts a safety rule: it stands on the command line, never in the environment.
    confirm: Flags.string({ summary: 'The name of the target group, instead of typing it.', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Release);
    const { targetGroup } = args;
    const access = targetGroupAccess(targetGroup, accessFlags(flags));
    const { ports } = this.begin(flags);
    const options = {
      targetGroup,
      access,
      readOnly: this.isReadOnly,
      confirm: async ({ name }: { name: string }, targets: number): Promise<string | null> => {
        if (flags.confirm !== undefined) return flags.confirm;
        if (this.isJson || !process.stdin.isTTY || !process.stderr.isTTY) {
          throw new UsageError('ConfirmationNeeded', 'Nobody is there to confirm this.', [`Say it: --confirm ${name}`]);
        }
        return askName(`This deregisters ${targets} targets of ${name}. Type its name to go on: `);
      },
    };
    const outcome = await releaseGroup(options, ports);
    await this.finish(outcome, { render: renderRelease, isNews: true });
  }
}
