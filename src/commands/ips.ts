import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { listAddresses } from '../actions/list-addresses.js';
import { BaseCommand } from '../base-command.js';
import { accessFlags, outputFlag } from '../cli/flags.js';
import { addressAccess } from '../config/access.js';
import { UsageError } from '../errors.js';
import { renderCsv, renderTable, renderText } from '../render/addresses.js';

const renderers = { table: renderTable, csv: renderCsv, text: renderText, json: renderText };

export default class Ips extends BaseCommand {
  static override summary = "List the addresses of a load balancer's network interfaces.";
  static override description =
    'Only interfaces that AWS itself runs for the load balancer count; look-alikes are listed as ignored, with the reason.';
  static override examples = [
    '<%= config.bin %> ips web',
    '<%= config.bin %> ips web --output text | sort',
    '<%= config.bin %> ips internal-web-1234567890.eu-west-1.elb.amazonaws.com --json',
    "<%= config.bin %> ips --description 'ELB app/web*'",
    '<%= config.bin %> ips old-web --type classic',
  ];
  static override args = {
    loadBalancer: Args.string({
      name: 'LOAD_BALANCER',
      description: 'Name, ARN or DNS name of the load balancer.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    type: Flags.option({
      summary: 'Type of the load balancer, where its name is ambiguous; a classic one needs it.',
      options: ['application', 'network', 'gateway', 'classic'] as const,
      env: 'LBBRIDGE_TYPE',
    })(),
    description: Flags.string({
      summary: 'Instead: interfaces whose description matches; * and ? are wildcards.',
      helpValue: 'PATTERN',
      env: 'LBBRIDGE_DESCRIPTION',
    }),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Ips);
    const { loadBalancer } = args;
    const { description, type } = flags;
    if ((loadBalancer === undefined) === (description === undefined)) {
      throw new UsageError('Usage', 'Give either a load balancer or --description, not both and not neither.', [
        'lbbridge ips NAME',
        "lbbridge ips --description 'ELB app/NAME/*'",
      ]);
    }
    const access = addressAccess(loadBalancer, accessFlags(flags));
    const { ports } = this.begin(flags);
    const outcome = await listAddresses({ loadBalancer, type, description, access }, ports);
    await this.finish(outcome, { render: renderers[flags.output], isNews: true });
  }
}
