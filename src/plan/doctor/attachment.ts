import type { Listener, ListenerAction, ListenerRule } from '../model.js';
import { count } from '../text.js';
import { awsOnGroupSide, type Command } from './command.js';
import type { DoctorFacts, NlbFacts } from './facts.js';
import type { Found } from './findings.js';

type Forward = Extract<ListenerAction, { type: 'forward' }>;

/** Where an NLB sends to the bridge's group: a listener's default action, or a rule of it. */
export interface Attachment {
  readonly nlb: NlbFacts;
  readonly listener: Listener;
  readonly rule: ListenerRule | null;
  readonly action: Forward;
  readonly weight: number;
}

export const attachmentsOf = (facts: Pick<DoctorFacts, 'nlbs' | 'sync'>): Attachment[] =>
  (facts.nlbs ?? []).flatMap((nlb) =>
    (nlb.listeners ?? []).flatMap((listener) => [
      ...forwards(listener.actions, facts).map((one) => ({ nlb, listener, rule: null, ...one })),
      ...(nlb.rules?.get(listener.arn) ?? [])
        .filter(({ priority }) => priority !== null)
        .flatMap((rule) => forwards(rule.actions, facts).map((one) => ({ nlb, listener, rule, ...one }))),
    ]),
  );

function forwards(
  actions: readonly ListenerAction[],
  { sync }: Pick<DoctorFacts, 'sync'>,
): Pick<Attachment, 'action' | 'weight'>[] {
  return actions.flatMap((action) => {
    if (action.type !== 'forward') return [];
    const ours = action.targetGroups.find(({ arn }) => arn === sync.targetGroup.arn);
    return ours ? [{ action, weight: ours.weight }] : [];
  });
}

/** Whether the group gets traffic at all, and by listeners that fit what it says to its targets. */
export function attachmentFindings(facts: DoctorFacts): Found[] {
  const { targetGroup, loadBalancer, port } = facts.sync;
  const { nlbs, albListeners } = facts;
  const out: Found[] = [];
  for (const { loadBalancer: nlb } of nlbs ?? []) {
    if (nlb.state === 'active' || nlb.state === 'active_impaired') continue;
    out.push({ id: 'nlb-not-active', message: `${nlb.name} is ${nlb.state ?? 'in no known state'}, not active.` });
  }
  const attachments = attachmentsOf(facts);
  if (targetGroup.loadBalancerArns.length === 0) out.push(unattached(facts));
  else if (attachments.length > 0 && attachments.every(({ weight }) => weight === 0))
    out.push(weightless(attachments, targetGroup.arn));

  const listener = albListeners?.find((one) => one.port === port);
  if (albListeners && !listener) {
    const ports = albListeners.map((one) => one.port).sort((a, b) => a - b);
    const others = ports.length > 0 ? `it listens on ${ports.join(', ')}` : 'it has no listener at all';
    out.push({
      id: 'no-alb-listener',
      message: `${loadBalancer.name} has no listener on port ${port}, which the targets have; ${others}.`,
    });
  }
  if (targetGroup.protocol === 'TLS' && listener?.protocol === 'HTTP') {
    out.push({
      id: 'tls-meets-http',
      message: `${targetGroup.name} speaks TLS to its targets, but port ${port} of ${loadBalancer.name} is plain HTTP.`,
    });
  }
  const plain = attachments.filter((one) => one.listener.protocol === 'TLS' && targetGroup.protocol === 'TCP');
  if (plain.length > 0 && listener?.protocol === 'HTTPS') {
    out.push({
      id: 'plain-meets-https',
      message: `The TLS listener on port ${plain.map((one) => one.listener.port).join(', ')} of ${plain[0]?.nlb.loadBalancer.name} ends TLS and sends plain text to port ${port} of ${loadBalancer.name}, which is HTTPS.`,
    });
  }
  return out;
}

function unattached({ nlbs, sync: { targetGroup } }: DoctorFacts): Found {
  const [nlb] = nlbs ?? [];
  const message = `No listener and no rule of a load balancer sends to ${targetGroup.name}.`;
  const isFree = nlb?.listeners?.every(({ port }) => port !== targetGroup.port);
  if (!nlb || !isFree || targetGroup.protocol !== 'TCP') return { id: 'not-attached', message };
  return {
    id: 'not-attached',
    message,
    command: awsOnGroupSide(
      'elbv2',
      'create-listener',
      '--load-balancer-arn',
      nlb.loadBalancer.arn,
      '--protocol',
      'TCP',
      '--port',
      String(targetGroup.port),
      '--default-actions',
      `Type=forward,TargetGroupArn=${targetGroup.arn}`,
    ),
  };
}

function weightless(attachments: readonly Attachment[], groupArn: string): Found {
  const places = attachments.map(({ nlb, listener, rule }) => {
    const listens = `port ${listener.port} of ${nlb.loadBalancer.name}`;
    return rule ? `rule ${rule.priority} on ${listens}` : listens;
  });
  return {
    id: 'weight-zero',
    message: `${count(attachments.length, 'action')} ${attachments.length === 1 ? 'sends' : 'send'} to the group, with weight 0: ${places.join(', ')}.`,
    command: withWeight(attachments[0] as Attachment, groupArn),
  };
}

/** The same action, our group's weight 1. */
function withWeight({ listener, rule, action }: Attachment, groupArn: string): Command {
  const TargetGroups = action.targetGroups.map(({ arn, weight }) => ({
    TargetGroupArn: arn,
    Weight: arn === groupArn ? 1 : weight,
  }));
  const actions = JSON.stringify([{ Type: 'forward', ForwardConfig: { TargetGroups } }]);
  return rule
    ? awsOnGroupSide('elbv2', 'modify-rule', '--rule-arn', rule.arn, '--actions', actions)
    : awsOnGroupSide('elbv2', 'modify-listener', '--listener-arn', listener.arn, '--default-actions', actions);
}
