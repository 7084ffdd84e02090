import * as Flags from '@oclif/core/flags';
import { pauseGroup } from '../actions/pause-group.js';
import { BaseCommand } from '../base-command.js';
import { targetGroupArgument } from '../cli/arguments.js';
import { accessFlags } from '../cli/flags.js';
import { targetGroupAccess } from '../config/access.js';
import { parseDuration, parseTagValue } from '../config/values.js';
import { renderPause } from '../render/group.js';

export default class Pause extends BaseCommand {
  static override summary = 'Make every lbbridge leave a target group alone.';
  static override description =
    'Sets the tag lbbridge:paused, and records who set it. Runs that would write are refused (S7) until the pause ends, scheduled ones too; diff still tells.';
  static override examples = [
    '<%= config.bin %> pause nlb-edge --for 2h --reason "load test"',
    '<%= config.bin %> pause nlb-edge',
  ];
  static override args = { targetGroup: targetGroupArgument };
  static override flags = {
    for: Flags.string({
      summary: 'How long: 30s, 5m, 1h; without it, until resumed.',
      helpValue: 'DURATION',
      env: 'LBBRIDGE_FOR',
    }),
    reason: Flags.string({ summary: 'Why, for whoever finds it.', helpValue: 'TEXT', env: 'LBBRIDGE_REASON' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Pause);
    const { targetGroup } = args;
    const options = {
      targetGroup,
      access: targetGroupAccess(targetGroup, accessFlags(flags)),
      duration: flags.for === undefined ? undefined : parseDuration(flags.for),
      reason: flags.reason === undefined ? undefined : parseTagValue('--reason', flags.reason),
      readOnly: this.isReadOnly,
    };
    const { ports } = this.begin(flags);
    await this.finish(await pauseGroup(options, ports), { render: renderPause, isNews: true });
  }
}
