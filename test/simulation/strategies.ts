import type { Ports } from '../../src/actions/ports.js';
import { syncBridges } from '../../src/actions/sync-bridges.js';
import type { Aws } from '../../src/aws/ports.js';
import { resolveBridges } from '../../src/config/resolve-bridges.js';
import { AwsFailure } from '../../src/errors.js';
import type { NetworkInterface } from '../../src/plan/model.js';
import { Random } from '../../src/sandbox/random.js';
import type { Place } from './place.js';

/** A way to keep a target group filled: what one run of it does, and when the next one comes. */
export interface Strategy {
  readonly name: string;
  /** What it is and where its defaults are published. */
  readonly source: string;
  readonly everySeconds: number;
  /** It runs this long after every change of an interface too, as a rule on API events would start it. */
  readonly onChangeSeconds?: number;
  /** What it does depends on nothing but what it reads: a run that reads the same does the same. */
  readonly remembers?: boolean;
  /** A run; throws where AWS refuses it. `guest` is a target that somebody else has put into the group. */
  readonly start: (place: Place, guest: string) => () => Promise<void> | void;
}

const lbbridge = (
  name: string,
  everySeconds: number,
  more: { flags?: { minHealthy?: string }; onChangeSeconds?: number; wrap?: (aws: Aws, place: Place) => Aws } = {},
): Strategy => ({
  name,
  source: 'src/actions/sync-bridges.ts itself, on ports of the simulation; told to `--keep` the guest',
  everySeconds,
  ...(more.onChangeSeconds === undefined ? {} : { onChangeSeconds: more.onChangeSeconds }),
  start: (place, guest) => {
    const { stage, world } = place;
    const aws = more.wrap?.(place.aws(), place) ?? place.aws();
    const ports: Ports = {
      connect: () => aws,
      now: () => new Date(world.clock.now),
      sleep: async () => undefined,
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const bridges = resolveBridges({
      names: [],
      flags: { alb: stage.alb.arn, targetGroup: stage.group.arn, keep: [guest], ...more.flags },
      cwd: '/',
      env: {},
      home: '/',
    });
    return async () => {
      await syncBridges(await bridges, { readOnly: false }, ports);
    };
  },
});

/** Deregisters nothing that still reads `healthy`: waits until the checks of a stale target fail. */
function onlyFailed(aws: Aws, place: Place): Aws {
  const { loadBalancing } = aws;
  const isHealthy = (ip: string): boolean =>
    place.stage.group.targets.get(`${ip}:${place.stage.group.port}`)?.state === 'healthy';
  return {
    ...aws,
    loadBalancing: {
      ...loadBalancing,
      deregisterTargets: async (arn, targets) => {
        const failed = targets.filter(({ ip }) => !isHealthy(ip));
        if (failed.length > 0) await loadBalancing.deregisterTargets(arn, failed);
      },
    },
  };
}

export const ours: readonly Strategy[] = [
  lbbridge('lbbridge, every 60 s', 60),
  lbbridge('lbbridge, every 10 s', 10),
  lbbridge('lbbridge, 5 s after events and every 60 s', 60, { onChangeSeconds: 5 }),
  lbbridge('lbbridge, 5 s after events and every 5 min', 300, { onChangeSeconds: 5 }),
  // An interface is in use three seconds after it is made: this is too early for all that counts.
  lbbridge('lbbridge, 2 s after events and every 5 min', 300, { onChangeSeconds: 2 }),
];

/** For the two decisions that the figures are to make. */
export const variants: readonly Strategy[] = [
  lbbridge('deregisters while healthy (default)', 60),
  lbbridge('waits until the checks fail', 60, { wrap: onlyFailed }),
  lbbridge('--min-healthy 1', 60, { flags: { minHealthy: '1' } }),
  lbbridge('--min-healthy 50% (default)', 60, { flags: { minHealthy: '50%' } }),
  lbbridge('--min-healthy 75%', 60, { flags: { minHealthy: '75%' } }),
  lbbridge('--min-healthy 100%', 60, { flags: { minHealthy: '100%' } }),
];

/** One page of a search by description, as EC2's wildcards read it; the first address of each interface. */
function search(place: Place, pattern: string): string[] {
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  return place
    .interfaces(({ description }) => expression.test(description))
    .slice(0, 100)
    .flatMap(({ addresses: [first] }: NetworkInterface) => first?.ip ?? []);
}

const registeredIps = (place: Place): string[] => place.targets().map(({ ip }) => ip);

const without = (some: readonly string[], others: readonly string[]): string[] =>
  some.filter((ip) => !others.includes(ip));

/** Registers all that the search found, every time, then deregisters whatever it did not find. */
const registerAll = (name: string, pattern: (place: Place) => string, note: string): Strategy => ({
  name,
  source: `github.com/juanma-cvega/aws-nlb-alb-bridge, nlb_target_group_updater: a search \`*DESCRIPTION*\`, one page of 100, register all, then deregister the rest in the same run, every minute; ${note}`,
  everySeconds: 60,
  start: (place) => () => {
    const found = search(place, pattern(place));
    const current = registeredIps(place);
    place.register(found);
    place.deregister(without(current, found));
  },
});

export const rivals: readonly Strategy[] = [
  registerAll('register all, then deregister; by name', () => '*app/web*', 'the description names the ALB alone'),
  registerAll(
    'register all, then deregister; by full path',
    ({ stage }) => `*${stage.alb.path}*`,
    'the description names the ALB and its id',
  ),
  {
    name: 'DNS, 3 misses before removal',
    source:
      'aws.amazon.com/blogs/networking-and-content-delivery/using-static-ip-addresses-for-application-load-balancers: answers of at most 8 addresses, MAX_LOOKUP_PER_INVOCATION 50 (looking on while answers are full), INVOCATIONS_BEFORE_DEREGISTRATION 3, every minute; stops where DNS shows nothing',
    everySeconds: 60,
    remembers: true,
    start: (place) => {
      const random = new Random(7);
      const misses = new Map<string, number>();
      return () => {
        const current = registeredIps(place);
        const found = new Set<string>();
        for (let look = 0; look < 50; look++) {
          const answer = random
            .shuffle(place.stage.alb.nodes.filter(({ inDns }) => inDns).map(({ ip }) => ip))
            .slice(0, 8);
          for (const ip of answer) found.add(ip);
          if (answer.length < 8) break;
        }
        if (found.size === 0) return;
        place.register(without([...found], current));
        const missed = without(current, [...found]);
        for (const ip of [...misses.keys()]) if (!missed.includes(ip)) misses.delete(ip);
        for (const ip of missed) misses.set(ip, (misses.get(ip) ?? 0) + 1);
        place.deregister(missed.filter((ip) => (misses.get(ip) ?? 0) >= 3));
      };
    },
  },
  {
    name: 'deregister, then register',
    source:
      'github.com/kubernetes-sigs/aws-load-balancer-controller, targetgroupbinding: targets that match no endpoint are deregistered before the new ones are registered, draining ones left out; here on interfaces by their exact description, every minute',
    everySeconds: 60,
    start: (place) => () => {
      const found = search(place, `ELB ${place.stage.alb.path}`);
      const current = place.targets().flatMap(({ ip, state }) => (state === 'draining' ? [] : [ip]));
      place.deregister(without(current, found));
      place.register(without(found, current));
    },
  },
  {
    name: 'skip if nothing is new, no empty guard',
    source:
      'aws.amazon.com/blogs/networking-and-content-delivery/hostname-as-target-for-network-load-balancers, read as scripts on interfaces do it: compares the found with the registered, leaves where both are equal, else registers and deregisters the difference at once, every minute; an empty answer is an answer',
    everySeconds: 60,
    start: (place) => () => {
      const found = search(place, `ELB ${place.stage.alb.path}`);
      const current = place.targets().flatMap(({ ip, state }) => (state === 'draining' ? [] : [ip]));
      const fresh = without(found, current);
      const stale = without(current, found);
      if (fresh.length + stale.length === 0) return;
      place.register(fresh);
      place.deregister(stale);
    },
  },
];

/** A run that AWS refuses ends there; the next one comes in its time. */
export async function attempt(run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
  }
}
