/**
 * One command that mends a finding, as words; whoever shows it adds region, profile and quotes. `aws` is told on which
 * side of the bridge it is to run, since the load balancer may belong to another account.
 */
export type Command =
  | { readonly tool: 'aws'; readonly side: 'group' | 'alb'; readonly words: readonly string[] }
  /** A command of lbbridge about the bridge, with the bridge's own flags and these. */
  | { readonly tool: 'bridge'; readonly name: BridgeCommand; readonly flags: readonly string[] }
  /** `lbbridge resume` or another command that takes a target group. */
  | { readonly tool: 'group'; readonly words: readonly string[] };

export type BridgeCommand = 'sync' | 'sg sync';

export const awsOnGroupSide = (...words: string[]): Command => ({ tool: 'aws', side: 'group', words });

export const awsOnAlbSide = (...words: string[]): Command => ({ tool: 'aws', side: 'alb', words });

export const sync = (...flags: string[]): Command => ({ tool: 'bridge', name: 'sync', flags });

export const syncRules = (...flags: string[]): Command => ({ tool: 'bridge', name: 'sg sync', flags });

export const resume: Command = { tool: 'group', words: ['resume'] };
