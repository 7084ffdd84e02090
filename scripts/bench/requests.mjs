// The requests that each command has to make, for the floor: what is asked, and what has to wait for what.
import { albArn, description, groupArn, ROLE } from './answers.mjs';

const EC2 = '2016-11-15';
const ELB = '2015-12-01';
const ask = (Action, Version, more = {}) => ({ body: new URLSearchParams({ Action, Version, ...more }).toString() });
const numbered = (name, values) => Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
const chunks = (values, size) =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));

export const interfacesMatching = (patterns) =>
  ask('DescribeNetworkInterfaces', EC2, {
    'Filter.1.Name': 'description',
    ...numbered('Filter.1.Value', patterns),
    MaxResults: '1000',
  });
const balancers = (arns) => ask('DescribeLoadBalancers', ELB, numbered('LoadBalancerArns.member', arns));

/** `lbbridge ips ARN` */
export const ipsWaves = () => [[interfacesMatching([description(0)]), balancers([albArn(0)])]];

/**
 * A diff, or a sync that changes nothing: one wave. The reads of Elastic Load Balancing go out as lbbridge paces them.
 * @param pace \`{ burst, perSecond }\`
 */
export function diffWaves(bridges, pace) {
  const all = Array.from({ length: bridges }, (_, bridge) => bridge);
  const paced = [
    ...chunks(all.map(albArn), 20).map(balancers),
    ...chunks(all.map(groupArn), 20).map((arns) =>
      ask('DescribeTargetGroups', ELB, numbered('TargetGroupArns.member', arns)),
    ),
    ...chunks(all.map(groupArn), 20).map((arns) => ask('DescribeTags', ELB, numbered('ResourceArns.member', arns))),
    ...all.map((bridge) => ask('DescribeTargetHealth', ELB, { TargetGroupArn: groupArn(bridge) })),
  ].map((one, index) => ({ ...one, after: Math.max(0, ((index + 1 - pace.burst) / pace.perSecond) * 1000) }));
  return [[...chunks(all.map(description), 150).map(interfacesMatching), ...paced]];
}

export const assumeRole = ask('AssumeRole', '2011-06-15', { RoleArn: ROLE, RoleSessionName: 'lbbridge' });
/** What the instance metadata service is asked, one after the other. */
export const metadataWaves = [
  [{ method: 'PUT', path: '/latest/api/token' }],
  [{ method: 'GET', path: '/latest/meta-data/iam/security-credentials/' }],
  [{ method: 'GET', path: '/latest/meta-data/iam/security-credentials/bench' }],
];
