import type { Known } from './findings.js';

/** Findings that an expert would mention, although traffic flows. The rest is as with `errors`. */
export const warnings = {
  paused: {
    title: 'The target group is paused',
    why: 'Nothing waits now, but the next change of the ALB’s addresses will not be followed (S7).',
    remedy: 'End the pause, if its reason is past.',
    mends: 'lbbridge resume',
  },
  'targets-missing': {
    title: 'Some addresses of the ALB are not registered',
    why: 'They take no traffic from the NLB; the others take theirs. Nobody may be syncing.',
    remedy: 'Sync the bridge; see that it is synced by a schedule.',
    mends: 'lbbridge sync',
  },
  'targets-stale': {
    title: 'Some targets are no addresses of the ALB',
    why: 'AWS gives such an address to somebody else before long, who would then get this traffic.',
    remedy: 'Sync the bridge: each goes as soon as others serve in its place (S4). What is meant to stay: --keep.',
    mends: 'lbbridge sync',
  },
  untagged: {
    title: 'The target group does not say whose it is',
    why: 'Without its tag a later sync may take targets for foreign ones, and refuse to remove them (S5).',
    remedy: 'Sync the bridge, which writes the tag. Where another tool rewrites tags: `owned: true` in lbbridge.yaml.',
    mends: 'lbbridge sync',
  },
  'zone-differs': {
    title: 'A target is registered under another zone than its own',
    why: 'The NLB’s nodes choose targets by zone: this one gets the traffic of the wrong one.',
    remedy: 'Deregister it under the zone that it has, wait until it is gone, and sync.',
  },
  'health-check-misses-hosts': {
    title: 'Health checks never get behind the rules for host names',
    why: 'The Host header of an NLB’s check is the address of its node: a fixed answer passes, whatever the hosts do.',
    remedy: 'Give the path of the health check a rule of its own that forwards, ahead of the others.',
  },
  'unhealthy-targets': {
    title: 'Some targets are unhealthy',
    why: 'They take no traffic. An ALB node that AWS is about to take away looks like this for a few minutes.',
    remedy: 'Run again in some minutes; if it stays, compare the zones and subnets of the healthy ones with theirs.',
  },
  'client-ip-preserved': {
    title: 'Client addresses are preserved',
    why: 'Rules that list the NLB’s addresses then admit nobody, and a client behind the ALB cannot reach itself through the NLB (hairpinning).',
    remedy:
      'Switch it off, or admit the clients themselves at the ALB. The ALB’s X-Forwarded-For then has the NLB’s address.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'connections-outlive-targets': {
    title: 'Connections stay open after deregistration',
    why: 'A client that keeps its connection goes on sending to an address that the ALB has left, until the connection is idle for minutes.',
    remedy: 'Let the NLB end such connections when the deregistration delay is over.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'deregistration-delay-long': {
    title: 'The deregistration delay is longer than an address is sure to be the ALB’s',
    why: 'A stale address is noticed up to one schedule late and then drains this long; somebody else may have it by then.',
    remedy: 'Five minutes let every ordinary request end.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'deregistration-delay-short': {
    title: 'The deregistration delay is shorter than the time between two syncs',
    why: 'Requests under way are cut off, although an ALB node that leaves answers for minutes.',
    remedy: 'Five minutes let every ordinary request end.',
    mends: 'aws elbv2 modify-target-group-attributes',
  },
  'nlb-lacks-zone': {
    title: 'The ALB has addresses in a zone where the NLB has no node',
    why: 'With cross-zone balancing off, those targets are never used: the ALB’s nodes there stand idle.',
    remedy: 'Enable the zone on the NLB, or cross-zone balancing for the group.',
    mends: 'aws elbv2 set-subnets',
  },
  'zonal-shift': {
    title: 'A zonal shift is in force',
    why: 'Healthy targets get no traffic, and do not count as healthy where a removal waits for others (S4).',
    remedy: 'If it is over: `aws arc-zonal-shift list-zonal-shifts`, then `cancel-zonal-shift`.',
  },
  'rules-orphaned': {
    title: 'Rules of ours admit what the NLB no longer has or needs',
    why: 'AWS gives such an address to somebody else before long, whom the ALB then admits.',
    remedy: 'Let lbbridge take them away.',
    mends: 'lbbridge sg sync',
  },
  'private-link-enforced': {
    title: 'The NLB’s inbound rules hold for PrivateLink traffic too',
    why: 'A VPC Link’s or an endpoint’s traffic is judged by the consumer’s private addresses, which are hardly known; what no rule names is dropped.',
    remedy: 'Where a VPC Link or an endpoint service stands in front, switch the enforcement off; else leave it.',
    mends: 'aws elbv2 set-security-groups',
  },
  'quota-near': {
    title: 'There is hardly room for more addresses',
    why: 'When the ALB grows, or AWS replaces its nodes, more addresses stand side by side than there is room for.',
    remedy: 'Ask AWS for a higher quota before that.',
  },
  'alb-impaired': {
    title: 'The ALB is impaired',
    why: 'It serves, but AWS could not give it what it needs to grow, such as free addresses.',
    remedy: 'Make room in its subnets, or move it to larger ones.',
  },
  'subnet-nearly-full': {
    title: 'A subnet of the ALB has fewer than 8 free addresses',
    why: 'The ALB cannot grow there, and AWS cannot replace its nodes.',
    remedy: 'Free addresses, or move the ALB to a larger subnet of that zone.',
  },
  'terraform-tags': {
    title: 'Terraform manages the target group’s tags',
    why: 'Without the tag lbbridge:source the group is nobody’s again, and without lbbridge:paused a pause has ended.',
    remedy:
      'In the provider block: ignore_tags { key_prefixes = ["lbbridge:"] }. Or `owned: true` in lbbridge.yaml, which does without the tag.',
  },
  'terraform-rules': {
    title: 'Terraform manages the ALB’s security group',
    why: 'Inline ingress blocks of aws_security_group are the whole truth to Terraform: rules beside them are removed.',
    remedy:
      'Write rules as aws_vpc_security_group_ingress_rule, or let it be: lifecycle { ignore_changes = [ingress] }.',
  },
  'alb-internet-facing': {
    title: 'The ALB is internet-facing',
    why: 'An ALB behind an NLB seldom needs addresses of its own in the internet, by which the NLB can be passed by.',
    remedy: 'Use an internal ALB, if that was meant: the scheme of a load balancer cannot be changed.',
  },
  'may-not-authorize': {
    title: 'The caller may not add rules to the ALB’s security group',
    why: 'Rules there are lbbridge’s to write, but for this caller `lbbridge sg sync` would fail when the NLB gains an address.',
    remedy: 'Allow ec2:AuthorizeSecurityGroupIngress on the group, if lbbridge is to write its rules.',
  },
} as const satisfies Record<string, Known>;
