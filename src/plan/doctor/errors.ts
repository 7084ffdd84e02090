import type { Known } from './findings.js';

/**
 * Findings by which traffic does not, or soon will not, flow, or by which a sync is refused; causes before what follows
 * from them. docs/doctor.md is written from this table. Ids are stable: scripts read them.
 */
export const errors = {
  'target-group-type': {
    title: 'The target group is not of type `ip`',
    why: 'Only a group of type ip holds addresses, and the type of a group cannot be changed.',
    remedy: 'Create a group of type ip and name it as the bridge. A group of type alb follows its ALB by itself.',
  },
  'target-group-protocol': {
    title: 'The target group is not of protocol TCP or TLS',
    why: 'An ALB answers TCP alone: datagrams are lost, and a group of an ALB never serves an NLB.',
    remedy: 'Create a group of protocol TCP or TLS, and let a TCP or TLS listener of the NLB send to it.',
  },
  'ip-address-type-differs': {
    title: 'The target group takes IPv6 addresses, the ALB has none',
    why: 'No address of the ALB fits the group: it stays empty, and a sync is refused (S2).',
    remedy: 'Make the ALB dual-stack, in subnets with IPv6 blocks; or create a group of type ipv4.',
    mends: 'aws elbv2 set-ip-address-type',
  },
  'no-address': {
    title: 'The ALB shows no address',
    why: 'Without an address there is nothing to register, and nothing is taken away either (S2).',
    remedy: 'Look with `lbbridge ips` what AWS shows of the load balancer, and which interfaces are ignored.',
  },
  'alb-not-active': {
    title: 'The ALB is not active',
    why: 'It may not answer, and its addresses may not be all there: a sync only adds (S3).',
    remedy: 'Wait until it is active. One that failed to set up never becomes active: create it anew.',
  },
  'zone-without-address': {
    title: 'The ALB shows no address in one of its zones',
    why: 'The view of it cannot be whole, so that a sync takes nothing away (S3).',
    remedy: 'Run again in a minute. If a zone is to go, disable it on the load balancer.',
  },
  'owner-differs': {
    title: 'The target group belongs to another load balancer',
    why: 'Its tag lbbridge:source names another one, so that a sync writes nothing (S5).',
    remedy: 'Name the right ALB or group. To take the group over on purpose: `lbbridge sync --adopt-from` that ARN.',
  },
  'owner-gone': {
    title: 'The target group’s tag names a load balancer that is gone',
    why: 'A sync takes the group for another load balancer’s and writes nothing (S5).',
    remedy: 'Take the group over from the one that is gone; its targets go when others serve.',
    mends: 'lbbridge sync',
  },
  'foreign-targets': {
    title: 'An untagged target group holds other targets than the ALB’s',
    why: 'They may be somebody’s: a sync registers beside them, and takes none away (S5).',
    remedy: 'Make the group this bridge’s; or spare what is meant to stay with --keep, or `keep` in lbbridge.yaml.',
    mends: 'lbbridge sync',
  },
  'address-of-a-stranger': {
    title: 'An address of the ALB also lies in a subnet of the target group’s VPC',
    why: 'There it names somebody else’s machine: it is never registered, and a sync only adds (S10).',
    remedy: 'Give the ALB subnets whose addresses the target group’s VPC does not use.',
  },
  'changes-locked': {
    title: 'Changes wait, and writing is paused or locked',
    why: 'A sync is refused until the pause or the lock ends (S7); stale addresses stay, new ones get no traffic.',
    remedy: 'End the pause, if its reason is past. LBBRIDGE_READ_ONLY is to be unset where it was set.',
    mends: 'lbbridge resume',
  },
  'no-targets': {
    title: 'The target group holds no address of the ALB',
    why: 'Nothing that reaches the NLB reaches the ALB.',
    remedy: 'Sync the bridge.',
    mends: 'lbbridge sync',
  },
  'nlb-not-active': {
    title: 'The NLB is not active',
    why: 'It takes no connections yet, or never will.',
    remedy: 'Wait until it is active. One that failed to set up has to be created anew.',
  },
  'not-attached': {
    title: 'No listener sends to the target group',
    why: 'Its targets get no traffic, and AWS does not check their health.',
    remedy: 'Give the NLB a listener, or a rule of one, that forwards to the group.',
    mends: 'aws elbv2 create-listener',
  },
  'weight-zero': {
    title: 'The target group has weight 0 wherever it is attached',
    why: 'A group with weight 0 is checked for health but gets no traffic.',
    remedy: 'Give it a weight above 0, if no move away from it is under way.',
    mends: 'aws elbv2 modify-listener',
  },
  'no-alb-listener': {
    title: 'The ALB has no listener on the targets’ port',
    why: 'Every connection that the NLB makes is refused.',
    remedy:
      'Create a listener on that port, or give the bridge the port of one that there is: --port, or `port` in the file.',
  },
  'tls-meets-http': {
    title: 'The NLB speaks TLS to a plain HTTP port',
    why: 'The ALB takes the first bytes of TLS for a malformed request, and answers 400.',
    remedy: 'Use a TCP target group, or an HTTPS listener on the ALB.',
  },
  'plain-meets-https': {
    title: 'The NLB speaks plain text to an HTTPS port',
    why: 'The NLB ends TLS, and the ALB answers the plain request with 400.',
    remedy: 'Use a TLS target group, or a TCP listener on the NLB, or a plain HTTP port of the ALB.',
  },
  'health-check-port-closed': {
    title: 'Health checks go to a port where the ALB does not listen',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Check the port that takes the traffic.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-protocol': {
    title: 'Health checks speak another protocol than the listener',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Check with the listener’s protocol, or by TCP.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-status': {
    title: 'The ALB answers health checks with a status that the matcher does not take',
    why: 'They all fail; with no healthy target the NLB sends to all of them, dead ones too.',
    remedy: 'Take that status too, check a path that answers well without a host name, or check by TCP.',
    mends: 'aws elbv2 modify-target-group',
  },
  'health-check-tls13': {
    title: 'HTTPS health checks meet a listener that takes TLS 1.3 alone',
    why: 'The health checks of an NLB do not speak TLS 1.3: they all fail.',
    remedy: 'Check by TCP, or give the listener a policy that takes TLS 1.2 too.',
    mends: 'aws elbv2 modify-target-group',
  },
  'proxy-protocol': {
    title: 'Proxy protocol v2 is on',
    why: 'An ALB does not know the header: it answers each connection with 400 or closes it.',
    remedy: 'Switch it off.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'client-ip-shut-out': {
    title: 'Client addresses are preserved, and the ALB admits the NLB’s alone',
    why: 'Connections come from the clients’ addresses, which no rule of the ALB’s security groups admits.',
    remedy: 'Switch the preservation of client addresses off, or admit the clients themselves.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'zone-without-target': {
    title: 'The NLB has a node in a zone without a target',
    why: 'With cross-zone balancing off, whoever reaches that node (by a fixed address, or an endpoint in that zone) finds nobody.',
    remedy: 'Enable cross-zone balancing for the group, or the zone on the ALB, or take the zone off the NLB.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'alb-closed-to-nlb': {
    title: 'The ALB’s security groups do not admit the NLB',
    why: 'Connections or health checks from the addresses that are not admitted time out.',
    remedy: 'Let lbbridge write the rules, from a schedule as well: a zone that the NLB gains brings a new address.',
    mends: 'lbbridge sg sync',
  },
  'rules-without-room': {
    title: 'The ALB’s security group has no room for the rules that are needed',
    why: '`lbbridge sg sync` is refused (S12), and the addresses that are not admitted cannot connect.',
    remedy: 'Reference the NLB’s security group, admit a block or a prefix list, or raise the quota (--max-rules).',
  },
  'nlb-egress-closed': {
    title: 'The NLB’s security group does not let it out to the ALB',
    why: 'Connections or health checks never leave the NLB.',
    remedy: 'Add an outbound rule for the targets’ port and the health check’s.',
    mends: 'aws ec2 authorize-security-group-egress',
  },
  'nlb-admits-nobody': {
    title: 'The NLB’s security group admits nobody on a listener’s port',
    why: 'No client gets in, whatever stands behind.',
    remedy: 'Add an inbound rule for the clients.',
  },
  'quota-exceeded': {
    title: 'There is no room for the ALB’s addresses',
    why: 'AWS refuses the registration (TooManyTargets), and a sync ends with 3 (S11).',
    remedy: 'Ask AWS for a higher quota, take other targets away, or switch cross-zone balancing off.',
  },
  'no-healthy-target': {
    title: 'No target is healthy',
    why: 'With no healthy target the NLB sends to all of them (it fails open), and drops the zones from its DNS name.',
    remedy: 'Look at the other findings: the listener, the health check and the security groups decide.',
  },
} as const satisfies Record<string, Known>;
