import type { Access } from '../aws/ports.js';

/** How commands to paste are written. */

/** A line that a POSIX shell takes as exactly these words. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** The flags of an access as they are said on the command line. */
export const accessWords = (
  { region, profile, roleArn, externalId }: Access,
  endpointUrl: string | undefined,
): string[] =>
  Object.entries({
    region,
    profile,
    'role-arn': roleArn,
    'external-id': externalId,
    'endpoint-url': endpointUrl,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value]));

const shellWord = (word: string): string =>
  /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
