import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { BridgeStack } from '../../src/stack/options.js';
import { templateOf } from '../../src/stack/template/index.js';
import { sandboxOf } from './bridge.js';
import { type Driver, driverOf } from './stack.js';

/** A bridge with instances behind its ALB; with the group that serves there, if one is named. */
export function template({ group = true, port = 80 } = {}): string {
  const options: BridgeStack = {
    kind: 'bridge',
    events: false,
    alarms: null,
    subnetIds: [],
    front: { kind: 'own', protocol: 'TCP' },
    back: {
      kind: 'own',
      protocol: 'HTTP',
      backend: { type: 'instance', targets: [], autoScalingGroup: group ? 'web' : undefined },
    },
    api: null,
  };
  const made = templateOf(options, 'code');
  const { BackendPort } = made.Parameters;
  return JSON.stringify({
    ...made,
    Parameters: { ...made.Parameters, BackendPort: { ...BackendPort, Default: port } },
  });
}

export const values = { ClientCidr: '10.0.0.0/16' };
export const ofWeb = { ...values, AutoScalingGroupName: 'web' };

/** An Auto Scaling group in the subnets of the bridge. */
export const scalingGroup = ({ stage }: Sandbox, name: string, instances = 2) =>
  stage.builder.scalingGroup(name, stage.vpc, instances);

export const groupOf = ({ stage }: Sandbox, name: string) => {
  const found = [...stage.builder.region.autoScalingGroups.values()].find((one) => one.name === name);
  if (!found) throw new Error(`no group ${name}`);
  return found;
};

export const attachedTo = (sandbox: Sandbox, name: string): string[] =>
  [...groupOf(sandbox, name).attachments].flatMap(([arn, phase]) => (phase === 'attached' ? [arn] : []));

export const targetGroupOf = (driver: Driver): string =>
  driver.stack()?.resources.get('AlbTargetGroup')?.physicalId ?? '';

export async function deployed() {
  const sandbox = await sandboxOf();
  scalingGroup(sandbox, 'web');
  const driver = driverOf(sandbox);
  const outcome = await driver.deploy({ template: template(), parameters: ofWeb });
  expect([outcome.status, outcome.error]).toEqual([0, undefined]);
  return { sandbox, driver };
}
