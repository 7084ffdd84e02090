import type { PauseResult, ReleaseResult } from '../actions/outcome.js';
import { portsOfRule, whoseRule } from './rules.js';

export const renderPause = ({ targetGroup: { name }, paused }: PauseResult): string => {
  if (paused === false) return `${name} is not paused.`;
  return `${name} is paused ${paused === true ? 'until resumed' : `until ${paused}`}.  To end it: lbbridge resume ${name}`;
};

export const renderRelease = (result: ReleaseResult): string =>
  [...lines(result), `${result.targetGroup.name}: ${sum(result, 'deregistered', 'revoked')}.`].join('\n');

/** What a release is going to take away, for whoever is asked. */
export const renderGoing = (going: ReleaseResult): string =>
  [`${going.targetGroup.name}: ${sum(going, 'to deregister', 'to revoke')}, and our tags.`, ...lines(going)].join('\n');

const lines = ({ deregistered, revoked }: ReleaseResult): string[] => [
  ...deregistered.map(({ ip, port, availabilityZone }) => `  - ${ip}:${port}  ${availabilityZone ?? ''}`.trimEnd()),
  ...revoked.map((rule) => `  - ${rule.ruleId}  ${whoseRule(rule)}  ${portsOfRule(rule)}`),
];

function sum({ deregistered, revoked }: ReleaseResult, targets: string, rules: string): string {
  const count = (list: readonly unknown[], word: string): string =>
    `${list.length} ${list.length === 1 ? word : `${word}s`}`;
  return [
    `${count(deregistered, 'target')} ${targets}`,
    ...(revoked.length > 0 ? [`${count(revoked, 'rule')} ${rules}`] : []),
  ].join(', ');
}
