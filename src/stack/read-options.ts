import { parseLoadBalancerReference, parseTargetGroupReference } from '../config/reference.js';
import { quoted } from '../config/values.js';
import { UsageError } from '../errors.js';
import { parseBlock } from '../plan/cidr.js';
import type { Alarms, Api, Back, Backend, BridgeStack, Front, StackOptions } from './options.js';

/** What can be left out of a template. */
export const parts = ['api', 'access-log', 'events', 'alarms'] as const;
export type Part = (typeof parts)[number];

/** The flags that describe a stack, as typed. */
export interface StackFlags {
  readonly fleet: boolean;
  readonly without: readonly Part[];
  readonly vpc?: string | undefined;
  readonly subnet: readonly string[];
  readonly alb?: string | undefined;
  readonly albProtocol?: 'http' | 'https' | undefined;
  readonly albSecurityGroup?: string | undefined;
  readonly albListener?: string | undefined;
  readonly rulePriority?: string | undefined;
  readonly backend?: 'ip' | 'instance' | 'none' | undefined;
  readonly backendTarget: readonly string[];
  readonly autoScalingGroup?: string | undefined;
  readonly nlb?: string | undefined;
  readonly nlbSecurityGroup?: string | undefined;
  readonly listener?: 'tcp' | 'tls' | undefined;
  readonly targetGroup?: string | undefined;
  readonly link?: 'v1' | 'v2' | undefined;
  readonly auth?: 'iam' | 'none' | undefined;
  readonly alarmTopic?: string | undefined;
}

/**
 * The stack that flags describe.
 * @throws UsageError for a value that is none, and for flags that say two things: `FlagNotForThis`, `MissingFlag`
 */
export function readOptions(flags: StackFlags): StackOptions {
  const every = { events: !flags.without.includes('events'), alarms: alarmsOf(flags) };
  if (flags.fleet) {
    refuse(flags, bridgeFlags, '--fleet: it makes no bridge, it keeps those that are tagged');
    return { kind: 'fleet', ...every };
  }
  const bridge: BridgeStack = {
    kind: 'bridge',
    ...every,
    vpcId: flags.vpc === undefined ? undefined : idOf('--vpc', 'vpc', flags.vpc),
    subnetIds: subnetsOf(flags),
    front: frontOf(flags),
    back: backOf(flags),
    api: apiOf(flags),
  };
  if (bridge.api && bridge.front.kind === 'target-group' && bridge.front.nlb === undefined) {
    throw new UsageError('MissingFlag', 'An API leads to an NLB, and --target-group alone names none.', [
      'Name it with --nlb, or leave the API out: --without api',
    ]);
  }
  if (bridge.back.kind === 'alb' && bridge.back.securityGroup === undefined) {
    refuse(flags, ['nlbSecurityGroup'], 'an ALB whose own group is not told: add --alb-security-group');
  }
  refuseTwoPlaces(flags);
  return bridge;
}

function alarmsOf({ without, alarmTopic }: StackFlags): Alarms | null {
  if (alarmTopic !== undefined && !/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(alarmTopic)) {
    throw new UsageError('InvalidTopic', `--alarm-topic ${quoted(alarmTopic)} is not the ARN of an SNS topic.`, [
      'It looks like this: arn:aws:sns:eu-west-1:111122223333:NAME',
    ]);
  }
  if (!without.includes('alarms')) return { topic: alarmTopic };
  refuse({ alarmTopic }, ['alarmTopic'], '--without alarms');
  return null;
}

function frontOf(flags: StackFlags): Front {
  const { nlb, targetGroup } = flags;
  const securityGroup =
    flags.nlbSecurityGroup === undefined ? undefined : idOf('--nlb-security-group', 'sg', flags.nlbSecurityGroup);
  if (nlb !== undefined) arnOf('--nlb', 'network', nlb);
  const protocol = flags.listener === 'tls' ? 'TLS' : 'TCP';
  if (targetGroup !== undefined) {
    if (flags.without.includes('api')) {
      refuse(flags, ['listener'], '--target-group: its listener is there already, and only an API has to know it');
    }
    if (parseTargetGroupReference(targetGroup).kind !== 'arn') throw notAnArn('--target-group', targetGroup);
    return { kind: 'target-group', targetGroup, protocol, nlb, securityGroup };
  }
  if (nlb !== undefined) return { kind: 'nlb', nlb, protocol, securityGroup };
  refuse(flags, ['nlbSecurityGroup'], 'an NLB that the stack makes: it gets a group of its own');
  return { kind: 'own', protocol };
}

function backOf(flags: StackFlags): Back {
  const protocol = flags.albProtocol === 'https' ? 'HTTPS' : 'HTTP';
  const { alb } = flags;
  if (alb === undefined) {
    refuse(flags, ['albSecurityGroup', 'albListener', 'rulePriority'], 'an ALB that the stack makes');
    return { kind: 'own', protocol, backend: backendOf(flags) };
  }
  refuse(flags, ['backend', 'backendTarget', 'autoScalingGroup'], '--alb: what stands behind that ALB is its own');
  arnOf('--alb', 'application', alb);
  const securityGroup =
    flags.albSecurityGroup === undefined ? undefined : idOf('--alb-security-group', 'sg', flags.albSecurityGroup);
  return { kind: 'alb', alb, protocol, securityGroup, healthRule: healthRuleOf(flags) };
}

function healthRuleOf({ albListener, rulePriority }: StackFlags) {
  if (albListener === undefined && rulePriority === undefined) return undefined;
  if (albListener === undefined || rulePriority === undefined) {
    throw new UsageError('MissingFlag', 'A rule on an ALB that is there needs its listener and a free priority.', [
      'Give both --alb-listener ARN and --rule-priority N, or neither: then no rule is made.',
    ]);
  }
  if (!/^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[\w/-]+$/.test(albListener)) {
    throw notAnArn('--alb-listener', albListener);
  }
  const priority = Number(rulePriority);
  if (/^[1-9]\d{0,4}$/.test(rulePriority) && priority <= 50_000) return { listener: albListener, priority };
  throw new UsageError('InvalidPriority', `--rule-priority ${quoted(rulePriority)} is no priority of a rule.`, [
    'Give a whole number from 1 to 50000 that no other rule of the listener has.',
  ]);
}

function backendOf(flags: StackFlags): Backend | null {
  const { autoScalingGroup, backendTarget } = flags;
  const { backend = autoScalingGroup === undefined ? 'ip' : 'instance' } = flags;
  // AWS takes more in a name, but not in a tag, where the stack keeps it.
  if (autoScalingGroup !== undefined && !/^[\w+=.:/@-][\w +=.:/@-]{0,254}$/.test(autoScalingGroup)) {
    throw new UsageError(
      'InvalidAutoScalingGroup',
      `--auto-scaling-group ${quoted(autoScalingGroup)} cannot be used.`,
      ['Give its name, of up to 255 letters, digits, spaces and _ + - = . : / @.'],
    );
  }
  if (backend !== 'instance') {
    refuse({ autoScalingGroup }, ['autoScalingGroup'], `--backend ${backend}: it brings instances`);
  }
  if (backend === 'none') {
    refuse({ backendTarget }, ['backendTarget'], '--backend none');
    return null;
  }
  const wrong = backendTarget.find((target) => !(backend === 'ip' ? isAddress(target) : /^i-[0-9a-f]+$/.test(target)));
  if (wrong === undefined) return { type: backend, autoScalingGroup, targets: [...new Set(backendTarget)] };
  const what = backend === 'ip' ? 'an address' : 'the id of an instance';
  throw new UsageError('InvalidBackendTarget', `--backend-target ${quoted(wrong)} is not ${what}.`, [
    'Addresses go with --backend ip (10.0.1.5), instances with --backend instance (i-0a1b2c3d4e5f60718).',
  ]);
}

const isAddress = (text: string): boolean => !text.includes('/') && parseBlock(text) !== null;

function apiOf(flags: StackFlags): Api | null {
  if (flags.without.includes('api')) {
    refuse(flags, ['link', 'auth'], '--without api');
    return null;
  }
  return { link: flags.link ?? 'v1', auth: flags.auth ?? 'iam', accessLog: !flags.without.includes('access-log') };
}

function subnetsOf({ subnet }: StackFlags): string[] {
  const ids = [...new Set(subnet)].map((id) => idOf('--subnet', 'subnet', id));
  if (ids.length !== 1) return ids;
  throw new UsageError('OneSubnet', `--subnet ${ids[0]} alone is not enough: a load balancer wants two zones.`, [
    'Give --subnet twice or more, each in a zone of its own.',
  ]);
}

function arnOf(flag: string, type: 'application' | 'network', text: string): void {
  const reference = parseLoadBalancerReference(text);
  if (reference.kind !== 'arn') throw notAnArn(flag, text);
  if (reference.type === type) return;
  throw new UsageError('WrongLoadBalancerType', `${flag} ${quoted(text)} is of type ${reference.type}, not ${type}.`);
}

const notAnArn = (flag: string, text: string): UsageError =>
  new UsageError('ArnNeeded', `${flag} ${quoted(text)} is not its ARN, which a template needs.`, [
    'AWS shows it: aws elbv2 describe-load-balancers, describe-target-groups or describe-listeners',
  ]);

function idOf(flag: string, prefix: 'vpc' | 'subnet' | 'sg', text: string): string {
  if (new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(text)) return text;
  throw new UsageError('InvalidId', `${flag} ${quoted(text)} is no such id.`, [
    `It looks like this: ${prefix}-0a1b2c3d4e5f60718`,
  ]);
}

/** What is written on the far side must be written from where the stack is: the NLB's side and its API are one place. */
function refuseTwoPlaces({ nlb, targetGroup, alb }: StackFlags): void {
  const places = [nlb, targetGroup, alb].flatMap((arn) => (arn === undefined ? [] : [arn.split(':')]));
  const accounts = new Set(places.map((parts) => parts[4]));
  const regions = new Set([nlb, targetGroup].flatMap((arn) => arn?.split(':')[3] ?? []));
  if (regions.size > 1) {
    throw new UsageError('RegionMismatch', `${nlb} and ${targetGroup} are in two regions.`, [
      'A target group is in the region of its NLB.',
    ]);
  }
  if (accounts.size > 1) {
    throw new UsageError('TwoAccounts', `The ends of this bridge are in accounts ${[...accounts].join(' and ')}.`, [
      'A stack stays within one account; `lbbridge sync --alb-role-arn` reaches into another.',
    ]);
  }
}

const bridgeFlags = [
  'vpc',
  'subnet',
  'alb',
  'albProtocol',
  'albSecurityGroup',
  'albListener',
  'rulePriority',
  'backend',
  'backendTarget',
  'autoScalingGroup',
  'nlb',
  'nlbSecurityGroup',
  'listener',
  'targetGroup',
  'link',
  'auth',
] as const;

/** @throws UsageError where a flag is given that has nothing to say beside another. */
function refuse(flags: Partial<StackFlags>, names: readonly (keyof StackFlags)[], beside: string): void {
  const found = names.find((name) => [flags[name] ?? []].flat().length > 0);
  if (found === undefined) return;
  const flag = `--${found.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError('FlagNotForThis', `${flag} has nothing to say beside ${beside}.`, [`Leave ${flag} out.`]);
}
