import { diffBridges } from '../actions/diff-bridges.js';
import { BaseCommand } from '../base-command.js';
import { bridgesArgument } from '../cli/arguments.js';
import { chosenBridges } from '../cli/bridges.js';
import { bridgeFlags, toBridgeFlags } from '../cli/flags.js';
import { renderDiff } from '../render/plan.js';

export default class Diff extends BaseCommand {
  static override summary = 'Show what a sync would register, deregister, hold and leave.';
  static override description = 'Reads only. The fingerprint of the plan can be handed to `sync --expect`.';
  static override examples = [
    '<%= config.bin %> diff --alb web --target-group nlb-edge',
    '<%= config.bin %> diff',
    '<%= config.bin %> diff edge --detailed-exitcode',
  ];
  static override args = { bridge: bridgesArgument };
  static override flags = bridgeFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    const bridges = await chosenBridges(args.bridge, toBridgeFlags(flags), flags.config);
    const { ports } = this.begin(flags);
    const outcome = await diffBridges(bridges, { expect: flags.expect, readOnly: this.isReadOnly }, ports);
    const differs = outcome.result.bridges.some(({ inSync }) => !inSync);
    await this.finish(outcome, { render: renderDiff, isNews: differs, differs: flags['detailed-exitcode'] && differs });
  }
}
