import { listBridges } from '../actions/list-bridges.js';
import { BaseCommand } from '../base-command.js';
import { accessFlags, outputFlag } from '../cli/flags.js';
import { addressAccess } from '../config/access.js';
import { renderBridgeCsv, renderBridgeTable, renderBridgeText } from '../render/bridges.js';

const renderers = {
  table: renderBridgeTable,
  csv: renderBridgeCsv,
  text: renderBridgeText,
  json: renderBridgeText,
};

export default class List extends BaseCommand {
  static override summary = 'List the bridges of an account and region, and what each needs next.';
  static override description =
    "Target groups that carry our tag, and untagged ones of type ip that hold an ALB's addresses, a script's perhaps. Reads only.";
  static override examples = [
    '<%= config.bin %> list',
    '<%= config.bin %> list --region eu-west-1 --output csv',
    '<%= config.bin %> list --output text',
  ];
  static override flags = { output: outputFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(List);
    const access = addressAccess(undefined, accessFlags(flags));
    const { ports } = this.begin(flags);
    const outcome = await listBridges({ access, endpointUrl: flags['endpoint-url'] }, ports);
    await this.finish(outcome, { render: renderers[flags.output], isNews: true });
  }
}
