import { expect, test } from 'vitest';
import {
  parseDuration,
  parseKeep,
  parseMinHealthy,
  parsePort,
  parseRegion,
  parseRoleArn,
  quoted,
} from '../../src/config/values.js';
import { usageError } from './failure.js';

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['90', 90_000],
  ['0', 0],
])('the duration %s is %d ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  ['3', { targets: 3 }],
  [1, { targets: 1 }],
  ['1%', { percent: 1 }],
  ['100%', { percent: 100 }],
])('min-healthy %s is %j', (text, expected) => {
  expect(parseMinHealthy(text)).toEqual(expected);
});

test.each([
  ['1', 1],
  [443, 443],
  ['65535', 65_535],
])('the port %s is %d', (text, expected) => {
  expect(parsePort(text)).toBe(expected);
});

test.each([
  ['10.0.9.9', '10.0.9.9'],
  [' 10.0.9.0/24 ', '10.0.9.0/24'],
  ['fd00::/8', 'fd00::/8'],
])('the address %j is kept as %s', (text, expected) => {
  expect(parseKeep(text)).toBe(expected);
});

test.each(['eu-west-1', 'us-gov-west-1'])('%s is a region', (text) => {
  expect(parseRegion(text)).toBe(text);
});

test('a role is named by its ARN', () => {
  const role = 'arn:aws-cn:iam::111122223333:role/path/My_Role';
  expect(parseRoleArn(role)).toBe(role);
});

const duration = ['', '5 m', '1.5h', '-1', '5d', '1h30m', '5M', '٣', '9'.repeat(20)];
const minHealthy = ['', '0', '0%', '101%', '50 %', '-1', '1.5', 'half', 1.5, 0];
const port = ['', '0', '65536', '443a', '-1', '4e2', '0443', 80.5];
const keep = ['', '10.0.0', '10.0.0.0/33', '10.0.0.256', 'fd00::/129', 'host'];
const region = ['', 'mars', '5', 'EU-WEST-1', 'eu west', 'eu-west-1.evil.com', '-eu', 'a'.repeat(64)];
const role = ['', 'role', 'arn:aws:iam::1:role/x', 'arn:aws:iam::111122223333:user/x'];

test.each([
  ...duration.map((text) => ['InvalidDuration', text, () => parseDuration(text)] as const),
  ...minHealthy.map((text) => ['InvalidMinHealthy', text, () => parseMinHealthy(text)] as const),
  ...port.map((text) => ['InvalidPort', text, () => parsePort(text)] as const),
  ...keep.map((text) => ['InvalidKeep', text, () => parseKeep(text)] as const),
  ...region.map((text) => ['InvalidRegion', text, () => parseRegion(text)] as const),
  ...role.map((text) => ['InvalidRoleArn', text, () => parseRoleArn(text)] as const),
])('%s names the wrong value %j and a remedy', async (code, text, call) => {
  const error = await usageError(call);
  expect(error.code).toBe(code);
  expect(error.message).toContain(JSON.stringify(String(text)));
  expect(error.suggestions).not.toEqual([]);
});

test('what is quoted stays on its line, harmless and short', () => {
  expect(quoted('a"b\n\u001b\u009b\u202e')).toBe('"a\\"b\\n\\u001b\\u009b\\u202e"');
  expect(quoted('x'.repeat(500))).toHaveLength(203);
});
