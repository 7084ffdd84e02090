import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { destroyStack } from '../../actions/stack-destroy.js';
import type { StackResult } from '../../actions/stack-outcome.js';
import { BaseCommand } from '../../base-command.js';
import { accessFlags } from '../../cli/flags.js';
import { askName } from '../../cli/terminal.js';
import { addressAccess } from '../../config/access.js';
import { parseDuration, parseStackName } from '../../config/values.js';
import { UsageError } from '../../errors.js';
import { safeText } from '../../render/safe.js';
import { renderDestruction, renderStackEvent } from '../../render/stack.js';

export default class StackDestroy extends BaseCommand {
  static override summary = 'Take the stack of a bridge down until nothing of it is left.';
  static override description =
    'Its name has to be typed, and only a stack of ours is touched. What AWS releases late is tried again; what somebody else holds is named. A second run finishes one that was interrupted.';
  static override examples = [
    '<%= config.bin %> stack destroy edge',
    '<%= config.bin %> stack destroy edge --confirm edge --wait 1h',
  ];
  static override args = {
    name: Args.string({ name: 'NAME', description: 'Name of the stack.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    wait: Flags.string({
      summary: 'How long to go on while AWS releases late: 30s, 5m, 1h.',
      helpValue: 'DURATION',
      default: '30m',
      env: 'LBBRIDGE_WAIT',
    }),
    // Lifts a safety rule: it stands on the command line, never in the environment.
    confirm: Flags.string({ summary: 'The name of the stack, instead of typing it.', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StackDestroy);
    const stackName = parseStackName(args.name);
    const wait = parseDuration(flags.wait);
    const session = this.begin(flags);
    const paint = await this.paint();
    const options = {
      stackName,
      access: addressAccess(undefined, accessFlags(flags)),
      wait,
      readOnly: this.isReadOnly,
      confirm: async ({ left, autoScalingGroups }: StackResult): Promise<string | null> => {
        if (flags.confirm !== undefined) return flags.confirm;
        if (!this.canAsk) {
          throw new UsageError('ConfirmationNeeded', 'Nobody is there to confirm this.', [
            `Say it: --confirm ${stackName}`,
          ]);
        }
        const groups = [...new Set(autoScalingGroups.map(({ name }) => name))].join(', ');
        const detaches = groups === '' ? '' : `, and detaches ${safeText(groups)} from it`;
        return askName(
          `This deletes ${left.length} resources of ${stackName}${detaches}. Type its name to go on: `,
          session.ports.signal,
        );
      },
      onEvent: (event: Parameters<typeof renderStackEvent>[0], elapsed: number): void =>
        session.log(renderStackEvent(event, elapsed, paint)),
      onHold: (message: string): void => session.log(`         ${safeText(message)}`),
    };
    await this.finish(await destroyStack(options, session.ports), { render: renderDestruction, isNews: true });
  }
}
