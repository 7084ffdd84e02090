import { isIPv4, isIPv6 } from 'node:net';

/** Addresses and blocks, as the simulated AWS needs them. Written apart from the planner's, whose judge this is. */

/** A world holds a few hundred addresses and blocks, and asks for them at every health check. */
const parsed = new Map<string, { readonly first: number; readonly last: number }>();
const MOST_PARSED = 10_000;

/** An IPv4 block (or single address) as its first and last address. Throws where the text is none. */
export function parse(block: string): { readonly first: number; readonly last: number } {
  const known = parsed.get(block);
  if (known) return known;
  const made = parseAnew(block);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(block, made);
  return made;
}

function parseAnew(block: string): { first: number; last: number } {
  const [address = '', suffix = '32'] = block.split('/');
  if (!isIPv4(address) || !/^\d+$/.test(suffix) || Number(suffix) > 32) throw new Error(`${block} is no IPv4 block`);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(suffix));
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

export const format = (value: number): string =>
  [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');

/** Whether a block, IPv4 or IPv6, holds the address. */
export function contains(block: string, ip: string): boolean {
  if (block.includes(':') !== ip.includes(':')) return false;
  if (block.includes(':')) {
    const [base = '', suffix = '128'] = block.split('/');
    const shift = BigInt(128 - Number(suffix));
    return isIPv6(ip) && value6(base) >> shift === value6(ip) >> shift;
  }
  if (!isIPv4(ip)) return false;
  const { first, last } = parse(block);
  const { first: value } = parse(ip);
  return value >= first && value <= last;
}

/** The block in canonical spelling (`10.0.0.5/24` is `10.0.0.0/24`); null where the text is no block. */
export function canonical(block: string): string | null {
  const [address = '', suffix] = block.split('/');
  if (suffix === undefined || !/^\d{1,3}$/.test(suffix)) return null;
  if (isIPv4(address) && Number(suffix) <= 32) return `${format(parse(block).first)}/${suffix}`;
  if (isIPv6(address) && Number(suffix) <= 128) {
    const shift = BigInt(128 - Number(suffix));
    return `${format6((value6(address) >> shift) << shift)}/${suffix}`;
  }
  return null;
}

/** Whether an address lies in the ranges that NLB targets outside the VPC may have. */
export const isPrivate = (ip: string): boolean =>
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some((block) => contains(block, ip));

export const lastOf = (block: string): number => parse(block).last;

function value6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** An IPv6 address in its shortest spelling. */
export function format6(value: bigint): string {
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16));
  let start = 0;
  let length = 0;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (groups[to] === '0') to += 1;
    if (to - from > length) [start, length] = [from, to - from];
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
