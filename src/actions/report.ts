import { OperationError, UsageError } from '../errors.js';
import type { Address, IgnoredInterface, LoadBalancer, SecurityGroupRule, TargetGroup } from '../plan/model.js';
import type { PlannedRule } from '../plan/rule-plan.js';
import type { HeldTarget, PlannedTarget } from '../plan/target-plan.js';
import type {
  AddressReport,
  BridgeReport,
  ErrorReport,
  IgnoredReport,
  RuleReport,
  SourceReport,
  Summary,
  TargetGroupReport,
  TargetReport,
} from './outcome.js';

/** From the domain's words to the words of the JSON documents; nothing is decided here. */

export const sourceReport = (source: LoadBalancer): SourceReport => ({
  type: source.type,
  name: source.name,
  arn: source.arn,
  dnsName: source.dnsName,
  vpcId: source.vpcId,
  state: source.state,
  availabilityZones: source.zones.map(({ zoneName }) => zoneName).sort(),
});

export const addressReport = (address: Address): AddressReport => ({
  ip: address.ip,
  family: address.family,
  availabilityZone: address.zoneName,
  subnetId: address.subnetId,
  vpcId: address.vpcId,
  networkInterfaceId: address.networkInterfaceId,
  publicIp: address.publicIp,
  status: address.status,
  primary: address.primary,
});

export const ignoredReport = ({ networkInterfaceId, ip, reason }: IgnoredInterface): IgnoredReport => ({
  networkInterfaceId,
  ip,
  reason,
});

export const targetGroupReport = (group: TargetGroup): TargetGroupReport => ({
  arn: group.arn,
  name: group.name,
  port: group.port,
  protocol: group.protocol,
  vpcId: group.vpcId,
  targetType: group.targetType,
});

export const targetReport = ({ ip, port, zone, health, reason }: PlannedTarget): TargetReport => ({
  ip,
  port,
  availabilityZone: zone,
  health,
  reason,
});

export const heldReport = ({ heldBy, why, ...target }: HeldTarget): TargetReport => ({
  ...targetReport(target),
  reason: why,
  heldBy,
});

export function ruleReport(rule: PlannedRule | SecurityGroupRule): RuleReport {
  const { protocol, fromPort, toPort, peer, description } = rule;
  const whom =
    peer.kind === 'cidr'
      ? { cidr: peer.cidr }
      : peer.kind === 'prefix-list'
        ? { prefixListId: peer.prefixListId }
        : { securityGroupId: peer.groupId, ...(peer.userId === null ? {} : { userId: peer.userId }) };
  return { protocol, fromPort, toPort, ...whom, ruleId: 'id' in rule ? rule.id : null, description };
}

/** Any failure as users see it. A bug of ours keeps its message; the stack is the command's to show. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof OperationError) {
    const { code, message, suggestions, requestId } = error;
    return { code, message, suggestions, ...(requestId ? { requestId } : {}) };
  }
  if (error instanceof UsageError) return { code: error.code, message: error.message, suggestions: error.suggestions };
  throw error;
}

export const summarize = (bridges: readonly BridgeReport[]): Summary => ({
  bridges: bridges.length,
  inSync: bridges.filter(({ inSync }) => inSync).length,
  register: total(bridges, ({ register }) => register),
  deregister: total(bridges, ({ deregister }) => deregister),
  held: total(bridges, ({ held }) => held),
  refused: bridges.filter(({ refusal }) => refusal !== null).length,
});

export const total = <B>(bridges: readonly B[], list: (bridge: B) => readonly unknown[]): number =>
  bridges.reduce((sum, bridge) => sum + list(bridge).length, 0);
