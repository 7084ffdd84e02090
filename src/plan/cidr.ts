import type { Family } from './model.js';

/** A block of addresses of one family: every address whose first `prefix` bits equal those of `base`. */
export interface Block {
  readonly family: Family;
  readonly base: bigint;
  readonly prefix: number;
}

const bits = { ipv4: 32, ipv6: 128 } as const;

/** Parses `10.0.0.0/16`, `fd00::/8`, or a single address (a block of one). Null where the text is neither. */
export function parseBlock(text: string): Block | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return null;
  const width = bits[address.family];
  const suffix = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(suffix)) return null;
  const prefix = Number(suffix);
  if (prefix > width) return null;
  return { family: address.family, base: leading(address.value, width, prefix), prefix };
}

/** Whether the block holds the address; false for an address that is none, or of the other family. */
export function contains(block: Block, ip: string): boolean {
  const address = parseAddress(ip);
  if (!address || address.family !== block.family) return false;
  return leading(address.value, bits[block.family], block.prefix) === block.base;
}

/** An address as a number; null where the text is no IPv4 or IPv6 address. */
export function parseAddress(text: string): { readonly family: Family; readonly value: bigint } | null {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { family: text.includes(':') ? 'ipv6' : 'ipv4', value };
}

/** Order by number, so that 10.0.0.9 stands before 10.0.0.10, IPv4 before IPv6; what is no address stands last. */
export function compareAddresses(a: string, b: string): number {
  // Nearly all are IPv4, and lists of thousands are sorted.
  const difference = ipv4Number(a) - ipv4Number(b);
  if (!Number.isNaN(difference)) return difference;
  const left = parseAddress(a);
  const right = parseAddress(b);
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  if (left.family !== right.family) return left.family === 'ipv4' ? -1 : 1;
  return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
}

function leading(value: bigint, width: number, prefix: number): bigint {
  const host = BigInt(width - prefix);
  return (value >> host) << host;
}

function parseIpv4(text: string): bigint | null {
  const value = ipv4Number(text);
  return Number.isNaN(value) ? null : BigInt(value);
}

/** NaN where the text is no IPv4 address. */
function ipv4Number(text: string): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit === DOT && digits > 0) {
      value = value * 256 + part;
      part = digits = 0;
      parts += 1;
    } else if (digit >= 0 && digit <= 9 && (digits === 0 || part > 0)) {
      part = part * 10 + digit;
      digits += 1;
      if (part > 255) return Number.NaN;
    } else return Number.NaN;
  }
  return parts === 4 && digits > 0 ? value * 256 + part : Number.NaN;
}

const ZERO = 0x30;
const DOT = 0x2e - ZERO;

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groups(halves[0] as string);
  const tail = halves.length === 2 ? groups(halves[1] as string) : [];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<bigint>(halves.length === 2 ? missing : 0).fill(0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups between colons; a dotted IPv4 tail counts as two. */
function groups(text: string): bigint[] | null {
  if (text === '') return [];
  const out: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes('.')) {
      const embedded = parseIpv4(part);
      if (embedded === null) return null;
      out.push(embedded >> 16n, embedded & 0xffffn);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return null;
      out.push(BigInt(`0x${part}`));
    }
  }
  return out;
}
