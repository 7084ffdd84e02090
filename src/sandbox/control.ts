import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OutageMeter } from './engine/truth.js';
import { type EventRequest, events } from './events.js';
import { attachPolicy } from './iam/index.js';
import { zoneIdOf } from './regions.js';
import { type Stage, scenarios } from './scenarios/index.js';
import { anybody } from './wire/auth.js';
import type { FaultRule, Faults } from './wire/faults.js';
import type { Journal } from './wire/journal.js';
import type { World } from './world.js';

export interface ControlOptions {
  world: World;
  stage: Stage;
  journal: Journal;
  faults: Faults;
  meter: OutageMeter;
}

type Handler = (input: never, url: URL) => unknown;

/** The control interface under `/_sandbox/`: JSON in, JSON out. docs/sandbox.md describes every path. */
export function createControl(options: ControlOptions) {
  const routes = routesOf(options);
  return (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = url.pathname.replace(/^\/_sandbox\/?/, '');
    const handler = routes[`${request.method} ${path}`];
    const reply = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(value, null, 2)}\n`);
    };
    // A web page that somebody has open must not be able to steer the sandbox.
    if (request.headers.origin !== undefined) reply(403, { error: 'requests from web pages are refused' });
    else if (!handler) reply(404, { error: `no such path; there is: ${Object.keys(routes).join(', ')}` });
    else {
      try {
        options.world.clock.catchUp();
        reply(200, handler((body === '' ? {} : JSON.parse(body)) as never, url) ?? {});
      } catch (error) {
        reply(400, { error: error instanceof Error ? error.message : String(error) });
      }
    }
  };
}

function routesOf({ world, stage, journal, faults, meter }: ControlOptions): Record<string, Handler> {
  const { clock, knobs } = world;
  const time = () => ({ now: new Date(clock.now).toISOString(), speed: clock.speed });
  return {
    'GET ': () => ({
      scenarios: Object.entries(scenarios).map(([name, { summary }]) => ({ name, summary })),
      ...time(),
    }),
    'GET clock': time,
    'POST clock': ({ advance, speed }: { advance?: number; speed?: number }) => {
      if (speed !== undefined) clock.setSpeed(positive('speed', speed));
      if (advance !== undefined) clock.advance(positive('advance', advance));
      return time();
    },
    'GET journal': (_input: never, url: URL) => {
      const since = Number(url.searchParams.get('since') ?? 0);
      return { calls: journal.entries.filter(({ number }) => number > since) };
    },
    'DELETE journal': () => journal.clear(),
    'GET faults': () => ({ faults: faults.list() }),
    'POST faults': (rules: FaultRule | FaultRule[]) => {
      faults.add(...(Array.isArray(rules) ? rules : [rules]));
      return { faults: faults.list() };
    },
    'DELETE faults': () => faults.clear(),
    'GET policies': () => listPolicies(world),
    'POST policies': ({ principal, policy }: { principal?: string; policy?: unknown }) => {
      attachPolicy(world, principal ?? anybody(world).arn, policy);
      return listPolicies(world);
    },
    'DELETE policies': () => world.policies.clear(),
    'GET knobs': () => knobs,
    'POST knobs': (changes: Record<string, unknown>) => {
      for (const name of Object.keys(changes)) if (!Object.hasOwn(knobs, name)) throw new Error(`no knob ${name}`);
      Object.assign(knobs, changes);
      return knobs;
    },
    'GET events': () => ({ events: Object.keys(events) }),
    'POST events': (request: EventRequest) => happen(world, stage, request),
    'GET truth': () => ({
      groups: meter.watched.map((arn) => ({ targetGroupArn: arn, now: meter.now(arn), since: meter.read(arn) })),
    }),
    'POST truth': ({ targetGroupArn }: { targetGroupArn?: string }) => meter.watch(targetGroupArn ?? stage.group.arn),
    'GET load-balancers': () => ({
      loadBalancers: [...world.regions.values()].flatMap(({ loadBalancers }) =>
        [...loadBalancers.values()].map(({ arn, name, type, state, nodes }) => ({ arn, name, type, state, nodes })),
      ),
    }),
  };
}

const listPolicies = ({ policies }: World) => ({
  policies: [...policies].flatMap(([principal, all]) => all.map(({ document }) => ({ principal, policy: document }))),
});

/** Finds what the event is about, and lets it happen. */
export function happen(world: World, stage: Stage, request: EventRequest): unknown {
  const action = Object.hasOwn(events, request.event) ? events[request.event] : undefined;
  if (!action) throw new Error(`no event ${request.event}; there is: ${Object.keys(events).join(', ')}`);
  const wanted = request.loadBalancer ?? stage.alb.arn;
  for (const region of world.regions.values()) {
    const balancer = [...region.loadBalancers.values()].find(({ arn, name }) => arn === wanted || name === wanted);
    if (!balancer) continue;
    const account = world.accounts.get(balancer.ownerId);
    const zoneId = account && request.zone ? zoneIdOf(world, account, region, request.zone) : null;
    action(world, region, balancer, zoneId === null || zoneId === undefined ? request : { ...request, zone: zoneId });
    return { nodes: balancer.nodes };
  }
  throw new Error(`no load balancer ${wanted}`);
}

function positive(name: string, value: number): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`"${name}" must be a number of 0 or more`);
  return value;
}
