import type { LoadBalancer, RegionState, Target, TargetGroup } from '../state.js';
import type { World } from '../world.js';
import { connect } from './probe.js';
import { callerOf, isCrossZone, loadBalancersOf } from './routing.js';

/** What new connections through an NLB truly meet at one instant, as shares of its nodes in DNS. */
export interface Truth {
  /** Share of connections that reach an answering node of the load balancer behind the group. */
  serving: number;
  /** Share that reaches nobody. */
  dead: number;
  /** Share that reaches somebody else's machine. */
  stranger: number;
  /** Zone ids whose NLB node, in DNS or not, has no answering target. */
  darkZones: string[];
}

/**
 * Follows a connection the way an NLB would send it, which is not what DescribeTargetHealth says: a draining target
 * still gets connections for a while, so does one that has just failed; with no healthy target at all it fails open;
 * and a zone without healthy targets leaves DNS.
 * @param behind whose nodes are meant to answer; whoever else does is a stranger. Unless told, every node answers well.
 */
export function truthOf(
  world: World,
  region: RegionState,
  group: TargetGroup,
  balancer: LoadBalancer,
  behind?: LoadBalancer,
): Truth {
  const caller = callerOf(region, balancer);
  const targets = [...group.targets.values()];
  const failsOpen = !targets.some(takesTraffic);
  const { now } = world.clock;
  const routable = targets.filter((target) => {
    if (target.override !== 'no_override' && !failsOpen) return false;
    if (failsOpen && (target.state === 'unhealthy' || target.state === 'unhealthy.draining')) return true;
    if (failsOpen && target.state === 'initial') return true;
    return target.state === 'healthy' || now < target.leaksUntil;
  });
  const crossZone = isCrossZone(balancer, group);
  const zones = balancer.zones.map(({ zoneId }) => {
    const reached = routable.filter(({ zone }) => crossZone || zone === zoneId || zone === 'all' || zone === undefined);
    const met = reached.map(({ id, port }) => {
      const answer = connect(world, region, group.vpcId, { ip: id, port }, caller);
      const isTheirs = behind !== undefined && !behind.nodes.some(({ ip }) => ip === id);
      return answer === 'answers' && isTheirs ? 'stranger' : answer;
    });
    const healthy = reached.some(takesTraffic);
    return { zoneId, met, inDns: healthy && !balancer.shiftedZoneIds.has(zoneId) };
  });
  // Where no zone has a healthy target, DNS keeps them all.
  const open = zones.some(({ inDns }) => inDns) ? zones.filter(({ inDns }) => inDns) : zones;
  const share = (kind: string): number =>
    open.reduce(
      (sum, { met }) => sum + (met.length > 0 ? met.filter((one) => one === kind).length / met.length : 0),
      0,
    ) / Math.max(open.length, 1);
  const serving = share('answers');
  const stranger = share('stranger');
  return {
    serving,
    stranger,
    dead: 1 - serving - stranger,
    darkZones: zones.filter(({ met }) => !met.includes('answers')).map(({ zoneId }) => zoneId),
  };
}

const takesTraffic = ({ state, override }: Target): boolean => state === 'healthy' && override === 'no_override';

/** Virtual seconds, summed over the time since the meter was started. */
export interface Outage {
  seconds: number;
  /** Nobody at all was served. */
  downSeconds: number;
  /** Some share of the connections reached nobody; weighted by that share: `deadShareSeconds`. */
  deadSeconds: number;
  deadShareSeconds: number;
  /** Some share reached a stranger. */
  strangerSeconds: number;
}

/** Watches a group through virtual time. Nothing is sampled: every stretch between two changes is counted whole. */
export class OutageMeter {
  private readonly outages = new Map<string, Outage>();

  constructor(private readonly world: World) {
    world.clock.onMove((to) => this.count((to - world.clock.now) / 1000));
  }

  /** Starts (or restarts) watching a group, by ARN. */
  watch(groupArn: string): void {
    this.outages.set(groupArn, {
      seconds: 0,
      downSeconds: 0,
      deadSeconds: 0,
      deadShareSeconds: 0,
      strangerSeconds: 0,
    });
  }

  read(groupArn: string): Outage | undefined {
    return this.outages.get(groupArn);
  }

  get watched(): string[] {
    return [...this.outages.keys()];
  }

  private count(seconds: number): void {
    for (const [arn, outage] of this.outages) {
      const truth = this.now(arn);
      if (!truth) continue;
      outage.seconds += seconds;
      if (truth.serving < 1e-9) outage.downSeconds += seconds;
      if (truth.dead > 1e-9) {
        outage.deadSeconds += seconds;
        outage.deadShareSeconds += seconds * truth.dead;
      }
      if (truth.stranger > 1e-9) outage.strangerSeconds += seconds;
    }
  }

  /** The truth at this instant; null where no load balancer sends to the group. */
  now(groupArn: string): Truth | null {
    for (const region of this.world.regions.values()) {
      const group = region.targetGroups.get(groupArn);
      const [balancer] = group ? loadBalancersOf(region, groupArn) : [];
      if (group && balancer) return truthOf(this.world, region, group, balancer);
    }
    return null;
  }
}
