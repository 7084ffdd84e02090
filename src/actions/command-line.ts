import type { Access } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import type { BridgeCommand, Command } from '../plan/doctor/command.js';

/** How the user named the bridge, so that a command can name it again. */
export interface Naming {
  /** Arguments and flags with which a command of lbbridge is about the bridge. */
  readonly again: (bridge: Bridge, command: BridgeCommand) => readonly string[];
  readonly endpointUrl?: string | undefined;
}

/** A command with all its arguments, ready to be pasted into a POSIX shell. */
export function commandLine(command: Command, bridge: Bridge, targetGroupArn: string, naming: Naming): string {
  const endpoint = flag('--endpoint-url', naming.endpointUrl);
  switch (command.tool) {
    case 'aws': {
      const { region, profile } = accessOf(command, bridge);
      return line(['aws', ...command.words, ...flag('--region', region), ...flag('--profile', profile), ...endpoint]);
    }
    case 'bridge':
      return line(['lbbridge', ...command.name.split(' '), ...naming.again(bridge, command.name), ...command.flags]);
    case 'group':
      return line(['lbbridge', ...command.words, targetGroupArn, ...accessFlags(bridge.access), ...endpoint]);
  }
}

/** The role that a command of the AWS CLI has to be run as, since no flag of it says so. */
export const roleOf = (command: Command, bridge: Bridge): string | undefined =>
  command.tool === 'aws' ? accessOf(command, bridge).roleArn : undefined;

const accessOf = ({ side }: { readonly side: 'group' | 'alb' }, { access, albAccess }: Bridge): Access =>
  side === 'group' ? access : albAccess;

const accessFlags = ({ region, profile, roleArn, externalId }: Access): string[] => [
  ...flag('--region', region),
  ...flag('--profile', profile),
  ...flag('--role-arn', roleArn),
  ...flag('--external-id', externalId),
];

const flag = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);

const line = (words: readonly string[]): string => words.map(quoted).join(' ');

/** A word as a POSIX shell takes it literally. */
const quoted = (word: string): string => (/^[\w/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
