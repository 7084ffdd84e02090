import type { Command } from './command.js';

/**
 * Every finding of `lbbridge doctor`: docs/doctor.md is written from this table. An error is a finding by which traffic
 * does not, or soon will not, flow, or by which a sync is refused; the rest are warnings. Ids are stable: scripts read
 * them.
 */
export const findings = {
  'target-group-type': {
    severity: 'error',
    title: 'The target group is not of type `ip`',
    why: 'Only a group of type ip holds addresses, and the type of a group cannot be changed.',
    remedy: 'Create a group of type ip and name it as the bridge. A group of type alb follows its ALB by itself.',
  },
  'target-group-protocol': {
    severity: 'error',
    title: 'The target group is not of protocol TCP or TLS',
    why: 'An ALB answers TCP alone: datagrams are lost, and a group of an ALB never serves an NLB.',
    remedy: 'Create a group of protocol TCP or TLS, and let a TCP or TLS listener of the NLB send to it.',
  },
  'ip-address-type-differs': {
    severity: 'error',
    title: 'The target group takes IPv6 addresses, the ALB has none',
    why: 'No address of the ALB fits the group: it stays empty, and a sync is refused (S2).',
    remedy: 'Make the ALB dual-stack, in subnets with IPv6 blocks; or create a group of type ipv4.',
    mends: 'aws elbv2 set-ip-address-type',
  },
  'no-address': {
    severity: 'error',
    title: 'The ALB shows no address',
    why: 'Without an address there is nothing to register, and nothing is taken away either (S2).',
    remedy: 'Look with `lbbridge ips` what AWS shows of the load balancer, and which interfaces are ignored.',
  },
  'alb-not-active': {
    severity: 'error',
    title: 'The ALB is not active',
    why: 'It may not answer, and its addresses may not be all there: a sync only adds (S3).',
    remedy: 'Wait until it is active. One that failed to set up never becomes active: create it anew.',
  },
  'zone-without-address': {
    severity: 'error',
    title: 'The ALB shows no address in one of its zones',
    why: 'The view of it cannot be whole, so that a sync takes nothing away (S3).',
    remedy: 'Run again in a minute. If a zone is to go, disable it on the load balancer.',
  },
  'owner-differs': {
    severity: 'error',
    title: 'The target group belongs to another load balancer',
    why: 'Its tag lbbridge:source names another one, so that a sync writes nothing (S5).',
    remedy: 'Name the right ALB or group. To take the group over on purpose: `lbbridge sync --adopt-from` that ARN.',
  },
  'owner-gone': {
    severity: 'error',
    title: 'The target group’s tag names a load balancer that is gone',
    why: 'A sync takes the group for another load balancer’s and writes nothing (S5).',
    remedy: 'Take the group over from the one that is gone; its targets go when others serve.',
    mends: 'lbbridge sync',
  },
  'foreign-targets': {
    severity: 'error',
    title: 'An untagged target group holds other targets than the ALB’s',
    why: 'They may be somebody’s: a sync registers beside them, and takes none away (S5).',
    remedy: 'Make the group this bridge’s; or spare what is meant to stay with --keep, or `keep` in lbbridge.yaml.',
    mends: 'lbbridge sync',
  },
  'address-of-a-stranger': {
    severity: 'error',
    title: 'An address of the ALB also lies in a subnet of the target group’s VPC',
    why: 'There it names somebody else’s machine: it is never registered, and a sync only adds (S10).',
    remedy: 'Give the ALB subnets whose addresses the target group’s VPC does not use.',
  },
  'changes-locked': {
    severity: 'error',
    title: 'Changes wait, and writing is paused or locked',
    why: 'A sync is refused until the pause or the lock ends (S7); stale addresses stay, new ones get no traffic.',
    remedy: 'End the pause, if its reason is past. LBBRIDGE_READ_ONLY is to be unset where it was set.',
    mends: 'lbbridge resume',
  },
  paused: {
    severity: 'warning',
    title: 'The target group is paused',
    why: 'Nothing waits now, but the next change of the ALB’s addresses will not be followed (S7).',
    remedy: 'End the pause, if its reason is past.',
    mends: 'lbbridge resume',
  },
  'no-targets': {
    severity: 'error',
    title: 'The target group holds no address of the ALB',
    why: 'Nothing that reaches the NLB reaches the ALB.',
    remedy: 'Sync the bridge.',
    mends: 'lbbridge sync',
  },
  'targets-missing': {
    severity: 'warning',
    title: 'Some addresses of the ALB are not registered',
    why: 'They take no traffic from the NLB; the others take theirs. Nobody may be syncing.',
    remedy: 'Sync the bridge; see that it is synced by a schedule.',
    mends: 'lbbridge sync',
  },
  'targets-stale': {
    severity: 'warning',
    title: 'Some targets are no addresses of the ALB',
    why: 'AWS gives such an address to somebody else before long, who would then get this traffic.',
    remedy: 'Sync the bridge: each goes as soon as others serve in its place (S4). What is meant to stay: --keep.',
    mends: 'lbbridge sync',
  },
  untagged: {
    severity: 'warning',
    title: 'The target group does not say whose it is',
    why: 'Without its tag a later sync may take targets for foreign ones, and refuse to remove them (S5).',
    remedy: 'Sync the bridge, which writes the tag. Where another tool rewrites tags: `owned: true` in lbbridge.yaml.',
    mends: 'lbbridge sync',
  },
  'zone-differs': {
    severity: 'warning',
    title: 'A target is registered under another zone than its own',
    why: 'The NLB’s nodes choose targets by zone: this one gets the traffic of the wrong one.',
    remedy: 'Deregister it under the zone that it has, wait until it is gone, and sync.',
  },
  'nlb-not-active': {
    severity: 'error',
    title: 'The NLB is not active',
    why: 'It takes no connections yet, or never will.',
    remedy: 'Wait until it is active. One that failed to set up has to be created anew.',
  },
  'not-attached': {
    severity: 'error',
    title: 'No listener sends to the target group',
    why: 'Its targets get no traffic, and AWS does not check their health.',
    remedy: 'Give the NLB a listener, or a rule of one, that forwards to the group.',
    mends: 'aws elbv2 create-listener',
  },
  'weight-zero': {
    severity: 'error',
    title: 'The target group has weight 0 wherever it is attached',
    why: 'A group with weight 0 is checked for health but gets no traffic.',
    remedy: 'Give it a weight above 0, if no move away from it is under way.',
    mends: 'aws elbv2 modify-listener',
  },
  'no-alb-listener': {
    severity: 'error',
    title: 'The ALB has no listener on the targets’ port',
    why: 'Every connection that the NLB makes is refused.',
    remedy:
      'Create a listener on that port, or give the bridge the port of one that there is: --port, or `port` in the file.',
  },
  'tls-meets-http': {
    severity: 'error',
    title: 'The NLB speaks TLS to a plain HTTP port',
    why: 'The ALB takes the first bytes of TLS for a malformed request, and answers 400.',
    remedy: 'Use a TCP target group, or an HTTPS listener on the ALB.',
  },
  'plain-meets-https': {
    severity: 'error',
    title: 'The NLB speaks plain text to an HTTPS port',
    why: 'The NLB ends TLS, and the ALB answers the plain request with 400.',
    remedy: 'Use a TLS target group, or a TCP listener on the NLB, or a plain HTTP port of the ALB.',
  },
  'health-check-port-closed': {
    severity: 'error',
    title: 'Health checks go to a port where the ALB does not listen',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Check the port that takes the traffic.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-protocol': {
    severity: 'error',
    title: 'Health checks speak another protocol than the listener',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Check with the listener’s protocol, or by TCP.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-status': {
    severity: 'error',
    title: 'The ALB answers health checks with a status that the matcher does not take',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Take that status too, check a path that answers well without a host name, or check by TCP.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-tls13': {
    severity: 'error',
    title: 'HTTPS health checks meet a listener that takes TLS 1.3 alone',
    why: 'The health checks of an NLB do not speak TLS 1.3: they all fail.',
    remedy: 'Check by TCP, or give the listener a policy that takes TLS 1.2 too.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-misses-hosts': {
    severity: 'warning',
    title: 'Health checks never get behind the rules for host names',
    why: 'The Host header of an NLB’s check is the address of its node: a fixed answer passes, whatever the hosts do.',
    remedy: 'Give the path of the health check a rule of its own that forwards, ahead of the others.',
  },
  'unhealthy-targets': {
    severity: 'warning',
    title: 'Some targets are unhealthy',
    why: 'They take no traffic. An ALB node that AWS is about to take away looks like this for a few minutes.',
    remedy: 'Run again in some minutes; if it stays, compare the zones and subnets of the healthy ones with theirs.',
  },
  'proxy-protocol': {
    severity: 'error',
    title: 'Proxy protocol v2 is on',
    why: 'An ALB does not know the header: it answers each connection with 400 or closes it.',
    remedy: 'Switch it off.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'client-ip-preserved': {
    severity: 'warning',
    title: 'Client addresses are preserved',
    why: 'Rules that list the NLB’s addresses then admit nobody, and a client behind the ALB cannot reach itself through the NLB (hairpinning).',
    remedy:
      'Switch it off, or admit the clients themselves at the ALB. The ALB’s X-Forwarded-For then has the NLB’s address.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'client-ip-shut-out': {
    severity: 'error',
    title: 'Client addresses are preserved, and the ALB admits the NLB’s alone',
    why: 'Connections come from the clients’ addresses, which no rule of the ALB’s security groups admits.',
    remedy: 'Switch the preservation of client addresses off, or admit the clients themselves.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'connections-outlive-targets': {
    severity: 'warning',
    title: 'Connections stay open after deregistration',
    why: 'A client that keeps its connection goes on sending to an address that the ALB has left, until the connection is idle for minutes.',
    remedy: 'Let the NLB end such connections when the deregistration delay is over.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'deregistration-delay-long': {
    severity: 'warning',
    title: 'The deregistration delay is longer than an address is sure to be the ALB’s',
    why: 'A stale address is noticed up to one schedule late and then drains this long; somebody else may have it by then.',
    remedy: 'Five minutes let every ordinary request end.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'deregistration-delay-short': {
    severity: 'warning',
    title: 'The deregistration delay is shorter than the time between two syncs',
    why: 'Requests under way are cut off, although an ALB node that leaves answers for minutes.',
    remedy: 'Five minutes let every ordinary request end.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'nlb-lacks-zone': {
    severity: 'warning',
    title: 'The ALB has addresses in a zone where the NLB has no node',
    why: 'With cross-zone balancing off, those targets are never used: the ALB’s nodes there stand idle.',
    remedy: 'Enable the zone on the NLB, or cross-zone balancing for the group.',
    mends: 'aws elbv2 set-subnets',
  },
  'zone-without-target': {
    severity: 'error',
    title: 'The NLB has a node in a zone without a target',
    why: 'With cross-zone balancing off, whoever reaches that node (by a fixed address, or an endpoint in that zone) finds nobody.',
    remedy: 'Enable cross-zone balancing for the group, or the zone on the ALB, or take the zone off the NLB.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'zonal-shift': {
    severity: 'warning',
    title: 'A zonal shift is in force',
    why: 'Healthy targets get no traffic, and do not count as healthy where a removal waits for others (S4).',
    remedy: 'If it is over: `aws arc-zonal-shift list-zonal-shifts`, then `cancel-zonal-shift`.',
  },
  'alb-closed-to-nlb': {
    severity: 'error',
    title: 'The ALB’s security groups do not admit the NLB',
    why: 'Connections or health checks from the addresses that are not admitted time out.',
    remedy: 'Let lbbridge write the rules, from a schedule as well: a zone that the NLB gains brings a new address.',
    mends: 'lbbridge sg sync',
  },
  'rules-orphaned': {
    severity: 'warning',
    title: 'Rules of ours admit what the NLB no longer has or needs',
    why: 'AWS gives such an address to somebody else before long, whom the ALB then admits.',
    remedy: 'Let lbbridge take them away.',
    mends: 'lbbridge sg sync',
  },
  'rules-without-room': {
    severity: 'error',
    title: 'The ALB’s security group has no room for the rules that are needed',
    why: '`lbbridge sg sync` is refused (S12), and the addresses that are not admitted cannot connect.',
    remedy: 'Reference the NLB’s security group, admit a block or a prefix list, or raise the quota (--max-rules).',
  },
  'nlb-egress-closed': {
    severity: 'error',
    title: 'The NLB’s security group does not let it out to the ALB',
    why: 'Connections or health checks never leave the NLB.',
    remedy: 'Add an outbound rule for the targets’ port and the health check’s.',
    mends: 'aws ec2 authorize-security-group-egress',
  },
  'nlb-admits-nobody': {
    severity: 'error',
    title: 'The NLB’s security group admits nobody on a listener’s port',
    why: 'No client gets in, whatever stands behind.',
    remedy: 'Add an inbound rule for the clients.',
  },
  'private-link-enforced': {
    severity: 'warning',
    title: 'The NLB’s inbound rules hold for PrivateLink traffic too',
    why: 'A VPC Link’s or an endpoint’s traffic is judged by the consumer’s private addresses, which are hardly known; what no rule names is dropped.',
    remedy: 'Where a VPC Link or an endpoint service stands in front, switch the enforcement off; else leave it.',
    mends: 'aws elbv2 set-security-groups',
  },
  'quota-exceeded': {
    severity: 'error',
    title: 'There is no room for the ALB’s addresses',
    why: 'AWS refuses the registration (TooManyTargets), and a sync ends with 3 (S11).',
    remedy: 'Ask AWS for a higher quota, take other targets away, or switch cross-zone balancing off.',
  },
  'no-healthy-target': {
    severity: 'error',
    title: 'No target is healthy',
    why: 'With no healthy target the NLB sends to all of them (it fails open), and drops the zones from its DNS name.',
    remedy: 'Look at the other findings: the listener, the health check and the security groups decide.',
  },
  'quota-near': {
    severity: 'warning',
    title: 'There is hardly room for more addresses',
    why: 'When the ALB grows, or AWS replaces its nodes, more addresses stand side by side than there is room for.',
    remedy: 'Ask AWS for a higher quota before that.',
  },
  'alb-impaired': {
    severity: 'warning',
    title: 'The ALB is impaired',
    why: 'It serves, but AWS could not give it what it needs to grow, such as free addresses.',
    remedy: 'Make room in its subnets, or move it to larger ones.',
  },
  'subnet-nearly-full': {
    severity: 'warning',
    title: 'A subnet of the ALB has fewer than 8 free addresses',
    why: 'The ALB cannot grow there, and AWS cannot replace its nodes.',
    remedy: 'Free addresses, or move the ALB to a larger subnet of that zone.',
  },
  'terraform-tags': {
    severity: 'warning',
    title: 'Terraform manages the target group’s tags',
    why: 'Without the tag lbbridge:source the group is nobody’s again, and without lbbridge:paused a pause has ended.',
    remedy:
      'In the provider block: ignore_tags { key_prefixes = ["lbbridge:"] }. Or `owned: true` in lbbridge.yaml, which does without the tag.',
  },
  'terraform-rules': {
    severity: 'warning',
    title: 'Terraform manages the ALB’s security group',
    why: 'Inline ingress blocks of aws_security_group are the whole truth to Terraform: rules beside them are removed.',
    remedy:
      'Write rules as aws_vpc_security_group_ingress_rule, or let it be: lifecycle { ignore_changes = [ingress] }.',
  },
  'alb-internet-facing': {
    severity: 'warning',
    title: 'The ALB is internet-facing',
    why: 'An ALB behind an NLB seldom needs addresses of its own in the internet, by which the NLB can be passed by.',
    remedy: 'Use an internal ALB, if that was meant: the scheme of a load balancer cannot be changed.',
  },
  'may-not-authorize': {
    severity: 'warning',
    title: 'The caller may not add rules to the ALB’s security group',
    why: 'When the NLB gains an address, `lbbridge sg sync` cannot let it in.',
    remedy: 'Allow ec2:AuthorizeSecurityGroupIngress on the group, if lbbridge is to write its rules.',
  },
} as const satisfies Record<string, Kind>;

interface Kind {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  readonly remedy: string;
  /** The command that mends it, where one alone can; without its arguments. */
  readonly mends?: string;
}

export type FindingId = keyof typeof findings;

/** What a check found. */
export interface Found {
  readonly id: FindingId;
  /** What was seen, with its values. */
  readonly message: string;
  readonly command?: Command;
}

export type Finding = Found & Kind;

/** Errors first, each kind in the order of the table. */
export function inOrder(found: readonly Found[]): Finding[] {
  const ids = Object.keys(findings);
  const rank = ({ id, severity }: Finding): number => (severity === 'error' ? 0 : ids.length) + ids.indexOf(id);
  return found.map((one) => ({ ...findings[one.id], ...one })).sort((a, b) => rank(a) - rank(b));
}
