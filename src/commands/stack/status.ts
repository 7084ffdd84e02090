import * as Args from '@oclif/core/args';
import { stackStatus } from '../../actions/stack-status.js';
import { BaseCommand } from '../../base-command.js';
import { accessFlags } from '../../cli/flags.js';
import { addressAccess } from '../../config/access.js';
import { parseStackName } from '../../config/values.js';
import { renderStackStatus } from '../../render/stack.js';

export default class StackStatus extends BaseCommand {
  static override summary =
    'Show the resources, outputs and health of a stack, its last sync, and what was changed by hand.';
  static override examples = ['<%= config.bin %> stack status edge', '<%= config.bin %> stack status edge --json'];
  static override args = {
    name: Args.string({ name: 'NAME', description: 'Name of the stack.', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StackStatus);
    const stackName = parseStackName(args.name);
    const { ports } = this.begin(flags);
    const outcome = await stackStatus({ stackName, access: addressAccess(undefined, accessFlags(flags)) }, ports);
    await this.finish(outcome, { render: renderStackStatus, isNews: true });
  }
}
