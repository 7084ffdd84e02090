import { describe, expect, test } from 'vitest';
import { findings } from '../../src/plan/doctor/findings.js';
import { sandboxOf } from '../support/bridge.js';
import { advance } from '../support/changes.js';
import { cases, nameOfCase } from './cases.js';
import { run } from './commands.js';
import { examine, idsOf, onlyBridge, prepared } from './support.js';

describe('findings of doctor', () => {
  test('every finding has a case', () => {
    expect([...new Set(cases.map(({ id }) => id))].sort()).toEqual(Object.keys(findings).sort());
  });

  test('a sound bridge has none of them', async () => {
    const outcome = await examine(await sandboxOf({ scenario: 'sound' }));
    expect(onlyBridge(outcome).findings).toEqual([]);
    expect(outcome).toMatchObject({ status: 0, warnings: [] });
  });

  test.each(cases.map((one) => [nameOfCase(one), one] as const))(
    '%s is found, and nothing else',
    async (_name, one) => {
      const { sandbox, asked } = await prepared(one);
      const outcome = await examine(sandbox, asked);
      expect(outcome.error).toBeUndefined();
      expect(idsOf(outcome)).toEqual([one.id, ...(one.also ?? [])].sort());
      const found = onlyBridge(outcome).findings.find(({ id }) => id === one.id);
      expect(found?.severity).toBe(findings[one.id].severity);
      const mends = one.mends ?? findings[one.id].mends;
      expect(found?.command?.startsWith(`${mends} `) ?? mends).toBe(mends && true);
      for (const text of [found?.message, found?.why, found?.remedy]) expect(text).toMatch(/^\S.*[.]$/s);
    },
  );

  const mendable = cases.filter(({ id }) => findings[id].mends !== undefined);
  test.each(mendable.map((one) => [nameOfCase(one), one] as const))(
    '%s goes by its command alone',
    async (_name, one) => {
      const { sandbox, asked } = await prepared(one);
      const found = onlyBridge(await examine(sandbox, asked)).findings.find(({ id }) => id === one.id);
      await run(found?.command ?? '', sandbox);
      advance(sandbox, 10);
      expect(idsOf(await examine(sandbox, asked))).toEqual([...(one.also ?? []), ...(one.reveals ?? [])].sort());
    },
  );
});
