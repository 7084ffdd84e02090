import { UsageError } from '../errors.js';
import type { RuleSource } from '../plan/rule-facts.js';
import { type AccessSettings, addressAccess, loadBalancerAccess, targetGroupAccess } from './access.js';
import type { Ingress, SecurityGroupSettings } from './bridge.js';
import { parseLoadBalancerReference } from './reference.js';
import { accessSettings, type BridgeInput, fromFile, locate } from './resolve-bridges.js';
import { parseMaxRules, parsePort, parseSecurityGroupId, quoted } from './values.js';

/** The flags of `sg`, as typed. */
export interface IngressFlags extends AccessSettings {
  readonly alb?: string | undefined;
  readonly targetGroup?: string | undefined;
  readonly nlb?: string | undefined;
  readonly securityGroup?: string | undefined;
  readonly ports?: readonly string[] | undefined;
  readonly source?: RuleSource | undefined;
  readonly maxRules?: string | undefined;
}

export type IngressInput = Omit<BridgeInput, 'flags'> & { readonly flags: IngressFlags };

/** From the file, or from the flags alone. */
type Described = AccessSettings & Pick<Ingress, 'alb' | 'targetGroup' | 'port' | 'securityGroup'> & { name: string };

/**
 * What `sg` is about: the ends that flags name, else every bridge of the file that is asked for. Flags beat keys.
 * @throws UsageError `NoBridge`, `MissingFlag`, `NamesAndFlags`, `UnknownBridge`, and whatever reading the file, the
 * references, values and regions throws.
 */
export async function resolveIngresses(input: IngressInput): Promise<Ingress[]> {
  const { names, flags } = input;
  const ends = endsOf(flags);
  if (ends && names.length > 0) {
    throw new UsageError('NamesAndFlags', `${names.map(quoted).join(', ')} and the flags name different bridges.`, [
      'Name bridges of lbbridge.yaml, or give the ends as flags, not both.',
    ]);
  }
  if (ends) return [ingress(ends, flags)];
  return (await fromFile(input)).map((one) => locate(one.place, () => ingress(one, flags)));
}

function endsOf({ alb, targetGroup, securityGroup, nlb, ports }: IngressFlags): Described | null {
  if (alb === undefined && targetGroup === undefined && securityGroup === undefined) return null;
  const name = targetGroup ?? nlb;
  if (alb === undefined && securityGroup === undefined) {
    throw missing('--alb', 'Add --alb, or name the security group itself with --security-group.');
  }
  if (name === undefined) {
    throw missing('--target-group', 'Add --target-group, whose NLB is let in on its ports; or --nlb and --port.');
  }
  if (targetGroup === undefined && (ports ?? []).length === 0) {
    throw missing('--port', 'Add --port (repeatable), or --target-group, whose ports are opened.');
  }
  return { name, alb, targetGroup };
}

const missing = (flag: string, remedy: string): UsageError =>
  new UsageError('MissingFlag', `${flag} is missing.`, [
    remedy,
    'Or leave the ends out, to take the bridges of lbbridge.yaml.',
  ]);

function ingress(described: Described, flags: IngressFlags): Ingress {
  const { name, alb, targetGroup, port } = described;
  const settings = accessSettings(described, flags);
  const securityGroup = securityGroupSettings(described.securityGroup ?? {}, flags);
  const access =
    targetGroup === undefined ? addressAccess(securityGroup.nlb, settings) : targetGroupAccess(targetGroup, settings);
  return { name, alb, targetGroup, port, access, albAccess: loadBalancerAccess(alb, settings, access), securityGroup };
}

function securityGroupSettings(file: SecurityGroupSettings, flags: IngressFlags): SecurityGroupSettings {
  if (flags.nlb !== undefined) parseLoadBalancerReference(flags.nlb);
  const ports = flags.ports ?? [];
  return {
    nlb: flags.nlb ?? file.nlb,
    id: flags.securityGroup === undefined ? file.id : parseSecurityGroupId(flags.securityGroup),
    ports: ports.length > 0 ? ports.map(parsePort) : file.ports,
    source: flags.source ?? file.source,
    maxRules: flags.maxRules === undefined ? file.maxRules : parseMaxRules(flags.maxRules),
  };
}
