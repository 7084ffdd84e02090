import { SOURCE_TAG } from '../model.js';
import { count, some } from '../text.js';
import { awsOnAlbSide, resume, sync } from './command.js';
import type { DoctorFacts } from './facts.js';
import type { Found } from './findings.js';

/** What a sync would say and do, by its own planner: refusals foreseen, and what is not as it should be. */
export const registrationFindings = (facts: DoctorFacts): Found[] => [
  ...refusalFinding(facts),
  ...pauseFinding(facts),
  ...targetFindings(facts),
];

function refusalFinding(facts: DoctorFacts): Found[] {
  const { loadBalancer, targetGroup, tags } = facts.sync;
  const { refusal } = facts.plan;
  const message = refusal?.message ?? '';
  switch (refusal?.rule) {
    case 'S2':
      return [
        targetGroup.ipAddressType === 'ipv6' && loadBalancer.ipAddressType === 'ipv4'
          ? {
              id: 'ip-address-type-differs',
              message: `${targetGroup.name} takes IPv6 addresses, ${loadBalancer.name} has IPv4 addresses alone.`,
              command: awsOnAlbSide(
                'elbv2',
                'set-ip-address-type',
                '--load-balancer-arn',
                loadBalancer.arn,
                '--ip-address-type',
                'dualstack',
              ),
            }
          : { id: 'no-address', message },
      ];
    case 'S3':
      return loadBalancer.state === 'active' || loadBalancer.state === 'active_impaired'
        ? [{ id: 'zone-without-address', message }]
        : [{ id: 'alb-not-active', message }];
    case 'S5': {
      const owner = tags.get(SOURCE_TAG);
      if (owner === undefined) return [{ id: 'foreign-targets', message, command: sync('--adopt') }];
      return facts.ownerExists === false
        ? [{ id: 'owner-gone', message, command: sync('--adopt-from', owner) }]
        : [{ id: 'owner-differs', message }];
    }
    case 'S10':
      return [{ id: 'address-of-a-stranger', message }];
    default:
      return [];
  }
}

function pauseFinding({ paused, locked }: DoctorFacts): Found[] {
  const command = paused === null ? {} : { command: resume };
  if (locked !== null) return [{ id: 'changes-locked', message: locked, ...command }];
  return paused === null ? [] : [{ id: 'paused', message: paused, ...command }];
}

function targetFindings({ sync: { loadBalancer, targetGroup, port }, plan }: DoctorFacts): Found[] {
  const { register, unchanged, deregister, held, refusal } = plan;
  const stale = refusal === null ? [...deregister, ...held] : [];
  const missing = refusal?.scope === 'everything' ? [] : register;
  const out: Found[] = [];
  if (missing.length > 0 && unchanged.length === 0) {
    out.push({
      id: 'no-targets',
      message: `${targetGroup.name} holds none of the ${count(missing.length, 'address', 'addresses')} of ${loadBalancer.name} at port ${port}.`,
      command: sync(),
    });
  } else if (missing.length > 0) {
    out.push({
      id: 'targets-missing',
      message: `${count(missing.length, 'address', 'addresses')} of ${loadBalancer.name} ${missing.length === 1 ? 'is' : 'are'} not registered: ${some(missing.map(({ ip }) => ip))}.`,
      command: sync(),
    });
  }
  if (stale.length > 0) {
    out.push({
      id: 'targets-stale',
      message: `${count(stale.length, 'target')} of ${targetGroup.name} ${stale.length === 1 ? 'is no address' : 'are no addresses'} of ${loadBalancer.name} at port ${port}: ${some(stale.map((one) => `${one.ip}:${one.port} (${one.health})`))}.`,
      command: sync(),
    });
  }
  if (plan.claim && refusal === null && missing.length + stale.length === 0) {
    const message = `${targetGroup.name} carries no tag lbbridge:source, though all its targets are ${loadBalancer.name}'s.`;
    out.push({ id: 'untagged', message, command: sync() });
  }
  for (const { message } of plan.warnings) out.push({ id: 'zone-differs', message });
  return out;
}
