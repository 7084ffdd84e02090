import type { Access } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import type { BridgeCommand, Command } from '../plan/doctor/command.js';
import { accessWords, shellLine } from './shell.js';

/** How the user named the bridge, so that a command can name it again. */
export interface Naming {
  /** Arguments and flags with which a command of lbbridge is about the bridge. */
  readonly again: (bridge: Bridge, command: BridgeCommand) => readonly string[];
  readonly endpointUrl?: string | undefined;
}

/** A command with all its arguments, ready to be pasted into a POSIX shell. */
export function commandLine(command: Command, bridge: Bridge, targetGroupArn: string, naming: Naming): string {
  const { endpointUrl } = naming;
  switch (command.tool) {
    case 'aws': {
      const { region, profile } = accessOf(command, bridge);
      return shellLine(['aws', ...command.words, ...accessWords({ region, profile }, endpointUrl)]);
    }
    case 'bridge':
      return shellLine([
        'lbbridge',
        ...command.name.split(' '),
        ...naming.again(bridge, command.name),
        ...command.flags,
      ]);
    case 'group':
      return shellLine(['lbbridge', ...command.words, targetGroupArn, ...accessWords(bridge.access, endpointUrl)]);
  }
}

/** The role that a command of the AWS CLI has to be run as, since no flag of it says so. */
export const roleOf = (command: Command, bridge: Bridge): string | undefined =>
  command.tool === 'aws' ? accessOf(command, bridge).roleArn : undefined;

const accessOf = ({ side }: { readonly side: 'group' | 'alb' }, { access, albAccess }: Bridge): Access =>
  side === 'group' ? access : albAccess;
