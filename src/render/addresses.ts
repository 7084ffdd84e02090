import type { AddressesResult } from '../actions/outcome.js';
import { csv, table } from './grid.js';

/** As a table for people; look-alikes that were ignored stand below it. */
export function renderTable({ source, addresses, ignored }: AddressesResult): string {
  const rows = addresses.map(({ ip, availabilityZone, subnetId, networkInterfaceId, publicIp, status, primary }) => {
    const role = primary || ip.includes(':') ? status : `${status}, secondary`;
    return [ip, availabilityZone, subnetId, networkInterfaceId, publicIp ?? '-', role];
  });
  const title = source && `${source.name} (${source.type}${source.state ? `, ${source.state}` : ''})`;
  const head = ['ADDRESS', 'ZONE', 'SUBNET', 'INTERFACE', 'PUBLIC', 'STATUS'];
  const body = rows.length > 0 ? table(head, rows) : 'No addresses.';
  const notes = ignored.map(({ networkInterfaceId, ip, reason }) => `  ${ip ?? '-'}  ${networkInterfaceId}  ${reason}`);
  return [
    ...(title ? [title] : []),
    body,
    ...(notes.length > 0 ? ['', 'Ignored, though the description looks the same:', ...notes] : []),
  ].join('\n');
}

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
  return csv(
    columns,
    addresses.map((address) => columns.map((column) => String(address[column] ?? ''))),
  );
}

/** One address a line, for pipes. */
export const renderText = ({ addresses }: AddressesResult): string => addresses.map(({ ip }) => ip).join('\n');
