import type { Sandbox } from '../../src/sandbox/index.js';
import type { SecurityGroupRule } from '../../src/sandbox/state.js';
import { type Document, lbbridgeJson, type RunOptions } from './cli.js';

/** `sg diff` or `sg sync` on the sandbox's bridge, by ARNs. */
export function onGroup(
  sandbox: Sandbox,
  command: 'sync' | 'diff',
  flags: readonly string[] = [],
  options: RunOptions = {},
): Promise<{ status: number | null; document: Document; stderr: string }> {
  const { alb, group } = sandbox.stage;
  return lbbridgeJson(['sg', command, '--alb', alb.arn, '--target-group', group.arn, ...flags], {
    ...options,
    env: { ...sandbox.environment, ...options.env },
  });
}

export const groupOf = ({ result }: Document): Document => result.groups[0];

/** The ALB's security group, as the simulated AWS holds it. */
export function albGroup({ stage }: Sandbox) {
  const group = stage.builder.region.securityGroups.get(stage.alb.securityGroupIds[0] ?? '');
  if (!group) throw new Error('the ALB has no security group');
  return group;
}

/** The inbound rules of the ALB's group as `SOURCE PORT`, in order. */
export const inbound = (sandbox: Sandbox): string[] => inboundRules(sandbox).map(wordsOf).sort();

export const inboundRules = (sandbox: Sandbox): SecurityGroupRule[] =>
  [...albGroup(sandbox).rules.values()].filter(({ isEgress }) => !isEgress);

function wordsOf({ source, fromPort }: SecurityGroupRule): string {
  const whom =
    source.kind === 'group' ? source.groupId : source.kind === 'prefix-list' ? source.prefixListId : source.cidr;
  return `${whom} ${fromPort}`;
}

/** What lets each address of the NLB in on a port, in the words of `inbound`. */
export const nlbRules = ({ stage }: Sandbox, port = 80): string[] =>
  stage.nlb.nodes.map(({ ip }) => `${ip}/32 ${port}`).sort();

/** Puts a rule into the ALB's group past every check, as somebody would have long ago. */
export function plantRule(
  sandbox: Sandbox,
  cidr: string,
  port: number,
  more: Partial<SecurityGroupRule> = {},
): SecurityGroupRule {
  const group = albGroup(sandbox);
  const rule: SecurityGroupRule = {
    id: sandbox.world.random.id('sgr'),
    groupId: group.id,
    isEgress: false,
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    source: { kind: cidr.includes(':') ? 'cidr6' : 'cidr', cidr },
    tags: new Map(),
    effectiveAt: 0,
    ...more,
  };
  group.rules.set(rule.id, rule);
  return rule;
}

/** The same with a rule that admits a prefix list, which admits nobody so far. */
export function plantPrefixList(sandbox: Sandbox): void {
  const list = { id: sandbox.world.random.id('pl'), name: 'others', ownerId: 'AWS', version: 1, maxEntries: 5 };
  const { prefixLists } = sandbox.stage.builder.region;
  prefixLists.set(list.id, { ...list, addressFamily: 'IPv4', entries: [], tags: new Map() });
  plantRule(sandbox, '', 80, { source: { kind: 'prefix-list', prefixListId: list.id } });
}
