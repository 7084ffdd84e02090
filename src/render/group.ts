import type { PauseResult, ReleaseResult } from '../actions/outcome.js';

export const renderPause = ({ targetGroup: { name }, paused }: PauseResult): string => {
  if (paused === false) return `${name} is not paused.`;
  return `${name} is paused ${paused === true ? 'until resumed' : `until ${paused}`}.  To end it: lbbridge resume ${name}`;
};

export const renderRelease = ({ targetGroup: { name }, deregistered }: ReleaseResult): string =>
  [
    ...deregistered.map(({ ip, port, availabilityZone }) => `  - ${ip}:${port}  ${availabilityZone ?? ''}`.trimEnd()),
    `${name}: ${deregistered.length} ${deregistered.length === 1 ? 'target' : 'targets'} deregistered.`,
  ].join('\n');
