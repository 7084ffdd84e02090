import { diffSecurityGroups } from '../../actions/diff-security-groups.js';
import { BaseCommand } from '../../base-command.js';
import { bridgesArgument } from '../../cli/arguments.js';
import { chosenIngresses } from '../../cli/bridges.js';
import { detailedExitCode, ingressFlags, toIngressFlags } from '../../cli/flags.js';
import { renderGroupsDiff } from '../../render/rules.js';

export default class SgDiff extends BaseCommand {
  static override summary = "Show which rules would let the NLB in at the ALB's security group.";
  static override description = 'Reads only. Foreign rules that let the NLB in already are shown, and count.';
  static override examples = [
    '<%= config.bin %> sg diff --alb web --target-group nlb-edge',
    '<%= config.bin %> sg diff --security-group sg-0a1b2c3d4e5f60718 --nlb edge --port 443',
    '<%= config.bin %> sg diff --detailed-exitcode',
  ];
  static override args = { bridge: bridgesArgument };
  static override flags = { ...ingressFlags, 'detailed-exitcode': detailedExitCode };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SgDiff);
    const ingresses = await chosenIngresses(args.bridge, toIngressFlags(flags), flags.config);
    const { ports } = this.begin(flags);
    const outcome = await diffSecurityGroups(ingresses, { readOnly: this.isReadOnly }, ports);
    const differs = outcome.result.groups.some(({ inSync }) => !inSync);
    await this.finish(outcome, {
      render: renderGroupsDiff,
      isNews: differs,
      differs: flags['detailed-exitcode'] && differs,
    });
  }
}
