import { expect, test } from 'vitest';
import { closest } from '../../src/config/suggest.js';

test.each([
  ['a slip of one letter', 'edeg', ['edge', 'core'], ['edge']],
  ['a missing letter', 'taretGroup', ['alb', 'targetGroup', 'port'], ['targetGroup']],
  ['another case', 'TARGETGROUP', ['targetGroup'], ['targetGroup']],
  ['a beginning', 'edg', ['nlb', 'edge-production-eu'], ['edge-production-eu']],
  ['the nearest first', 'web-1', ['web-22', 'web-1a', 'web-1'], ['web-1', 'web-1a']],
  ['at most three', 'web1', ['web5', 'web4', 'web3', 'web2'], ['web2', 'web3', 'web4']],
  ['each once', 'edge', ['edgy', 'edgy'], ['edgy']],
  ['nothing that is far off', 'edge', ['database', 'mail'], []],
  ['nothing for nothing', '', ['edge'], []],
  ['nothing among none', 'edge', [], []],
])('%s is suggested', (_, word, candidates, expected) => {
  expect(closest(word, candidates)).toEqual(expected);
});

test('the order of the candidates makes no difference', () => {
  const candidates = ['web2', 'web3', 'web4'];
  expect(closest('web1', candidates)).toEqual(closest('web1', candidates.toReversed()));
});
