import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base-command.js';
import { closest } from '../config/suggest.js';
import { parsePort } from '../config/values.js';
import { OperationError, UsageError } from '../errors.js';
import type { Sandbox as Running } from '../sandbox/index.js';

export default class Sandbox extends BaseCommand {
  static override summary = 'Serve a simulated AWS on loopback, to try and rehearse everything.';
  static override description =
    'Nothing of it leaves this machine. Stop it with Ctrl-C; `--scenario list` shows what it can start with.';
  static override examples = [
    '<%= config.bin %> sandbox',
    '<%= config.bin %> sandbox --scenario look-alikes --speed 60',
    '<%= config.bin %> sandbox --port 0 --json',
  ];
  static override flags = {
    port: Flags.string({
      env: 'LBBRIDGE_PORT',
      summary: 'Port on 127.0.0.1; 0 takes a free one.',
      default: '4100',
      helpValue: 'PORT',
    }),
    scenario: Flags.string({
      env: 'LBBRIDGE_SCENARIO',
      summary: 'What the simulated AWS holds at the start.',
      default: 'bridge',
      helpValue: 'NAME',
    }),
    speed: Flags.string({
      env: 'LBBRIDGE_SPEED',
      summary: 'Virtual seconds per second; 0 stops time.',
      default: '1',
      helpValue: 'N',
    }),
    seed: Flags.string({
      env: 'LBBRIDGE_SEED',
      summary: 'The same seed gives the same ids and addresses.',
      default: '1',
      helpValue: 'N',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Sandbox);
    const { ports } = this.begin(flags);
    const { scenarioNames, scenarioSummaries, startSandbox } = await import('../sandbox/index.js');
    if (flags.scenario === 'list') {
      const render = () => [...scenarioSummaries].map(([name, summary]) => `${name.padEnd(16)}${summary}`).join('\n');
      await this.finish(
        { result: { scenarios: Object.fromEntries(scenarioSummaries) }, warnings: [], status: 0 },
        { render, isNews: true },
      );
      return;
    }
    const scenario = scenarioNames.find((name) => name === flags.scenario);
    if (scenario === undefined) throw unknownScenario(flags.scenario, scenarioNames);
    const options = {
      scenario,
      port: flags.port === '0' ? 0 : parsePort(flags.port),
      speed: number('--speed', flags.speed),
      seed: number('--seed', flags.seed),
    };
    const sandbox = await startSandbox(options).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? portInUse(options.port) : error;
    });
    // Listening for the signal first: whoever reads the first line may stop the sandbox at once.
    const stopped = new Promise<void>((resolve) => ports.signal.addEventListener('abort', () => resolve()));
    this.announce(sandbox);
    await stopped;
    await sandbox.close();
    this.stopCleanly();
  }

  private announce({ endpoint, environment }: Running): void {
    if (this.isJson) {
      this.printDocument({ endpoint, environment });
      return;
    }
    const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
    this.print(`A simulated AWS answers at ${endpoint}. To use it, in another shell:\n\n${lines.join('\n')}\n`);
    this.print(
      `Try: lbbridge diff --alb web --target-group nlb-edge\nIts controls: ${endpoint}/_sandbox/   Stop: Ctrl-C`,
    );
  }
}

function number(flag: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError('InvalidNumber', `${flag} ${JSON.stringify(text)} is not a number of 0 or more.`);
}

function unknownScenario(name: string, known: readonly string[]): UsageError {
  const near = closest(name, known);
  return new UsageError('UnknownScenario', `There is no scenario ${JSON.stringify(name)}.`, [
    ...(near.length > 0 ? [`Did you mean ${near.join(' or ')}?`] : []),
    'See them all: lbbridge sandbox --scenario list',
  ]);
}

const portInUse = (port: number): OperationError =>
  new OperationError('PortInUse', `Port ${port} on 127.0.0.1 is taken.`, ['Choose another with --port, or 0 for any.']);
