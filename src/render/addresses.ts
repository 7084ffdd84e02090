import Table from 'cli-table3';
import type { AddressesResult } from '../actions/outcome.js';

/** As a table for people; look-alikes that were ignored stand below it. */
export function renderTable({ source, addresses, ignored }: AddressesResult): string {
  const table = new Table({
    head: ['ADDRESS', 'ZONE', 'SUBNET', 'INTERFACE', 'PUBLIC', 'STATUS'],
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const { ip, availabilityZone, subnetId, networkInterfaceId, publicIp, status, primary } of addresses) {
    const role = primary || ip.includes(':') ? status : `${status}, secondary`;
    table.push([ip, availabilityZone, subnetId, networkInterfaceId, publicIp ?? '-', role]);
  }
  const title = source && `${source.name} (${source.type}${source.state ? `, ${source.state}` : ''})`;
  const body = addresses.length > 0 ? trimLines(table.toString()) : 'No addresses.';
  const notes = ignored.map(({ networkInterfaceId, ip, reason }) => `  ${ip ?? '-'}  ${networkInterfaceId}  ${reason}`);
  return [
    ...(title ? [title] : []),
    body,
    ...(notes.length > 0 ? ['', 'Ignored, though the description looks the same:', ...notes] : []),
  ].join('\n');
}

/** RFC 4180, with a header line. */
export function renderCsv({ addresses }: AddressesResult): string {
  const columns = [
    'ip',
    'family',
    'availabilityZone',
    'subnetId',
    'vpcId',
    'networkInterfaceId',
    'publicIp',
    'status',
    'primary',
  ] as const;
  const lines = addresses.map((address) => columns.map((column) => quoted(String(address[column] ?? ''))).join(','));
  return [columns.join(','), ...lines].join('\r\n');
}

/** One address a line, for pipes. */
export const renderText = ({ addresses }: AddressesResult): string => addresses.map(({ ip }) => ip).join('\n');

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const trimLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

const borderless = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);
