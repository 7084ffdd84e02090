import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { events } from '../../src/sandbox/events.js';
import { typical, worst } from '../../src/sandbox/knobs.js';
import { scenarioNames } from '../../src/sandbox/scenarios/index.js';

const text = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');

describe('docs/sandbox.md', () => {
  test.each(Object.keys(typical))('describes the knob %s with its values', (name) => {
    const key = name as keyof typeof typical;
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.[2]).toBe(String(typical[key]));
    expect(cells?.[3]).toBe(worst[key] === typical[key] ? '' : String(worst[key]));
  });

  test.each(scenarioNames)('describes the scenario %s', (name) => {
    expect(text).toContain(`| \`${name}\` |`);
  });

  test.each(Object.keys(events))('describes the event %s', (name) => {
    expect(text).toContain(`\`${name}\``);
  });
});
