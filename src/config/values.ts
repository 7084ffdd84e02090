import { UsageError } from '../errors.js';
import { parseBlock } from '../plan/cidr.js';
import type { MinHealthy } from '../plan/health.js';
import { REGION } from '../plan/model.js';

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds of `30s`, `5m`, `1h` or plain seconds.
 * @throws UsageError `InvalidDuration`.
 */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+)([smh]?)$/.exec(text) ?? [];
  const milliseconds = Number(digits) * units[(unit || 's') as keyof typeof units];
  if (Number.isSafeInteger(milliseconds)) return milliseconds;
  throw new UsageError('InvalidDuration', `${quoted(text)} is not a duration.`, [
    'Give a whole number with s, m or h, or plain seconds: 30s, 5m, 1h, 90.',
  ]);
}

/**
 * `{targets}` of `3`, `{percent}` of `50%`.
 * @throws UsageError `InvalidMinHealthy` unless it is a whole number from 1, or from 1% to 100%.
 */
export function parseMinHealthy(value: string | number): MinHealthy {
  const [, digits, percent] = /^(\d+)(%?)$/.exec(String(value)) ?? [];
  const number = Number(digits);
  if (number >= 1 && Number.isSafeInteger(number)) {
    if (!percent) return { targets: number };
    if (number <= 100) return { percent: number };
  }
  throw new UsageError('InvalidMinHealthy', `${quoted(String(value))} is not a number or share of healthy targets.`, [
    'Give a whole number from 1, or a share from 1% to 100%: 3, 50%.',
  ]);
}

/**
 * A port, 1 to 65535.
 * @throws UsageError `InvalidPort`.
 */
export function parsePort(value: string | number): number {
  const text = String(value);
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError('InvalidPort', `${quoted(text)} is not a port.`, ['Give a whole number from 1 to 65535.']);
}

/**
 * An address or CIDR block to be kept, as typed but for spaces around it.
 * @throws UsageError `InvalidKeep`.
 */
export function parseKeep(text: string): string {
  const trimmed = text.trim();
  if (parseBlock(trimmed)) return trimmed;
  throw new UsageError('InvalidKeep', `${quoted(text)} is neither an address nor a CIDR block.`, [
    'Give an IPv4 or IPv6 address or block: 10.0.9.9, 10.0.9.0/24, fd00::/8.',
  ]);
}

/**
 * A region's name. Whether AWS has such a region only AWS knows; what could not be part of a host name is refused.
 * @throws UsageError `InvalidRegion`.
 */
export function parseRegion(text: string): string {
  if (REGION.test(text)) return text;
  throw new UsageError('InvalidRegion', `${quoted(text)} is not a region.`, ['Give its code: eu-west-1.']);
}

/**
 * The ARN of an IAM role.
 * @throws UsageError `InvalidRoleArn`.
 */
export function parseRoleArn(text: string): string {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)) return text;
  throw new UsageError('InvalidRoleArn', `${quoted(text)} is not the ARN of an IAM role.`, [
    'It looks like this: arn:aws:iam::111122223333:role/NAME',
  ]);
}

/**
 * The id of a security group.
 * @throws UsageError `InvalidSecurityGroup`.
 */
export function parseSecurityGroupId(text: string): string {
  if (/^sg-[0-9a-zA-Z]+$/.test(text)) return text;
  throw new UsageError('InvalidSecurityGroup', `${quoted(text)} is not the id of a security group.`, [
    'It looks like this: sg-0a1b2c3d4e5f60718',
  ]);
}

/**
 * A quota of rules in a security group.
 * @throws UsageError `InvalidMaxRules` unless it is a whole number from 1 to 1000, which is as far as AWS goes.
 */
export function parseMaxRules(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1000) return Number(text);
  throw new UsageError('InvalidMaxRules', `${quoted(text)} is not a number of rules.`, [
    'Give a whole number from 1 to 1000: the quota of inbound rules in a security group.',
  ]);
}

/** What the user typed, fit for one line of a message: in quotes, control characters escaped, shortened if very long. */
export function quoted(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a tag can hold of a text: signs that no tag takes become `_`, and what is too long is cut off. */
export const asTagValue = (text: string): string => text.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, '_').slice(0, 256);

/**
 * A text that AWS takes as a tag's value: letters, digits, spaces and a few signs, up to 256.
 * @throws UsageError `InvalidTagValue`.
 */
export function parseTagValue(flag: string, text: string): string {
  if (/^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u.test(text)) return text;
  throw new UsageError('InvalidTagValue', `${flag} ${quoted(text)} cannot be kept in a tag.`, [
    'Use up to 256 letters, digits, spaces and _ . : / = + - @',
  ]);
}

/**
 * The name of a stack.
 * @throws UsageError `InvalidStackName`.
 */
export function parseStackName(text: string): string {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(text)) return text;
  throw new UsageError('InvalidStackName', `${quoted(text)} is not the name of a stack.`, [
    'Use up to 128 letters, digits and hyphens, a letter first.',
  ]);
}

/**
 * The name of an S3 bucket.
 * @throws UsageError `InvalidBucket`.
 */
export function parseBucketName(text: string): string {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.endsWith('--x-s3')) return text;
  throw new UsageError('InvalidBucket', `${quoted(text)} is not the name of an S3 bucket.`, [
    'Give its bare name, without s3:// and without a path: 3 to 63 lower-case letters, digits, hyphens and dots. CloudFormation reads no directory buckets (--x-s3).',
  ]);
}
