import type { AddressInfo } from 'node:net';
import { createControl } from './control.js';
import { createWorld, HOME_ACCOUNT, keysOf, type WorldOptions } from './create-world.js';
import { OutageMeter } from './engine/truth.js';
import { type ScenarioName, type Stage, scenarios } from './scenarios/index.js';
import { Faults } from './wire/faults.js';
import { Journal } from './wire/journal.js';
import { createWire } from './wire/server.js';
import type { World } from './world.js';

export { scenarioNames } from './scenarios/index.js';

export interface SandboxOptions extends WorldOptions {
  /** What the world holds at the start; `bridge` unless told. */
  scenario?: ScenarioName | undefined;
  /** TCP port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number | undefined;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly world: World;
  readonly stage: Stage;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly meter: OutageMeter;
  /** What a shell needs so that AWS's clients, and lbbridge, talk to the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a simulated AWS on loopback. It opens no connection of its own to anywhere. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = createWorld(options);
  const stage = scenarios[options.scenario ?? 'bridge'].build(world);
  const meter = new OutageMeter(world);
  meter.watch(stage.group.arn);
  world.clock.setSpeed(options.speed ?? 0);
  const journal = new Journal();
  const faults = new Faults(world.random);
  const server = createWire({
    world,
    faults,
    journal,
    control: createControl({ world, stage, journal, faults, meter }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = keysOf(world, HOME_ACCOUNT);
  return {
    endpoint,
    world,
    stage,
    journal,
    faults,
    meter,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_REGION: stage.builder.regionName,
      AWS_DEFAULT_REGION: stage.builder.regionName,
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Scenario name -> what it holds. */
export const scenarioSummaries: ReadonlyMap<string, string> = new Map(
  Object.entries(scenarios).map(([name, { summary }]) => [name, summary]),
);
