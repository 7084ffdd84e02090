import { describe, expect, test } from 'vitest';
import { compareAddresses, contains, parseAddress, parseBlock } from '../../src/plan/cidr.js';

const holds = (block: string, ip: string): boolean => {
  const parsed = parseBlock(block);
  return parsed !== null && contains(parsed, ip);
};

describe('blocks of addresses', () => {
  test.each([
    ['10.0.0.0/16', '10.0.255.255', true],
    ['10.0.0.0/16', '10.1.0.0', false],
    ['10.0.0.5/16', '10.0.9.9', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['10.0.0.0/31', '10.0.0.1', true],
    ['10.0.0.0/31', '10.0.0.2', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['2001:db8::/64', '2001:db8::ffff', true],
    ['::/0', '10.0.0.1', false],
    ['::ffff:10.0.0.1', '::ffff:a00:1', true],
    ['10.0.0.0/8', 'no address', false],
  ])('%s holds %s: %s', (block, ip, expected) => {
    expect(holds(block, ip)).toBe(expected);
  });

  test.each([
    '',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.-1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/1e1',
    '10.0.0.0/8/8',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::10.0.0.300',
    '::10.0.0.1:1',
    '::/129',
  ])('%j is none', (text) => {
    expect(parseBlock(text)).toBeNull();
  });

  test.each([
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n],
    ['::255.255.255.255', 0xffffffffn],
    ['ABCD::ef', (0xabcdn << 112n) | 0xefn],
  ])('%s is the number %s', (text, value) => {
    expect(parseAddress(text)?.value).toBe(value);
  });
});

describe('the order of addresses', () => {
  test('is that of numbers, IPv4 first, what is no address last', () => {
    const sorted = ['b', '::2', '10.0.0.10', 'a', '10.0.0.9', '::1', '9.0.0.0', 'a'].sort(compareAddresses);
    expect(sorted).toEqual(['9.0.0.0', '10.0.0.9', '10.0.0.10', '::1', '::2', 'a', 'a', 'b']);
    expect(compareAddresses('10.0.0.1', '10.0.0.1')).toBe(0);
    expect([compareAddresses('a', 'b'), compareAddresses('b', 'a'), compareAddresses('a', 'a')]).toEqual([-1, 1, 0]);
    expect(compareAddresses('::1', '::1')).toBe(0);
    expect(compareAddresses('::1', '10.0.0.1')).toBe(1);
    expect(compareAddresses('10.0.0.1', '::1')).toBe(-1);
    expect(compareAddresses('x', '10.0.0.1')).toBe(1);
    expect(compareAddresses('10.0.0.1', 'x')).toBe(-1);
  });
});
