import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../src/plan/addresses.js';
import type { Address } from '../../src/plan/model.js';
import { compareZones } from '../../src/plan/zones.js';
import { facts, node } from './support.js';

const address = (zone: string, zoneId: string | null): Address =>
  addressesOf(node('10.0.0.1', zone, { zoneId }))[0] as Address;

describe('zones in one account', () => {
  test('are compared by name', () => {
    const zones = compareZones(facts(), [], false);
    expect(zones.isEnabled('us-east-1a')).toBe(true);
    expect(zones.isEnabled('us-east-1c')).toBe(false);
    expect(zones.holds('us-east-1a', address('a', null))).toBe(true);
    expect(zones.holds('us-east-1b', address('a', null))).toBe(false);
    expect(zones.localName(address('a', null))).toBe('us-east-1a');
  });
});

describe('zones of two accounts', () => {
  // Theirs: a = az1, b = az2. Ours: c = az1, a = az3.
  const theirs = [address('a', 'az1'), address('b', 'az2')];
  const zoneIds = new Map([
    ['us-east-1c', 'az1'],
    ['us-east-1a', 'az3'],
  ]);
  const zones = compareZones(facts({ zoneIds }), theirs, true);

  test('are compared by id: our a is not their a', () => {
    expect(zones.isEnabled('us-east-1c')).toBe(true);
    expect(zones.isEnabled('us-east-1a')).toBe(false);
    expect(zones.holds('us-east-1c', theirs[0] as Address)).toBe(true);
    expect(zones.holds('us-east-1a', theirs[0] as Address)).toBe(false);
    expect(zones.localName(theirs[0] as Address)).toBe('us-east-1c');
  });

  test('what cannot be matched cannot be told', () => {
    expect(zones.isEnabled('us-east-1z')).toBeNull();
    expect(zones.holds('us-east-1z', theirs[0] as Address)).toBeNull();
    expect(zones.holds('us-east-1c', address('a', null))).toBeNull();
    expect(zones.localName(address('a', null))).toBeNull();
    expect(zones.localName(theirs[1] as Address)).toBeNull();
    const blind = compareZones(facts({ zoneIds }), [theirs[0] as Address], true);
    expect(blind.isEnabled('us-east-1c')).toBe(true);
    expect(blind.isEnabled('us-east-1a')).toBeNull();
    expect(compareZones(facts(), theirs, true).isEnabled('us-east-1c')).toBeNull();
  });
});
