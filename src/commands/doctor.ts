import { examineBridges } from '../actions/examine-bridges.js';
import { BaseCommand } from '../base-command.js';
import { bridgesArgument } from '../cli/arguments.js';
import { chosenBridges, namedAgain } from '../cli/bridges.js';
import { doctorFlags, toBridgeFlags } from '../cli/flags.js';
import { renderDoctor } from '../render/doctor.js';

export default class Doctor extends BaseCommand {
  static override summary = 'Check a bridge end to end, each finding with its remedy.';
  static override description =
    'Reads only. Errors keep traffic from flowing, or a sync from working, and end with 2; warnings do not. Says where a native alternative would do.';
  static override examples = [
    '<%= config.bin %> doctor --alb web --target-group nlb-edge',
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor edge --json',
  ];
  static override args = { bridge: bridgesArgument };
  static override flags = doctorFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Doctor);
    const bridges = await chosenBridges(args.bridge, toBridgeFlags(flags), flags.config);
    const { ports } = this.begin(flags);
    const options = { readOnly: this.isReadOnly, again: namedAgain(flags), endpointUrl: flags['endpoint-url'] };
    const outcome = await examineBridges(bridges, options, ports);
    const hasErrors = outcome.result.bridges.some(({ findings }) => findings.some((one) => one.severity === 'error'));
    await this.finish(outcome, { render: renderDoctor, isNews: hasErrors, differs: hasErrors });
  }
}
