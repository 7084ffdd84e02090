import * as Flags from '@oclif/core/flags';
import type { Access } from '../aws/ports.js';
import type { AccessSettings } from '../config/access.js';
import type { BridgeFlags } from '../config/resolve-bridges.js';
import type { IngressFlags } from '../config/resolve-ingresses.js';

/** Every flag can come from the environment; one definition says both names. */
const env = (flag: string): string => `LBBRIDGE_${flag.toUpperCase().replaceAll('-', '_')}`;

const text = (name: string, summary: string, helpValue: string, helpGroup?: string) =>
  Flags.string({ summary, helpValue, env: env(name), ...(helpGroup ? { helpGroup } : {}) });

export const commonFlags = {
  region: text('region', "AWS region; by default that of the ARNs, else the profile's.", 'REGION', 'AWS'),
  profile: text('profile', 'Profile of the shared AWS configuration.', 'NAME', 'AWS'),
  'role-arn': text('role-arn', 'Role to assume for all calls.', 'ARN', 'AWS'),
  'external-id': text('external-id', 'External id that the role asks for.', 'ID', 'AWS'),
  'endpoint-url': text('endpoint-url', 'Send all calls to this endpoint, e.g. a sandbox.', 'URL', 'AWS'),
  json: Flags.boolean({ summary: 'Print one JSON document, on failure too.', env: env('json'), helpGroup: 'GLOBAL' }),
  quiet: Flags.boolean({
    char: 'q',
    summary: 'Say nothing unless something changed or failed.',
    env: env('quiet'),
    helpGroup: 'GLOBAL',
  }),
  debug: Flags.boolean({
    summary: 'Show each AWS call with its time and request id, on stderr.',
    env: env('debug'),
    helpGroup: 'GLOBAL',
  }),
  'no-color': Flags.boolean({ summary: 'Do not use colour.', env: env('no-color'), helpGroup: 'GLOBAL' }),
};

/** Of commands that show a list. */
export const outputFlag = Flags.option({
  summary: 'How to print the list.',
  options: ['table', 'json', 'csv', 'text'] as const,
  default: 'table' as const,
  env: env('output'),
})();

const bridge = 'BRIDGE';
const rules = 'SAFETY';

/** How the ALB's side of a bridge is reached. */
export const albFlags = {
  'alb-region': text('alb-region', 'Region of the ALB, where it is another.', 'REGION', bridge),
  'alb-profile': text('alb-profile', 'Profile that reaches the ALB, where it is another.', 'NAME', bridge),
  'alb-role-arn': text('alb-role-arn', 'Role that reaches the ALB, where it is another.', 'ARN', bridge),
  'alb-external-id': text('alb-external-id', 'External id for that role.', 'ID', bridge),
};

/** The two ends of a bridge, and how the ALB's is reached. */
export const endFlags = {
  alb: text('alb', 'The ALB that the targets come from: name, ARN or DNS name.', 'ALB', bridge),
  'target-group': text('target-group', "The NLB's target group: name or ARN.", 'GROUP', bridge),
  config: text(
    'config',
    'File with bridges; by default lbbridge.yaml here or in the configuration folder.',
    'FILE',
    bridge,
  ),
  ...albFlags,
};

export const detailedExitCode = Flags.boolean({
  summary: 'Exit with 2 where there are differences.',
  env: env('detailed-exitcode'),
  helpGroup: 'GLOBAL',
});

export const dryRun = Flags.boolean({ summary: 'Show the plan and write nothing.', env: env('dry-run') });

/** What describes a bridge; the same for diff and sync. */
export const bridgeFlags = {
  ...endFlags,
  port: text('port', "Target port; by default the target group's own.", 'PORT', bridge),
  'min-healthy': text(
    'min-healthy',
    'Wanted targets that must be healthy before a serving one goes; 50% by default.',
    'N|P%',
    rules,
  ),
  prune: Flags.string({
    summary: 'Which stale targets may go: those of a group that is ours (owned), all, or none.',
    options: ['owned', 'all', 'none'] as const,
    env: env('prune'),
    helpGroup: rules,
  }),
  keep: Flags.string({
    summary: 'Never deregister this address or block; repeatable.',
    helpValue: 'ADDRESS|CIDR',
    multiple: true,
    multipleNonGreedy: true,
    env: env('keep'),
    helpGroup: rules,
  }),
  adopt: Flags.boolean({ summary: 'Make an untagged group with foreign targets ours (S5).', helpGroup: rules }),
  'adopt-from': Flags.string({
    summary: 'Take the group over from the load balancer of this ARN (S5).',
    helpValue: 'ARN',
    helpGroup: rules,
  }),
  'allow-empty': Flags.boolean({ summary: 'Empty the bridge when no address is found (S2).', helpGroup: rules }),
  expect: Flags.string({
    summary: 'Do nothing unless the plan has this fingerprint (S8).',
    helpValue: 'FINGERPRINT',
    env: env('expect'),
    helpGroup: rules,
  }),
  'detailed-exitcode': detailedExitCode,
};

/** What describes an NLB that is to get in at an ALB's security group; the same for sg diff and sg sync. */
export const ingressFlags = {
  ...endFlags,
  nlb: text('nlb', 'The NLB to let in; by default the one that the target group is attached to.', 'NLB', bridge),
  'security-group': text(
    'security-group',
    'The security group, where the ALB has several or is not named.',
    'ID',
    bridge,
  ),
  port: Flags.string({
    summary: "Port to open; repeatable. By default the target group's ports for targets and health checks.",
    helpValue: 'PORT',
    multiple: true,
    multipleNonGreedy: true,
    env: env('port'),
    helpGroup: bridge,
  }),
  source: Flags.string({
    summary: 'Name the NLB by its addresses (ips), its security group, or the group where that works (auto).',
    options: ['auto', 'ips', 'security-group'] as const,
    env: env('source'),
    helpGroup: bridge,
  }),
  'max-rules': text('max-rules', 'Inbound rules that the account allows in a group; 60 by default.', 'N', rules),
};

/** What says which bridge is to be looked at. */
export const doctorFlags = {
  ...endFlags,
  port: bridgeFlags.port,
  nlb: text('nlb', 'The NLB, where the target group is attached to none yet.', 'NLB', bridge),
};

type Parsed = Partial<
  Record<
    keyof typeof commonFlags | keyof typeof bridgeFlags | keyof typeof ingressFlags | keyof typeof doctorFlags,
    string | boolean | string[] | undefined
  >
>;

/** Account and region, of a command that is about one thing. */
export const accessFlags = (flags: {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly 'role-arn'?: string | undefined;
  readonly 'external-id'?: string | undefined;
}): Access => ({
  region: flags.region,
  profile: flags.profile,
  roleArn: flags['role-arn'],
  externalId: flags['external-id'],
});

/** From the words of the command line to those of the configuration. */
export const toBridgeFlags = (flags: Parsed): BridgeFlags => ({
  ...toEnds(flags),
  port: flags.port as string | undefined,
  minHealthy: flags['min-healthy'] as string | undefined,
  prune: flags.prune as BridgeFlags['prune'],
  keep: listOf(flags.keep),
  adopt: flags.adopt === true,
  adoptFrom: flags['adopt-from'] as string | undefined,
  allowEmpty: flags['allow-empty'] === true,
  nlb: flags.nlb as string | undefined,
});

export const toIngressFlags = (flags: Parsed): IngressFlags => ({
  ...toEnds(flags),
  nlb: flags.nlb as string | undefined,
  securityGroup: flags['security-group'] as string | undefined,
  ports: listOf(flags.port),
  source: flags.source as IngressFlags['source'],
  maxRules: flags['max-rules'] as string | undefined,
});

/** A list in the environment is one text: LBBRIDGE_KEEP=10.0.0.1,10.0.0.2 */
export const listOf = (given: Parsed[keyof Parsed]): string[] =>
  [given ?? []].flat().flatMap((value) => String(value).split(/[,\s]+/));

/** The ends of a bridge, and how each is reached, as typed. */
export function toEnds(flags: Parsed): AccessSettings & Pick<BridgeFlags, 'alb' | 'targetGroup'> {
  const string = (name: keyof Parsed) => flags[name] as string | undefined;
  return {
    alb: string('alb'),
    targetGroup: string('target-group'),
    region: string('region'),
    profile: string('profile'),
    roleArn: string('role-arn'),
    externalId: string('external-id'),
    albRegion: string('alb-region'),
    albProfile: string('alb-profile'),
    albRoleArn: string('alb-role-arn'),
    albExternalId: string('alb-external-id'),
  };
}
