import * as Flags from '@oclif/core/flags';
import { diffBridges } from '../actions/diff-bridges.js';
import { asDryRun, syncBridges } from '../actions/sync-bridges.js';
import { BaseCommand } from '../base-command.js';
import { bridgesArgument } from '../cli/arguments.js';
import { chosenBridges } from '../cli/bridges.js';
import { bridgeFlags, dryRun, toBridgeFlags } from '../cli/flags.js';
import { parseDuration } from '../config/values.js';
import { UsageError } from '../errors.js';
import { renderDiff, renderSync } from '../render/plan.js';

export default class Sync extends BaseCommand {
  static override summary = "Register the ALB's addresses, and deregister stale ones when that is safe.";
  static override description =
    'Registers first. A target that still serves goes only when enough others are healthy; until then it is held, and the next run removes it. ' +
    'AWS limits how fast load balancers can be read: a pass over 100 bridges of one account and region takes about 20 s, one over 1,000 nearly 4 minutes.';
  static override examples = [
    '<%= config.bin %> sync --alb web --target-group nlb-edge --dry-run',
    '<%= config.bin %> sync --alb web --target-group nlb-edge --wait 10m',
    '<%= config.bin %> sync --quiet',
    '<%= config.bin %> sync --expect 3f9a1c0e',
  ];
  static override args = { bridge: bridgesArgument };
  static override flags = {
    ...bridgeFlags,
    'dry-run': dryRun,
    wait: Flags.string({
      summary: 'Wait until nothing is left to do and enough targets are healthy: 30s, 5m, 1h.',
      helpValue: 'DURATION',
      env: 'LBBRIDGE_WAIT',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Sync);
    const { expect } = flags;
    const isDryRun = flags['dry-run'];
    const detailed = flags['detailed-exitcode'];
    if (detailed && !isDryRun) {
      throw new UsageError('Usage', '--detailed-exitcode tells of differences, which a sync removes.', [
        'Use it with diff, or with sync --dry-run.',
      ]);
    }
    const wait = flags.wait === undefined ? undefined : parseDuration(flags.wait);
    const bridges = await chosenBridges(args.bridge, toBridgeFlags(flags), flags.config);
    const { ports } = this.begin(flags);
    const readOnly = this.isReadOnly;
    if (isDryRun) {
      const plan = asDryRun(await diffBridges(bridges, { expect, readOnly }, ports));
      const differs = plan.result.bridges.some(({ inSync }) => !inSync);
      await this.finish(plan, { render: renderDiff, isNews: differs, differs: detailed && differs });
      return;
    }
    const outcome = await syncBridges(bridges, { wait, expect, readOnly }, ports);
    const { registered, deregistered } = outcome.result.summary;
    await this.finish(outcome, { render: renderSync, isNews: registered + deregistered > 0 });
  }
}
