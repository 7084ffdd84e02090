import type { Bridge } from '../config/bridge.js';
import { OperationError } from '../errors.js';
import { advise } from '../plan/doctor/advice.js';
import { diagnose } from '../plan/doctor/diagnose.js';
import { type Finding, type FindingId, inOrder } from '../plan/doctor/findings.js';
import { commandLine, type Naming, roleOf } from './command-line.js';
import type { DoctorResult, ErrorReport, ExaminedReport, FindingReport, Outcome, Warning } from './outcome.js';
import type { Ports } from './ports.js';
import { connectBridge } from './read-bridge.js';
import { type Gap, readDiagnosis } from './read-diagnosis.js';
import { errorReport } from './report.js';

export interface ExamineOptions extends Naming {
  /** The lock of S7. */
  readonly readOnly: boolean;
}

interface Examined {
  readonly report: ExaminedReport;
  readonly warnings: readonly Warning[];
}

/** Looks at every bridge end to end, and writes nothing. One that cannot be looked at stops no other. */
export async function examineBridges(
  bridges: readonly Bridge[],
  options: ExamineOptions,
  ports: Pick<Ports, 'connect' | 'now'>,
): Promise<Outcome<DoctorResult>> {
  const examined = await Promise.all(bridges.map((bridge) => examine(bridge, options, ports)));
  const result = { bridges: examined.map(({ report }) => report) };
  const warnings = examined.flatMap((one) => one.warnings);
  const failed = result.bridges.find(({ error }) => error !== undefined);
  if (!failed?.error) return { result, warnings, status: 0 };
  const { message } = failed.error;
  const error = bridges.length === 1 ? failed.error : { ...failed.error, message: `${failed.name}: ${message}` };
  return { result, warnings, status: 1, error };
}

async function examine(bridge: Bridge, options: ExamineOptions, { connect, now }: Pick<Ports, 'connect' | 'now'>) {
  const { name } = bridge;
  try {
    const { facts, gaps } = await readDiagnosis(bridge, connectBridge(bridge, connect), { ...options, now: now() });
    const { arn } = facts.sync.targetGroup;
    const findings = diagnose(facts).map((finding) => findingReport(finding, bridge, arn, options));
    const blind = gaps.filter(({ hidesErrors }) => hidesErrors);
    const report = { name, findings, advice: advise(facts), ...(blind.length > 0 ? { error: gapReport(blind) } : {}) };
    const warnings = gaps.filter(({ hidesErrors }) => !hidesErrors).map((gap) => gapWarning(gap, name));
    return { report, warnings } satisfies Examined;
  } catch (error) {
    const id = error instanceof OperationError ? unfit[error.code] : undefined;
    if (id === undefined) {
      return { report: { name, findings: [], advice: [], error: errorReport(error) }, warnings: [] } satisfies Examined;
    }
    const found = { id, message: (error as OperationError).message };
    const findings = inOrder([found]).map((finding) => findingReport(finding, bridge, bridge.targetGroup, options));
    return { report: { name, findings, advice: [] }, warnings: [] } satisfies Examined;
  }
}

/** What a sync takes for an error of the bridge as a whole is what a doctor is asked about. */
const unfit: Readonly<Record<string, FindingId>> = {
  WrongTargetType: 'target-group-type',
  NotAnNlbTargetGroup: 'target-group-protocol',
};

function findingReport(finding: Finding, bridge: Bridge, targetGroupArn: string, naming: Naming): FindingReport {
  const { id, severity, message, why, remedy, command } = finding;
  const role = command && roleOf(command, bridge);
  return {
    id,
    severity,
    message,
    why,
    remedy: role === undefined ? remedy : `${remedy} The command is to be run as ${role}.`,
    ...(command ? { command: commandLine(command, bridge, targetGroupArn, naming) } : {}),
  };
}

function gapReport(gaps: readonly Gap[]): ErrorReport {
  const [{ failure }] = gaps as readonly [Gap];
  const { message, ...rest } = errorReport(failure);
  return { ...rest, message: `Could not look at ${gaps.map(({ what }) => what).join(', ')}: ${message}` };
}

const gapWarning = ({ what, failure }: Gap, name: string): Warning => ({
  code: 'NotLookedAt',
  message: `${name}: could not look at ${what}: ${failure.message}`,
});
