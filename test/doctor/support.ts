import { examineBridges } from '../../src/actions/examine-bridges.js';
import type { DoctorResult, ExaminedReport, Outcome } from '../../src/actions/outcome.js';
import { connectAws } from '../../src/aws/connect.js';
import { namedAgain } from '../../src/cli/bridges.js';
import { resolveBridges } from '../../src/config/resolve-bridges.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import { home } from '../support/cli.js';
import type { Case } from './cases.js';

/** What flags say of a bridge, as the command hands them on. */
export interface Asked {
  readonly alb?: string;
  readonly targetGroup?: string;
  readonly port?: string;
  readonly nlb?: string;
  readonly readOnly?: boolean;
  readonly names?: readonly string[];
  readonly cwd?: string;
}

/** `lbbridge doctor` without its process: the same action, over the wire to the sandbox. */
export async function examine(sandbox: Sandbox, asked: Asked = {}): Promise<Outcome<DoctorResult>> {
  const { stage, environment } = sandbox;
  const { names, cwd, readOnly = false, port, nlb } = asked;
  const ends = cwd === undefined ? { alb: stage.alb.arn, targetGroup: stage.group.arn } : {};
  const flags = { ...ends, ...(asked.alb ? { alb: asked.alb } : {}), port, nlb };
  const targetGroup = asked.targetGroup ?? flags.targetGroup;
  const given = { ...flags, ...(targetGroup === undefined ? {} : { targetGroup }) };
  const bridges = await resolveBridges({ names: names ?? [], flags: given, cwd: cwd ?? home, env: {}, home });
  const again = namedAgain({ alb: given.alb, 'target-group': given.targetGroup, port, nlb });
  const connect = connectAws({ env: { ...environment } });
  return examineBridges(bridges, { readOnly, again }, { connect, now: () => new Date() });
}

export const onlyBridge = ({ result }: Outcome<DoctorResult>): ExaminedReport => result.bridges[0] as ExaminedReport;

export const idsOf = (outcome: Outcome<DoctorResult>): string[] =>
  onlyBridge(outcome)
    .findings.map(({ id }) => id)
    .sort();

/** The world of a case, and what to ask of it. */
export async function prepared({ scenario = 'sound', knobs, prepare, flags, targetGroup }: Case) {
  const sandbox = await sandboxOf({ scenario, ...(knobs ? { knobs } : {}) });
  prepare(sandbox);
  return { sandbox, asked: { ...flags, ...(targetGroup === undefined ? {} : { targetGroup }) } };
}
