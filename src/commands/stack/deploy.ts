import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { deployStack } from '../../actions/stack-deploy.js';
import type { StackResult } from '../../actions/stack-outcome.js';
import { BaseCommand } from '../../base-command.js';
import { accessFlags } from '../../cli/flags.js';
import { askName, askYes } from '../../cli/terminal.js';
import { addressAccess } from '../../config/access.js';
import { readStackFiles } from '../../config/stack-files.js';
import { parseBucketName, parseStackName } from '../../config/values.js';
import { UsageError } from '../../errors.js';
import { safe } from '../../render/safe.js';
import { renderDeployment, renderStackEvent, renderStackPlan } from '../../render/stack.js';

export default class StackDeploy extends BaseCommand {
  static override summary = 'Create or update the stack of a bridge, by a change set that is shown first.';
  static override description =
    'Takes what `stack scaffold` wrote. Inputs are held against the account before anything is made; a change by which clients get no answer for minutes wants the stack’s name typed, and `--yes` does not do.';
  static override examples = [
    '<%= config.bin %> stack deploy edge --from ./edge --dry-run',
    '<%= config.bin %> stack deploy edge --from ./edge --parameter VpcId=vpc-0a1b2c3d',
    '<%= config.bin %> stack deploy edge --from ./edge --yes',
    '<%= config.bin %> stack deploy edge --from ./edge --bucket my-templates',
  ];
  static override args = {
    name: Args.string({ name: 'NAME', description: 'Name of the stack.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    from: Flags.string({
      summary: 'Folder that holds template.yaml and parameters.json; here by default.',
      helpValue: 'DIR',
      default: '.',
      env: 'LBBRIDGE_FROM',
    }),
    parameter: Flags.string({
      summary: 'Value of a parameter, before that of the file; repeatable.',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
      env: 'LBBRIDGE_PARAMETER',
    }),
    bucket: Flags.string({
      summary: 'S3 bucket of the region to hand the template over by; needed above 51,200 bytes.',
      helpValue: 'NAME',
      env: 'LBBRIDGE_BUCKET',
    }),
    'dry-run': Flags.boolean({
      summary: 'Show what would change, and leave nothing behind.',
      env: 'LBBRIDGE_DRY_RUN',
    }),
    // These stand for a person's word: on the command line, never in the environment.
    yes: Flags.boolean({ char: 'y', summary: 'Do not ask, unless the change is an outage.' }),
    confirm: Flags.string({ summary: 'The name of the stack, instead of typing it.', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StackDeploy);
    const stackName = parseStackName(args.name);
    const bucket = flags.bucket === undefined ? undefined : parseBucketName(flags.bucket);
    const limit = bucket === undefined ? 'in the call' : 'from a bucket';
    const { template, ...inputs } = await readStackFiles(flags.from, flags.parameter ?? [], limit);
    const session = this.begin(flags);
    const paint = await this.paint();
    const dryRun = flags['dry-run'];
    const say = `Say it: --yes; or where the change is an outage: --confirm ${stackName}`;
    if (!dryRun && !flags.yes && flags.confirm === undefined && !this.canAsk) throw nobodyThere(say);
    const shown = (plan: StackResult): string => `${renderStackPlan(safe(plan), paint)}\n`;
    const options = {
      stackName,
      access: addressAccess(undefined, accessFlags(flags)),
      template,
      bucket,
      inputs,
      dryRun,
      readOnly: this.isReadOnly,
      confirm: async (plan: StackResult): Promise<boolean> => {
        if (!flags.yes && flags.confirm !== stackName) {
          if (!this.canAsk) throw nobodyThere(say);
          return askYes(`${shown(plan)}\nGo on?`, session.ports.signal);
        }
        session.log(shown(plan));
        return true;
      },
      confirmOutage: async (plan: StackResult, outage: readonly { logicalId: string }[]): Promise<string | null> => {
        const names = outage.map(({ logicalId }) => logicalId).join(', ');
        if (flags.confirm === undefined) {
          if (!this.canAsk) throw nobodyThere(`This change is an outage. Say the name: --confirm ${stackName}`);
          const question = `${names}: clients will get no answer for minutes. Type ${stackName} to go on: `;
          return askName(`${shown(plan)}\n${question}`, session.ports.signal);
        }
        session.log(shown(plan));
        return flags.confirm;
      },
      onEvent: (event: Parameters<typeof renderStackEvent>[0], elapsed: number): void =>
        session.log(renderStackEvent(event, elapsed, paint)),
    };
    const outcome = await deployStack(options, session.ports);
    // Whoever said no has the plan before their eyes.
    const render = outcome.status === 5 ? () => '' : dryRun ? renderStackPlan : renderDeployment;
    await this.finish(outcome, { render, isNews: hasNews(outcome.result) });
  }
}

const hasNews = ({ changes, autoScalingGroups }: StackResult): boolean =>
  changes.length > 0 || autoScalingGroups.some(({ change }) => change !== null);

const nobodyThere = (remedy: string): UsageError =>
  new UsageError('ConfirmationNeeded', 'Nobody is there to confirm this.', [remedy]);
