import { diffSecurityGroups } from '../../actions/diff-security-groups.js';
import { asDrySecurityGroups, syncSecurityGroups } from '../../actions/sync-security-groups.js';
import { BaseCommand } from '../../base-command.js';
import { bridgesArgument } from '../../cli/arguments.js';
import { chosenIngresses } from '../../cli/bridges.js';
import { dryRun, ingressFlags, toIngressFlags } from '../../cli/flags.js';
import { renderGroupsDiff, renderGroupsSync } from '../../render/rules.js';

export default class SgSync extends BaseCommand {
  static override summary = "Let the NLB in at the ALB's security group.";
  static override description =
    'Adds what is missing, then takes away what is ours and no longer needed. Rules of others are never touched.';
  static override examples = [
    '<%= config.bin %> sg sync --alb web --target-group nlb-edge --dry-run',
    '<%= config.bin %> sg sync --alb web --target-group nlb-edge',
    '<%= config.bin %> sg sync --alb web --nlb edge --port 443 --port 8080 --source ips',
    '<%= config.bin %> sg sync --quiet',
  ];
  static override args = { bridge: bridgesArgument };
  static override flags = { ...ingressFlags, 'dry-run': dryRun };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SgSync);
    const ingresses = await chosenIngresses(args.bridge, toIngressFlags(flags), flags.config);
    const { ports } = this.begin(flags);
    const options = { readOnly: this.isReadOnly };
    if (flags['dry-run']) {
      const plan = asDrySecurityGroups(await diffSecurityGroups(ingresses, options, ports));
      const differs = plan.result.groups.some(({ inSync }) => !inSync);
      await this.finish(plan, { render: renderGroupsDiff, isNews: differs });
      return;
    }
    const outcome = await syncSecurityGroups(ingresses, options, ports);
    const isNews = outcome.result.groups.some(({ authorized, revoked }) => authorized.length + revoked.length > 0);
    await this.finish(outcome, { render: renderGroupsSync, isNews });
  }
}
