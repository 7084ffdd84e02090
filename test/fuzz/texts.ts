import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@oclif/core/parser';
import fc from 'fast-check';
import { bridgeFlags, toBridgeFlags } from '../../src/cli/flags.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from '../../src/config/reference.js';
import { resolveBridges } from '../../src/config/resolve-bridges.js';
import {
  parseDuration,
  parseKeep,
  parseMinHealthy,
  parsePort,
  parseRegion,
  parseRoleArn,
  parseTagValue,
} from '../../src/config/values.js';
import { UsageError } from '../../src/errors.js';
import { renderError } from '../../src/render/messages.js';
import { safe } from '../../src/render/safe.js';
import { hostileText } from './hostile.js';
import { isFitForATerminal } from './judge.js';

/** Whatever somebody writes is understood, or refused as a mistake of theirs that can be shown. */
export async function understood(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    // What oclif's parser refuses is marked so.
    if (!(error instanceof UsageError) && !(error instanceof Error && ('parse' in error || 'oclif' in error)))
      throw error;
    const { message } = error;
    const code = error instanceof UsageError ? error.code : 'Usage';
    isFitForATerminal(renderError(safe({ code, message, suggestions: [] })));
  }
}

const readers: readonly ((text: string) => unknown)[] = [
  parseLoadBalancerReference,
  parseTargetGroupReference,
  parseDuration,
  parseKeep,
  parseMinHealthy,
  parsePort,
  parseRegion,
  parseRoleArn,
  (text) => parseTagValue('--reason', text),
];

export const values = fc.asyncProperty(fc.constantFrom(...readers), hostileText, (read, text) =>
  understood(() => read(text)),
);

const reference = fc.oneof(hostileText, fc.constantFrom('web', 'nlb-edge'));
const word = fc.oneof(
  fc.constantFrom(...Object.keys(bridgeFlags).map((name) => `--${name}`)),
  reference,
  fc.tuple(fc.constantFrom(...Object.keys(bridgeFlags)), hostileText).map(([name, value]) => `--${name}=${value}`),
);

export const commandLines = fc.asyncProperty(fc.array(word, { maxLength: 6 }), (words) =>
  understood(async () => {
    const argv = ['--alb', 'web', '--target-group', 'nlb-edge', ...words];
    const { flags } = await parse(argv, { flags: bridgeFlags, args: {}, strict: true } as never);
    await resolveBridges({ names: [], flags: toBridgeFlags(flags as never), cwd: '/', env: {}, home: '/' });
  }),
);

const path = join(mkdtempSync(join(tmpdir(), 'lbbridge-fuzz-')), 'lbbridge.yaml');

const key = fc.oneof(
  fc.constantFrom(
    'alb',
    'targetGroup',
    'port',
    'minHealthy',
    'keep',
    'owned',
    'region',
    'profile',
    'roleArn',
    'securityGroup',
  ),
  hostileText,
);
const value = fc.oneof(
  hostileText,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(hostileText, { maxLength: 3 }),
);
const bridge = fc.oneof(
  fc
    .record({ alb: reference, targetGroup: reference })
    .chain((ends) => fc.dictionary(key, value, { maxKeys: 4 }).map((more) => ({ ...ends, ...more }))),
  value,
);

/** Files of the right shape with wrong contents, and texts that are hardly YAML. */
const files = fc.oneof(
  fc
    .dictionary(fc.oneof(fc.constantFrom('edge', 'web'), hostileText), bridge, { maxKeys: 3 })
    .map((bridges) => JSON.stringify({ bridges })),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'bridges:',
          '\n',
          '  edge:',
          '    alb: web',
          '    targetGroup: tg',
          '&a',
          '*a',
          '<<: *a',
          '!!js/function',
          '- ',
          '? ',
          '| ',
          '"',
          '{',
          '[',
        ),
        hostileText,
      ),
      { maxLength: 12 },
    )
    .map((some) => some.join('\n')),
  hostileText,
);

export const configurations = fc.asyncProperty(files, async (text) => {
  writeFileSync(path, text);
  await understood(() => resolveBridges({ names: [], flags: {}, config: path, cwd: '/', env: {}, home: '/' }));
});
