import { type RulePeer, type SecurityGroup, SOURCE_TAG } from '../model.js';
import type { RuleFacts } from '../rule-facts.js';
import { admitsAddress, isForOneOf, opensPort } from '../rule-peers.js';
import { isOurRule, planRules, type RulePlan } from '../rule-plan.js';
import { count, some } from '../text.js';
import { viewOf } from '../view.js';
import { nlbAddressesOf } from './addresses.js';
import { attachmentsOf } from './attachment.js';
import { awsOnGroupSide, type Command, syncRules } from './command.js';
import { type DoctorFacts, healthCheckPort, type NlbFacts, type Security } from './facts.js';
import type { Found } from './findings.js';
import { setAttribute } from './group.js';

/** Whether the NLB gets out of its own security groups and in at the ALB's, and clients in at the NLB's. */
export const securityFindings = (facts: DoctorFacts): Found[] => [
  ...(facts.nlbs ?? []).flatMap((nlb) => [
    ...albFindings(facts, nlb),
    ...egressFindings(facts, nlb),
    ...ingressFindings(facts, nlb),
  ]),
  ...clientFindings(facts),
];

/** The plan of `lbbridge sg`, over all groups of the ALB at once: one of them is enough to let the NLB in. */
function albFindings(facts: DoctorFacts, nlb: NlbFacts): Found[] {
  const { sync, albSecurity, rulePorts } = facts;
  const group = groupOf(facts);
  if (!albSecurity || !group || !nlb.interfaces) return [];
  const plan = rulePlan(facts, albSecurity, group, { ...nlb, interfaces: nlb.interfaces });
  const { name } = sync.loadBalancer;
  const command = syncRules(
    ...rulePorts.flatMap((port) => ['--port', String(port)]),
    ...(albSecurity.groups.length > 1 ? ['--security-group', group.id] : []),
  );
  const out: Found[] = [];
  if (plan.refusal?.rule === 'S12') out.push({ id: 'rules-without-room', message: plan.refusal.message });
  // The NLB sends from addresses of the group's family alone: a rule for the other one may wait.
  const shut = plan.authorize.filter(({ peer }) => {
    const ip = addressOf(peer);
    return ip === null || ip.includes(':') === (sync.targetGroup.ipAddressType === 'ipv6');
  });
  if (plan.refusal?.rule !== 'S12' && shut.length > 0) {
    const lacks = shut.map(({ peer, fromPort }) => `${addressOf(peer) ?? 'its security group'} on ${fromPort}`);
    out.push({
      id: 'alb-closed-to-nlb',
      message: `The security groups of ${name} do not let ${nlb.loadBalancer.name} in: ${some(lacks)}.`,
      command,
    });
  }
  if (plan.revoke.length > 0) {
    const which = plan.revoke.map(({ id, fromPort, peer }) => `${id} (${addressOf(peer) ?? 'a group'} on ${fromPort})`);
    out.push({
      id: 'rules-orphaned',
      message: `${count(plan.revoke.length, 'rule')} of ours at ${name} ${plan.revoke.length === 1 ? 'admits' : 'admit'} what ${nlb.loadBalancer.name} no longer has or needs: ${some(which)}.`,
      command,
    });
  }
  return [...out, ...permissionFindings(facts, group, { isNeeded: shut.length > 0, nlbArn: nlb.loadBalancer.arn })];
}

/** Whether rules may be added matters where lbbridge writes them, or would have to. */
function permissionFindings(
  { mayAuthorize, albSecurity }: DoctorFacts,
  { id, name }: SecurityGroup,
  { isNeeded, nlbArn }: { readonly isNeeded: boolean; readonly nlbArn: string },
): Found[] {
  const writes = isNeeded || albSecurity?.rules.some((rule) => isOurRule(rule, nlbArn));
  if (mayAuthorize !== false || !writes) return [];
  return [
    { id: 'may-not-authorize', message: `AWS says, by a dry run, that rules may not be added to ${id} (${name}).` },
  ];
}

/** The group of the ALB that rules are for: the one that the bridge names, else the first. */
const groupOf = ({ albSecurity, ruleGroupId }: DoctorFacts): SecurityGroup | undefined =>
  albSecurity?.groups.find(({ id }) => id === ruleGroupId) ?? albSecurity?.groups[0];

function rulePlan(
  { sync, rulePolicy, rulePorts }: DoctorFacts,
  { rules, prefixLists }: Security,
  securityGroup: SecurityGroup,
  nlb: Pick<RuleFacts, 'interfaces' | 'otherPorts'> & Pick<NlbFacts, 'loadBalancer'>,
): RulePlan {
  const facts: RuleFacts = {
    securityGroup,
    rules,
    prefixLists,
    groupsPerInterface: sync.loadBalancer.securityGroupIds.length,
    nlb: nlb.loadBalancer,
    interfaces: nlb.interfaces,
    ports: rulePorts,
    otherPorts: nlb.otherPorts,
  };
  return planRules(facts, rulePolicy);
}

/** Ports that connections and health checks of the NLB go to. */
const trafficPorts = (facts: DoctorFacts): number[] => [...new Set([facts.sync.port, healthCheckPort(facts)])];

function egressFindings(facts: DoctorFacts, { loadBalancer: nlb, security }: NlbFacts): Found[] {
  const { loadBalancer: alb } = facts.sync;
  if (!security || security.groups.length === 0) return [];
  const outbound = security.rules.filter(({ isEgress }) => isEgress);
  const addresses = viewOf(facts.sync).wanted;
  const closed = trafficPorts(facts).filter((port) =>
    addresses.some(
      ({ ip }) =>
        !outbound.some((rule) => opensPort(rule, port) && admitsAddress(rule.peer, ip, alb, security.prefixLists)),
    ),
  );
  if (closed.length === 0) return [];
  const ids = security.groups.map(({ id }) => id);
  return [
    {
      id: 'nlb-egress-closed',
      message: `No outbound rule of ${ids.join(', ')} lets ${nlb.name} out to every address of ${alb.name} on ${closed.join(' and ')}.`,
      command: letOut(facts, ids[0] as string, closed),
    },
  ];
}

/** To the ALB's security group where that can be named, else to its subnets. */
function letOut(facts: DoctorFacts, groupId: string, ports: readonly number[]): Command {
  const { loadBalancer: alb, targetGroup } = facts.sync;
  const account = (arn: string): string | undefined => arn.split(':')[4];
  const [albGroup] = alb.securityGroupIds;
  const isNear = alb.vpcId === targetGroup.vpcId && account(alb.arn) === account(targetGroup.arn);
  const own = new Set(alb.zones.map(({ subnetId }) => subnetId));
  const blocks = (facts.albSubnets ?? []).flatMap(({ id, cidrBlock }) => (own.has(id) && cidrBlock ? [cidrBlock] : []));
  const cidrs = blocks.length > 0 ? blocks : viewOf(facts.sync).wanted.map(({ ip }) => `${ip}/32`);
  const peer =
    isNear && albGroup !== undefined
      ? { UserIdGroupPairs: [{ GroupId: albGroup }] }
      : { IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) };
  const permissions = ports.map((port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer }));
  return awsOnGroupSide(
    'ec2',
    'authorize-security-group-egress',
    '--group-id',
    groupId,
    '--ip-permissions',
    JSON.stringify(permissions),
  );
}

function ingressFindings(facts: DoctorFacts, nlb: NlbFacts): Found[] {
  const { security, loadBalancer } = nlb;
  if (!security || security.groups.length === 0) return [];
  const attached = attachmentsOf(facts).filter((one) => one.nlb === nlb);
  const ports = [...new Set(attached.map(({ listener }) => listener.port))];
  const inbound = security.rules.filter(({ isEgress }) => !isEgress);
  const ids = security.groups.map(({ id }) => id);
  const shut = ports.filter((port) => !inbound.some((rule) => opensPort(rule, port)));
  if (shut.length > 0 && loadBalancer.enforcesPrivateLinkRules !== false) {
    return [
      {
        id: 'nlb-admits-nobody',
        message: `No inbound rule of ${ids.join(', ')} admits anybody to ${loadBalancer.name} on ${shut.join(' and ')}.`,
      },
    ];
  }
  const isOpen = (port: number): boolean =>
    inbound.some(
      (rule) => opensPort(rule, port) && rule.peer.kind === 'cidr' && /^(0\.0\.0\.0|::)\/0$/.test(rule.peer.cidr),
    );
  if (!loadBalancer.enforcesPrivateLinkRules || loadBalancer.scheme !== 'internal' || ports.every(isOpen)) return [];
  return [
    {
      id: 'private-link-enforced',
      message: `${loadBalancer.name} enforces its inbound rules for PrivateLink traffic, and they do not admit everybody on ${ports.filter((port) => !isOpen(port)).join(' and ')}.`,
      command: awsOnGroupSide(
        'elbv2',
        'set-security-groups',
        '--load-balancer-arn',
        loadBalancer.arn,
        '--security-groups',
        ...ids,
        '--enforce-security-group-inbound-rules-on-private-link-traffic',
        'off',
      ),
    },
  ];
}

/** With client addresses preserved it is the clients whom the ALB has to admit. */
function clientFindings(facts: DoctorFacts): Found[] {
  const { sync, groupAttributes, albSecurity, nlbs } = facts;
  if (groupAttributes?.get('preserve_client_ip.enabled') !== 'true') return [];
  const command = setAttribute(facts, 'preserve_client_ip.enabled', 'false');
  const { name } = sync.targetGroup;
  const alb = sync.loadBalancer.name;
  const opening = (albSecurity?.rules ?? []).filter((rule) => !rule.isEgress && opensPort(rule, sync.port));
  if (opening.length > 0 && opening.every((rule) => isNlbsAlone(rule, nlbs ?? []))) {
    const message = `${name} preserves client addresses, and every rule of ${alb} for port ${sync.port} admits an address of the NLB alone.`;
    return [{ id: 'client-ip-shut-out', message, command }];
  }
  const message = `${name} preserves client addresses: ${alb} sees the clients, not the NLB.`;
  return [{ id: 'client-ip-preserved', message, command }];
}

const isNlbsAlone = ({ peer, tags }: Security['rules'][number], nlbs: readonly NlbFacts[]): boolean =>
  peer.kind === 'cidr' &&
  nlbs.some((nlb) => tags.get(SOURCE_TAG) === nlb.loadBalancer.arn || isForOneOf(peer, nlbAddressesOf(nlb)));

/** The single address that a rule of ours is for; null of a group. */
const addressOf = (peer: RulePeer): string | null => (peer.kind === 'cidr' ? peer.cidr.replace(/\/.*/, '') : null);
