import { expect, test } from 'vitest';
import { failureOf } from '../../src/cli/failure.js';

test('a bug of ours carries a code that no service of AWS uses, and says how to report it', () => {
  const { status, report, stack } = failureOf(new TypeError('x is not a function'));
  expect(status).toBe(1);
  expect(report).toMatchObject({
    code: 'BugInLbbridge',
    message: 'This is a bug in lbbridge: x is not a function',
    suggestions: [expect.stringContaining('report it')],
  });
  expect(stack).toContain('failure.test.ts');
});
