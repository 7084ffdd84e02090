import { describe, expect, test } from 'vitest';
import type { Aws, LoadBalancing, Network } from '../../src/aws/ports.js';
import type { Bridge } from '../../src/config/bridge.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { type Command, commands } from './commands.js';
import { kinds } from './kinds.js';
import { type CallSite, runCase, runReference, type Strike } from './run-case.js';
import { type Situation, situations } from './situations.js';

/**
 * The matrix of faults is worth what its judge notices. Here one safety rule at a time is broken on purpose, and the
 * judge has to say so, in a case in which it says nothing of the command as it is.
 */
interface Broken {
  readonly situation: string;
  /** The call that goes wrong, and how; without it, none does. */
  readonly strike?: readonly [kind: string, action: string, occurrence?: number];
  readonly change?: (aws: Aws, sandbox: Sandbox) => Partial<Pick<Aws, 'network' | 'loadBalancing'>>;
  readonly policy?: Partial<Bridge>;
  /** What the judge has to say, among other things. */
  readonly found: RegExp;
}

const balancing = (aws: Aws, changed: Partial<LoadBalancing>) => ({
  loadBalancing: { ...aws.loadBalancing, ...changed },
});
const interfaces = (aws: Aws, changed: Partial<Network>) => ({ network: { ...aws.network, ...changed } });

const broken: Record<string, Broken> = {
  'deregisters before it registers': {
    situation: 'synced, replaced',
    change: (aws, { stage }) => {
      const { targets, deregisterTargets, registerTargets } = aws.loadBalancing;
      const own = new Set(
        stage.alb.nodes.flatMap(({ interfaceId, ip }) =>
          stage.builder.region.interfaces.get(interfaceId)?.status === 'in-use' ? [ip] : [],
        ),
      );
      return balancing(aws, {
        registerTargets: async (arn, fresh) => {
          await deregisterTargets(
            arn,
            (await targets(arn)).filter(({ ip }) => !own.has(ip)),
          );
          await registerTargets(arn, fresh);
        },
      });
    },
    found: /^DeregisterTargets took the last serving target/,
  },
  'takes every target for healthy (S4)': {
    situation: 'synced, replaced',
    change: (aws) =>
      balancing(aws, {
        targets: async (arn) => {
          const targets = await aws.loadBalancing.targets(arn);
          return targets.map((one) => (one.state === 'initial' ? { ...one, state: 'healthy' } : one));
        },
      }),
    found: /^DeregisterTargets took the last serving target/,
  },
  'goes on after a registration that failed (S6)': {
    situation: 'synced, replaced',
    strike: ['access denied', 'RegisterTargets'],
    change: (aws) =>
      balancing(aws, {
        registerTargets: (...given) => aws.loadBalancing.registerTargets(...given).catch(() => undefined),
      }),
    found: /^something was deregistered after a registration had failed/,
  },
  'takes what it could not read for empty (S1, S2)': {
    situation: 'synced',
    strike: ['throttled for good', 'DescribeNetworkInterfaces'],
    policy: { allowEmpty: true },
    change: (aws) =>
      interfaces(aws, {
        interfacesByDescription: (text) => aws.network.interfacesByDescription(text).catch(() => []),
        interfacesByAddress: async () => [],
      }),
    found: /^DeregisterTargets took the last serving target/,
  },
  'leaves the tags of the group unread, and so its owner (S5)': {
    situation: 'shared-group',
    policy: { owned: true },
    found: /^something foreign was touched/,
  },
  'does not see the pause (S7)': {
    situation: 'synced, paused',
    change: (aws) =>
      balancing(aws, {
        tags: async (arn) =>
          new Map([...(await aws.loadBalancing.tags(arn))].filter(([name]) => name !== 'lbbridge:paused')),
      }),
    found: /^a paused group was written to/,
  },
  "takes anybody's interface for the load balancer's own (S9)": {
    situation: 'look-alikes',
    change: (aws) =>
      interfaces(aws, {
        interfacesByDescription: async (text) => {
          const found = await aws.network.interfacesByDescription(text);
          return found.map((one) => ({
            ...one,
            requesterManaged: true,
            attachmentOwnerId: 'amazon-elb',
            status: 'in-use',
          }));
        },
      }),
    found: /^does not converge/,
  },
  'tags what is not the group named': {
    situation: 'bridge',
    change: (aws, { stage }) =>
      balancing(aws, { addTags: (_arn, tags) => aws.loadBalancing.addTags(stage.alb.arn, tags) }),
    found: /^AddTags on arn:/,
  },
  'crashes where a call fails': {
    situation: 'bridge',
    strike: ['access denied', 'RegisterTargets'],
    change: (aws) =>
      balancing(aws, {
        registerTargets: (...given) =>
          aws.loadBalancing.registerTargets(...given).catch(() => {
            throw new TypeError('a mistake of ours');
          }),
      }),
    found: /^This is a bug/,
  },
  'says that all is well where a call has failed': {
    situation: 'bridge',
    strike: ['access denied', 'DescribeTags'],
    change: (aws) => balancing(aws, { tags: (arn) => aws.loadBalancing.tags(arn).catch(() => new Map()) }),
    found: /^status 0, not 4/,
  },
};

const sync = commands.find(({ name }) => name === 'sync') as Command;
const named = (name: string): Situation => situations.find((one) => one.name === name) as Situation;

const breaking = ({ change = () => ({}), policy = {} }: Broken): Command => ({
  ...sync,
  act: ({ bridges, ingresses }, ports, sandbox) =>
    sync.act(
      { bridges: bridges.map((bridge) => ({ ...bridge, ...policy })), ingresses },
      {
        ...ports,
        connect: (access) => {
          const aws = ports.connect(access);
          return { ...aws, ...change(aws, sandbox) };
        },
      },
      sandbox,
    ),
});

function strikesOf({ strike }: Broken): Strike[] {
  if (!strike) return [];
  const [name, action, occurrence = 0] = strike;
  const site: CallSite = { action, occurrence };
  return kinds.filter((kind) => kind.name === name).map((kind) => ({ site, kind }));
}

describe('the judge of the matrix of faults tells of a sync that', () => {
  test.each(Object.entries(broken))('%s', async (_name, one) => {
    const situation = named(one.situation);
    const reference = await runReference(sync, situation);
    const strikes = strikesOf(one);
    expect((await runCase(sync, situation, strikes, reference)).findings).toEqual([]);
    const { findings } = await runCase(breaking(one), situation, strikes, reference);
    expect(findings).toContainEqual(expect.stringMatching(one.found));
  });
});
