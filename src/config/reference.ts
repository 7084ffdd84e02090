import { UsageError } from '../errors.js';
import { quoted } from './values.js';

/** What the user typed for a load balancer, taken apart. */
export type LoadBalancerReference =
  | {
      readonly kind: 'arn';
      readonly arn: string;
      readonly partition: string;
      readonly region: string;
      readonly accountId: string;
      readonly type: 'application' | 'network' | 'gateway';
      readonly name: string;
      /** `app/NAME/ID`, `net/NAME/ID` or `gwy/NAME/ID`. */
      readonly path: string;
    }
  | {
      readonly kind: 'dns';
      /** As AWS lists it, in lower case: without `dualstack.`, a zone's prefix or the final dot. */
      readonly dnsName: string;
      readonly region: string;
      /** The load balancer's name as the DNS name suggests it; null where it suggests none. */
      readonly candidateName: string | null;
    }
  | { readonly kind: 'name'; readonly name: string };

/** What the user typed for a target group, taken apart. */
export type TargetGroupReference =
  | {
      readonly kind: 'arn';
      readonly arn: string;
      readonly partition: string;
      readonly region: string;
      readonly accountId: string;
      readonly name: string;
    }
  | { readonly kind: 'name'; readonly name: string };

interface Kind {
  readonly code: string;
  readonly what: string;
  readonly example: string;
}

const loadBalancer: Kind = {
  code: 'InvalidLoadBalancer',
  what: 'load balancer',
  example: 'arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID',
};
const targetGroup: Kind = {
  code: 'InvalidTargetGroup',
  what: 'target group',
  example: 'arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID',
};

const types = { app: 'application', net: 'network', gwy: 'gateway' } as const;

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/;
const arnPattern =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc|aws-iso(?:-[a-z])?):elasticloadbalancing:([a-z]{2,}(?:-[a-z]+)+-\d+):(\d{12}):(.+)$/;
const idPattern = /^[0-9A-Za-z]+$/;

const zone = String.raw`(?:[a-z]{2,}(?:-[a-z]+)+-\d+(?:-[a-z]+-\d+)?[a-z]\.)?`;
const region = String.raw`([a-z]{2,}(?:-[a-z]+)+-\d+)`;
const suffix = String.raw`amazonaws\.(?:com(?:\.cn)?|eu)`;
const regionFirst = new RegExp(`^${zone}(?:dualstack\\.)?(([a-z0-9-]+)\\.${region}\\.elb\\.${suffix})$`, 'i');
const elbFirst = new RegExp(`^${zone}(?:dualstack\\.)?(([a-z0-9-]+)\\.elb\\.${region}\\.${suffix})$`, 'i');

/**
 * Takes a load balancer's name, ARN or DNS name apart.
 * @throws UsageError `InvalidLoadBalancer` for anything else: wildcards, URLs, ARNs of other things.
 */
export function parseLoadBalancerReference(text: string): LoadBalancerReference {
  refuseUnreadable(text, loadBalancer);
  if (text.startsWith('arn:')) return loadBalancerArn(text);
  const dns = parseDnsName(text);
  if (dns) return dns;
  if (namePattern.test(text)) return { kind: 'name', name: text };
  throw refusal(loadBalancer, text, 'is not the name, ARN or DNS name of a load balancer', [
    text.includes('.')
      ? "Give the DNS name that AWS lists, ending in .elb.amazonaws.com, or the load balancer's name or ARN."
      : nameRule,
  ]);
}

/**
 * Takes a target group's name or ARN apart.
 * @throws UsageError `InvalidTargetGroup` for anything else: wildcards, URLs, ARNs of other things.
 */
export function parseTargetGroupReference(text: string): TargetGroupReference {
  refuseUnreadable(text, targetGroup);
  if (!text.startsWith('arn:')) {
    if (namePattern.test(text)) return { kind: 'name', name: text };
    throw refusal(targetGroup, text, 'is not the name or ARN of a target group', [nameRule]);
  }
  const { partition, region, accountId, resource } = parseArn(text, targetGroup);
  const [kind, name = '', id = '', ...rest] = resource.split('/');
  if (kind !== 'targetgroup') throw otherKind(text, kind, targetGroup);
  if (!namePattern.test(name) || !idPattern.test(id) || rest.length > 0) throw malformed(text, targetGroup);
  return { kind: 'arn', arn: text, partition, region, accountId, name };
}

/** The ARN of an ALB taken apart; null of any other text: a tag holds whatever somebody wrote into it. */
export function parseAlbArn(text: string): Extract<LoadBalancerReference, { kind: 'arn' }> | null {
  try {
    const reference = parseLoadBalancerReference(text);
    return reference.kind === 'arn' && reference.type === 'application' ? reference : null;
  } catch {
    return null;
  }
}

function loadBalancerArn(text: string): LoadBalancerReference {
  const { partition, region, accountId, resource } = parseArn(text, loadBalancer);
  const [kind, type = '', name, id = '', ...rest] = resource.split('/');
  if (kind !== 'loadbalancer') throw otherKind(text, kind, loadBalancer);
  if (name === undefined && namePattern.test(type)) {
    throw refusal(loadBalancer, text, 'is the ARN of a classic load balancer', [
      `A classic load balancer is found only by its name: lbbridge ips ${type} --type classic`,
    ]);
  }
  if (!isType(type) || !namePattern.test(name ?? '') || !idPattern.test(id) || rest.length > 0) {
    throw malformed(text, loadBalancer);
  }
  const path = `${type}/${name}/${id}`;
  return { kind: 'arn', arn: text, partition, region, accountId, type: types[type], name: name ?? '', path };
}

const isType = (text: string): text is keyof typeof types => Object.hasOwn(types, text);

function parseArn(text: string, kind: Kind) {
  const [, partition = '', region = '', accountId = '', resource = ''] = arnPattern.exec(text) ?? [];
  if (resource) return { partition, region, accountId, resource };
  const service = text.split(':')[2];
  if (service && service !== 'elasticloadbalancing') {
    throw refusal(kind, text, `is an ARN of ${quoted(service)}, not of a ${kind.what}`, [`Give ${kind.example}`]);
  }
  throw malformed(text, kind);
}

function parseDnsName(text: string): LoadBalancerReference | null {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const [, dnsName = '', label = '', place = ''] = regionFirst.exec(name) ?? elbFirst.exec(name) ?? [];
  if (!dnsName) return null;
  // AWS appends digits to the name of an ALB or classic load balancer, sixteen hexadecimal digits to an NLB's.
  const [, candidate = ''] = /^(?:internal-)?(.+)-(?:\d+|[0-9a-f]{16})$/i.exec(label) ?? [];
  return {
    kind: 'dns',
    dnsName: dnsName.toLowerCase(),
    region: place.toLowerCase(),
    candidateName: namePattern.test(candidate) ? candidate : null,
  };
}

function refuseUnreadable(text: string, kind: Kind): void {
  if (text.trim() === '') throw refusal(kind, text, `names no ${kind.what}`, [`Give a name, or ${kind.example}`]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) {
    throw refusal(kind, text, 'contains control characters', [
      `Give the ${kind.what}'s name or ARN alone, on one line.`,
    ]);
  }
  if (/[*?]/.test(text)) {
    throw refusal(kind, text, `is a pattern; exactly one ${kind.what} must be named`, [
      `Give the ${kind.what}'s full name or its ARN; only \`lbbridge ips --description\` takes patterns.`,
    ]);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const host = text.replace(/^[^:]*:\/\//, '').replace(/[:/].*$/, '');
    throw refusal(kind, text, `is a URL, not a ${kind.what}`, [
      kind === loadBalancer && host ? `Give the DNS name alone: ${host}` : `Give the ${kind.what}'s name or ARN.`,
    ]);
  }
}

const otherResources = new Map([
  ['loadbalancer', 'load balancer'],
  ['targetgroup', 'target group'],
  ['listener', 'listener'],
  ['listener-rule', 'listener rule'],
  ['truststore', 'trust store'],
]);

function otherKind(text: string, found: string | undefined, wanted: Kind): UsageError {
  const what = otherResources.get(found ?? '');
  if (!what) return malformed(text, wanted);
  return refusal(wanted, text, `is the ARN of a ${what}, not of a ${wanted.what}`, [`Give ${wanted.example}`]);
}

const malformed = (text: string, kind: Kind): UsageError =>
  refusal(kind, text, `is not the ARN of a ${kind.what}`, [`It looks like this: ${kind.example}`]);

const refusal = (kind: Kind, text: string, why: string, suggestions: readonly string[]): UsageError =>
  new UsageError(kind.code, `${quoted(text)} ${why}.`, suggestions);

const nameRule = 'A name has 1 to 32 letters, digits and hyphens, and neither begins nor ends with a hyphen.';
