import type { Outcome } from '../../src/actions/outcome.js';
import { type DeployOptions, deployStack } from '../../src/actions/stack-deploy.js';
import { type DestroyOptions, destroyStack } from '../../src/actions/stack-destroy.js';
import type { StackResult, StackStatusResult } from '../../src/actions/stack-outcome.js';
import { stackStatus } from '../../src/actions/stack-status.js';
import { connectAws } from '../../src/aws/connect.js';
import { stackFiles } from '../../src/config/stack-files.js';
import type { Stack } from '../../src/sandbox/cloudformation/state.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { parametersOf, smallTemplate } from './template.js';

export const NAME = 'edge-stack';

/** What a run told while it went on. */
export interface Told {
  readonly events: string[];
  readonly holds: string[];
}

export interface Driver extends Told {
  deploy(more?: Partial<DeployOptions> & { parameters?: Record<string, string> }): Promise<Outcome<StackResult>>;
  destroy(more?: Partial<DestroyOptions>): Promise<Outcome<StackResult>>;
  status(): Promise<Outcome<StackStatusResult>>;
  /** The stack of that name, or the last one that was deleted. */
  stack(): Stack | undefined;
}

/**
 * The driver on the real client, over the wire. Whenever it sleeps, virtual time passes instead, so that minutes of
 * AWS's take none of ours.
 */
export function driverOf(sandbox: Sandbox, { signal = new AbortController().signal } = {}): Driver {
  const { clock } = sandbox.world;
  const told: Told = { events: [], holds: [] };
  const ports = {
    connect: connectAws({ env: { ...sandbox.environment }, signal }),
    now: () => new Date(clock.now),
    sleep: async (milliseconds: number) => clock.advance(milliseconds / 1000),
    progress: () => undefined,
    signal,
  };
  const common = {
    stackName: NAME,
    access: {},
    readOnly: false,
    onEvent: ({ logicalId, status }: { logicalId: string; status: string }): void => {
      told.events.push(`${logicalId} ${status}`);
    },
  };
  return {
    ...told,
    deploy({ template = JSON.stringify(smallTemplate()), parameters = {}, ...more } = {}) {
      const values = new Map([...parametersOf(sandbox), ...Object.entries(parameters)]);
      const limit = more.bucket === undefined ? 'in the call' : 'from a bucket';
      const { template: body, ...inputs } = stackFiles(template, JSON.parse(template), values, limit);
      const confirmed = { confirm: async () => true, confirmOutage: async () => NAME };
      return deployStack({ ...common, ...confirmed, template: body, inputs, dryRun: false, ...more }, ports);
    },
    destroy: (more = {}) =>
      destroyStack(
        {
          ...common,
          wait: 3_600_000,
          confirm: async () => NAME,
          onHold: (message) => told.holds.push(message),
          ...more,
        },
        ports,
      ),
    status: () => stackStatus(common, ports),
    stack: () => [...sandbox.stage.builder.region.stacks.values()].filter(({ name }) => name === NAME).at(-1),
  };
}

export const templateWith = (more: Parameters<typeof smallTemplate>[0]): string => JSON.stringify(smallTemplate(more));
