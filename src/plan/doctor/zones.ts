import { isRegistered } from '../health.js';
import { some } from '../text.js';
import { viewOf } from '../view.js';
import { awsOnGroupSide } from './command.js';
import { type DoctorFacts, isCrossZone, type NlbFacts } from './facts.js';
import type { Found } from './findings.js';
import { setAttribute } from './group.js';

/** Zones of the NLB against those of the targets, and zones that somebody has taken traffic away from. */
export function zoneFindings(facts: DoctorFacts): Found[] {
  const shifted = facts.sync.targets.filter(
    (target) => isRegistered(target) && target.override !== null && target.override !== 'no_override',
  );
  const out = (facts.nlbs ?? []).flatMap((nlb) =>
    facts.sync.targetGroup.loadBalancerArns.length > 0 && isCrossZone(facts, nlb) === false
      ? [...lacking(facts, nlb), ...empty(facts, nlb)]
      : [],
  );
  if (shifted.length > 0) {
    const zones = [...new Set(shifted.map(({ zone }) => zone ?? 'an unknown zone'))].sort();
    const states = [...new Set(shifted.map(({ override }) => override))].join(', ');
    out.push({
      id: 'zonal-shift',
      message: `Traffic is kept from ${some(shifted.map(({ ip }) => ip))} in ${zones.join(', ')}: ${states}.`,
    });
  }
  return out;
}

/** Zones in which the ALB has addresses and the NLB has no node: those targets are never used. */
function lacking(facts: DoctorFacts, { loadBalancer: nlb }: NlbFacts): Found[] {
  const { unchanged, register } = facts.plan;
  const has = new Set(nlb.zones.map(({ zoneName }) => zoneName));
  const targets = [...unchanged, ...register].filter(({ zone }) => zone !== null && zone !== 'all' && !has.has(zone));
  if (targets.length === 0) return [];
  const lacks = [...new Set(targets.map(({ zone }) => zone as string))].sort();
  const zoneOf = new Map(targets.map(({ ip, zone }) => [ip, zone]));
  const wanted = viewOf(facts.sync).wanted.filter(({ ip }) => zoneOf.has(ip));
  // One subnet a zone, as AWS wants it.
  const subnets = new Map(wanted.map(({ ip, subnetId }) => [zoneOf.get(ip), subnetId])).values();
  return [
    {
      id: 'nlb-lacks-zone',
      message: `${nlb.name} has no node in ${lacks.join(', ')}, and cross-zone balancing is off: ${some(targets.map(({ ip }) => ip))} never get traffic.`,
      command: awsOnGroupSide(
        'elbv2',
        'set-subnets',
        '--load-balancer-arn',
        nlb.arn,
        '--subnets',
        ...nlb.zones.map(({ subnetId }) => subnetId),
        ...subnets,
      ),
    },
  ];
}

/** Zones in which the NLB has a node and the group no target: whoever reaches that node finds nobody. */
function empty(facts: DoctorFacts, { loadBalancer: nlb }: NlbFacts): Found[] {
  const targets = facts.sync.targets.filter(isRegistered);
  if (targets.length === 0 || targets.some(({ zone }) => zone === 'all' || zone === null)) return [];
  const dark = nlb.zones.filter(({ zoneName }) => !targets.some(({ zone }) => zone === zoneName));
  if (dark.length === 0) return [];
  return [
    {
      id: 'zone-without-target',
      message: `${nlb.name} has a node in ${dark.map(({ zoneName }) => zoneName).join(', ')}, where ${facts.sync.targetGroup.name} holds no target, and cross-zone balancing is off.`,
      command: setAttribute(facts, 'load_balancing.cross_zone.enabled', 'true'),
    },
  ];
}
