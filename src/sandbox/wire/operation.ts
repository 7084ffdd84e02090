import type { Account, Principal, RegionState } from '../state.js';
import type { World } from '../world.js';
import type { Params } from './params.js';

/** One authenticated request, as an operation sees it. */
export interface Call {
  world: World;
  region: RegionState;
  account: Account;
  principal: Principal;
  params: Params;
}

/** An XML element's content: undefined leaves the element out, an empty string makes it self-closing. */
export type Xml = string | number | boolean | undefined | List | { [element: string]: Xml };

/** A list: `<item>` elements in EC2, `<member>` elements in the query protocol; the service's renderer knows which. */
export class List {
  constructor(readonly values: readonly Xml[]) {}
}

/** Answers a call with the members of its result, or throws an AwsError. */
export type Operation = (call: Call) => { [element: string]: Xml };

/** The operations of one service. */
export interface ServiceTable {
  readonly version: string;
  readonly operations: Record<string, Operation>;
  /** Of a REST protocol: `METHOD /path` -> operation. */
  readonly routes?: Readonly<Record<string, string>>;
  /** Operations that need no signature: whoever asks shows a token instead. */
  readonly unsigned?: readonly string[];
  /** Top-level parameters of each operation, where the service refuses those it does not know. */
  readonly parameters?: Record<string, readonly string[]>;
}

/** An error as AWS would answer it. */
export class AwsError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
