import { describe, expect, test } from 'vitest';
import type { FaultRule } from '../../src/sandbox/wire/faults.js';
import { bridgeOf, onBridge, registered, sandboxOf, writes } from '../support/bridge.js';

const reads = [
  'DescribeLoadBalancers',
  'DescribeNetworkInterfaces',
  'DescribeTargetGroups',
  'DescribeTargetHealth',
  'DescribeTags',
];

const faults: [string, Omit<FaultRule, 'action'>, string][] = [
  ['an empty body', { kind: 'emptyBody' }, 'InvalidResponse'],
  ['a body that is cut off', { kind: 'truncate' }, 'InvalidResponse'],
  ['a page of somebody else', { kind: 'wrongXml' }, 'InvalidResponse'],
  ['an error of the server', { kind: 'http500' }, 'InternalError|InternalFailure'],
  ['access denied', { kind: 'accessDenied' }, 'AccessDenied|UnauthorizedOperation'],
  ['expired credentials', { kind: 'expiredToken' }, 'ExpiredToken|RequestExpired'],
  ['a reset connection', { kind: 'reset' }, 'NetworkError'],
];

describe('S1: unreadable is not empty', () => {
  for (const [what, fault, code] of faults) {
    test(`${what} on any read ends with 1 and changes nothing`, async () => {
      const sandbox = await sandboxOf({ scenario: 'synced' });
      const before = registered(sandbox);
      for (const action of reads) {
        sandbox.faults.clear();
        sandbox.faults.add({ ...fault, action });
        const { status, document } = await onBridge(sandbox, 'sync', ['--allow-empty']);
        expect([action, status]).toEqual([action, 1]);
        expect(document.error.code).toMatch(new RegExp(`^(${code})$`));
        expect(document.error.message).toContain(action);
        expect(bridgeOf(document).error.code).toBe(document.error.code);
      }
      expect(writes(sandbox)).toEqual([]);
      expect(registered(sandbox)).toEqual(before);
    });
  }

  test('throttled for good ends with 1, throttled for a moment is only slower', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    sandbox.faults.add({ kind: 'throttle', action: 'DescribeTargetHealth' });
    const stopped = await onBridge(sandbox, 'sync');
    expect(stopped.status).toBe(1);
    expect(stopped.document.error.code).toBe('Throttling');
    sandbox.faults.clear();
    sandbox.faults.add({ kind: 'throttle', action: 'DescribeTargetHealth', count: 1 });
    const passed = await onBridge(sandbox, 'sync');
    expect(passed.status).toBe(0);
  });

  test('every page is read, short and empty ones too', async () => {
    const sandbox = await sandboxOf({ scenario: 'large', knobs: { 'page.style': 'sparse' } });
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(0);
    expect(registered(sandbox)).toHaveLength(6);
    const pages = sandbox.journal.entries.filter(({ action }) => action === 'DescribeNetworkInterfaces');
    expect(pages.length).toBeGreaterThanOrEqual(4);
  });

  test('an error on the second page is no answer, however much the first one held', async () => {
    const sandbox = await sandboxOf({ scenario: 'large', knobs: { 'page.style': 'sparse' } });
    sandbox.faults.add({ kind: 'accessDenied', action: 'DescribeNetworkInterfaces', after: 1 });
    const { status } = await onBridge(sandbox, 'sync');
    expect(status).toBe(1);
    expect(writes(sandbox)).toEqual([]);
  });
});
