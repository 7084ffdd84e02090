import { resumeGroup } from '../actions/pause-group.js';
import { BaseCommand } from '../base-command.js';
import { targetGroupArgument } from '../cli/arguments.js';
import { accessFlags } from '../cli/flags.js';
import { targetGroupAccess } from '../config/access.js';
import { renderPause } from '../render/group.js';

export default class Resume extends BaseCommand {
  static override summary = 'End the pause of a target group.';
  static override examples = ['<%= config.bin %> resume nlb-edge'];
  static override args = { targetGroup: targetGroupArgument };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Resume);
    const { targetGroup } = args;
    const access = targetGroupAccess(targetGroup, accessFlags(flags));
    const { ports } = this.begin(flags);
    const outcome = await resumeGroup({ targetGroup, access, readOnly: this.isReadOnly }, ports);
    await this.finish(outcome, { render: renderPause, isNews: true });
  }
}
