import { pathOfArn } from '../plan/addresses.js';
import type { LoadBalancer } from '../plan/model.js';
import type { TargetPlan } from '../plan/target-plan.js';
import type { ListedBridge } from './outcome.js';
import { shellLine } from './shell.js';

export interface NextCommandFacts {
  /** By ARN: every ALB of the account and region. */
  readonly albs: ReadonlyMap<string, LoadBalancer>;
  /** Null where the source is not at hand. */
  readonly plan: TargetPlan | null;
  readonly port: number;
  /** The flags that reach the same account and region again. */
  readonly access: readonly string[];
}

/** The command that brings a bridge on, as it can be pasted into a shell. */
export function nextCommand(bridge: ListedBridge, { albs, plan, port, access }: NextCommandFacts): string {
  const { targetGroup, source, sourceState } = bridge;
  const sourceArn = bridge.sourceArn ?? '';
  const line = (...words: string[]): string => shellLine(['lbbridge', ...words, ...access]);
  if (bridge.paused) return line('resume', targetGroup.name);
  const sync = (alb: string, ...more: string[]): string => {
    const ports = port === targetGroup.port ? [] : ['--port', String(port)];
    return line('sync', '--alb', alb, '--target-group', targetGroup.name, ...ports, ...more);
  };
  if (bridge.owned && (sourceState === 'gone' || sourceState === 'unknown')) {
    // An ALB that was created anew has the name and another ARN: to end its bridge would be an outage.
    const name = pathOfArn(sourceArn).split('/')[1];
    const heir = [...albs.values()].find((one) => one.name === name);
    return heir && sourceState === 'gone'
      ? sync(heir.name, '--adopt-from', sourceArn)
      : line('release', targetGroup.name);
  }
  return sync(source?.name ?? sourceArn, ...(plan?.refusal?.rule === 'S5' ? ['--adopt'] : []));
}
