import { Command } from '@oclif/core/command';
import type { ErrorReport, Outcome, Warning } from './actions/outcome.js';
import { envelope } from './cli/envelope.js';
import { isReadOnly, refuseRuleLifting, refuseUnclearSwitches, wantsJson } from './cli/environment.js';
import { EXIT, failureOf } from './cli/failure.js';
import { commonFlags } from './cli/flags.js';
import { Session } from './cli/session.js';
import { usesColor } from './cli/terminal.js';
import { policyUses } from './policy/model.js';
import { renderError, renderWarning } from './render/messages.js';
import { colored, type Paint, plain } from './render/paint.js';
import { safe } from './render/safe.js';

interface CommonFlags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly debug?: boolean | undefined;
  readonly 'no-color'?: boolean | undefined;
  readonly 'endpoint-url'?: string | undefined;
}

export interface Presentation<Result> {
  /** The result as text; anything from AWS in it is safe already. */
  readonly render: (result: Result, paint: Paint) => string;
  /** Whether there is something to tell under `--quiet`. */
  readonly isNews: boolean;
  /** Whether a status of 0 becomes 2. */
  readonly differs?: boolean;
}

/**
 * What all commands share, and the only place for the JSON envelope, exit codes and signals. A command parses, calls
 * one action between `begin` and `finish`, and returns; whatever is thrown ends up in `catch`.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = commonFlags;
  private session: Session | undefined;
  private flags: CommonFlags = {};

  /** Runs the command to its end. */
  async start(): Promise<void> {
    await this._run();
  }

  protected get isReadOnly(): boolean {
    return isReadOnly(process.env);
  }

  protected get isJson(): boolean {
    return this.flags.json === true || wantsJson(this.argv, process.env);
  }

  /** Whether a person is there who can be asked. */
  protected get canAsk(): boolean {
    return !this.isJson && process.stdin.isTTY === true && process.stderr.isTTY === true;
  }

  override async init(): Promise<void> {
    refuseRuleLifting(process.env);
    refuseUnclearSwitches({ ...this.ctor.flags, ...this.ctor.baseFlags }, process.env);
  }

  protected begin(flags: CommonFlags): Session {
    this.flags = flags;
    this.session = new Session({
      endpointUrl: flags['endpoint-url'],
      debug: flags.debug === true,
      talks: !flags.quiet && !this.isJson,
      policyUse: policyUses.find((use) => use === this.words.split(' ')[0]) ?? 'sync',
    });
    return this.session;
  }

  protected async finish<Result>(outcome: Outcome<Result>, shown: Presentation<Result>): Promise<void> {
    this.session?.end();
    const interrupted = this.session?.interruptedBy;
    const status = interrupted ?? (outcome.status === 0 && shown.differs ? EXIT.differences : outcome.status);
    const error = interrupted === undefined ? outcome.error : interruption(outcome.error);
    process.exitCode = status;
    if (this.isJson) {
      this.print(JSON.stringify(envelope(this.words, status, outcome.result, outcome.warnings, error), null, 2));
    } else if (!this.flags.quiet || shown.isNews || error) {
      this.print(shown.render(safe(outcome.result), await this.paint()));
      this.tell(outcome.warnings, error);
    }
    this.leaveIfInterrupted();
  }

  /** How this run colours words. */
  protected async paint(): Promise<Paint> {
    return usesColor(process.env, this.flags['no-color'] === true) ? colored() : plain;
  }

  /** Prints a document while the command goes on. */
  protected printDocument(result: unknown): void {
    this.print(JSON.stringify(envelope(this.words, 0, result, []), null, 2));
  }

  /** For a command that is meant to be ended by a signal: that is no failure. */
  protected stopCleanly(): void {
    this.session?.end();
    process.exitCode = 0;
  }

  protected print(text: string): void {
    if (text !== '') process.stdout.write(`${text}\n`);
  }

  override async catch(error: Error): Promise<void> {
    this.session?.end();
    const { status, report, stack } = failureOf(error, Object.keys({ ...this.ctor.flags, ...this.ctor.baseFlags }));
    const interrupted = this.session?.interruptedBy;
    process.exitCode = interrupted ?? status;
    const shown = interrupted === undefined ? report : interruption(report);
    if (this.isJson) {
      this.print(JSON.stringify(envelope(this.words, process.exitCode, null, [], shown), null, 2));
    } else {
      this.tell([], shown);
      if (stack && this.argv.includes('--debug')) process.stderr.write(`${stack}\n`);
    }
    this.leaveIfInterrupted();
  }

  /** Reads that a signal has abandoned would keep the process until AWS answers, or time runs out. */
  private leaveIfInterrupted(): void {
    if (this.session?.interruptedBy === undefined) return;
    process.stdout.write('', () => process.stderr.write('', () => process.exit()));
  }

  private tell(warnings: readonly Warning[], error: ErrorReport | undefined): void {
    for (const warning of warnings) process.stderr.write(`${renderWarning(warning)}\n`);
    if (error) process.stderr.write(`${renderError(error)}\n`);
  }

  /** The command as it is typed: `sg diff`. */
  private get words(): string {
    return (this.id ?? '').replaceAll(':', ' ');
  }
}

const interruption = (error: ErrorReport | undefined): ErrorReport => ({
  code: 'Interrupted',
  message:
    error?.code === 'Interrupted' || !error
      ? 'Interrupted. What was done stands above; the next run goes on from here.'
      : error.message,
  suggestions: [],
});
