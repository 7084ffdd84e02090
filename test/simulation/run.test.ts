import { expect, test } from 'vitest';
import { simulate } from './run.js';
import { others, usual } from './settings.js';
import { ours, rivals, type Strategy } from './strategies.js';

const [everyMinute] = ours as [Strategy];

test('the same seed tells the same history', async () => {
  const first = await simulate(everyMinute, usual, 5, 60);
  expect(await simulate(everyMinute, usual, 5, 60)).toEqual(first);
  expect(first.events).toBeGreaterThanOrEqual(60);
});

test('the history is the same whoever looks on', async () => {
  const ofOurs = await simulate(everyMinute, usual, 5, 60);
  const ofTheirs = await simulate(rivals[3] as Strategy, usual, 5, 60);
  expect([ofTheirs.events, Math.round(ofTheirs.days * 1000)]).toEqual([ofOurs.events, Math.round(ofOurs.days * 1000)]);
});

test.each([usual, ...others])('under lbbridge nobody is ever without service: $name', async (setting) => {
  const figures = await simulate(everyMinute, setting, 3, 60);
  expect(figures).toMatchObject({ downSeconds: 0, othersRemoved: 0 });
});
