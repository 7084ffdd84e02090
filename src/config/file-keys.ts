import { UsageError } from '../errors.js';
import type { MinHealthy } from '../plan/health.js';
import type { SecurityGroupSettings } from './bridge.js';
import { parseLoadBalancerReference, parseTargetGroupReference } from './reference.js';
import { closest } from './suggest.js';
import {
  parseKeep,
  parseMaxRules,
  parseMinHealthy,
  parsePort,
  parseRegion,
  parseRoleArn,
  parseSecurityGroupId,
  quoted,
} from './values.js';
import type { Entry, YamlSource } from './yaml-source.js';

/** The keys of a bridge in `lbbridge.yaml`, checked, references as they stand in the file. */
export interface BridgeKeys {
  readonly alb: string;
  readonly targetGroup: string;
  readonly port?: number;
  readonly minHealthy?: MinHealthy;
  readonly prune?: 'owned' | 'none';
  readonly keep?: readonly string[];
  readonly owned?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly albRegion?: string;
  readonly albProfile?: string;
  readonly albRoleArn?: string;
  readonly albExternalId?: string;
  readonly securityGroup?: SecurityGroupSettings;
}

/** Reads one value; throws a UsageError `ConfigInvalid` with its line. */
type Read<T> = (yaml: YamlSource, entry: Entry) => T;
type Table<T> = { readonly [Key in keyof T]-?: Read<Exclude<T[Key], undefined>> };

/** What lifts a safety rule is said for one run, by whoever starts it, and is never left lying in a file. */
const commandLineOnly: Readonly<Record<string, string>> = {
  allowEmpty: '--allow-empty',
  adopt: '--adopt',
  adoptFrom: '--adopt-from',
  confirm: '--confirm',
  yes: '--yes',
  force: '--force',
};

/** Text that `check` accepts; the UsageError that it throws gets the line. */
const checked =
  <T>(check: (text: string) => T): Read<T> =>
  (yaml, entry) => {
    const text = yaml.text(entry, entry.key);
    try {
      return check(text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw yaml.fail(entry, `${entry.key}: ${error.message}`, error.suggestions);
    }
  };

const text: Read<string> = checked((value) => {
  if (/^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u.test(value)) return value;
  throw new UsageError('ConfigInvalid', `${quoted(value)} is empty or has control characters.`);
});

const boolean: Read<boolean> = (yaml, entry) => yaml.boolean(entry, entry.key);

const list =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (yaml, entry) =>
    yaml.items(entry).map((item) => read(yaml, item));

const oneOf = <T extends string>(...allowed: readonly T[]): Read<T> =>
  checked((value) => {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    throw new UsageError('ConfigInvalid', `${quoted(value)} is none of ${allowed.join(', ')}.`);
  });

const reference = (parse: (value: string) => unknown): Read<string> =>
  checked((value) => {
    parse(value);
    return value;
  });

const prune: Read<'owned' | 'none'> = (yaml, entry) => {
  if (yaml.text(entry, entry.key) !== 'all') return oneOf('owned', 'none')(yaml, entry);
  throw onTheCommandLine(yaml, entry, 'prune: all', '--prune all');
};

const securityGroupKeys: Table<SecurityGroupSettings> = {
  nlb: reference(parseLoadBalancerReference),
  id: checked(parseSecurityGroupId),
  ports: list(checked(parsePort)),
  source: oneOf('auto', 'ips', 'security-group'),
  maxRules: checked(parseMaxRules),
};

const bridgeKeys: Table<BridgeKeys> = {
  alb: reference(parseLoadBalancerReference),
  targetGroup: reference(parseTargetGroupReference),
  port: checked(parsePort),
  minHealthy: checked(parseMinHealthy),
  prune,
  keep: list(checked(parseKeep)),
  owned: boolean,
  region: checked(parseRegion),
  profile: text,
  roleArn: checked(parseRoleArn),
  externalId: text,
  albRegion: checked(parseRegion),
  albProfile: text,
  albRoleArn: checked(parseRoleArn),
  albExternalId: text,
  securityGroup: (yaml, entry) => readKeys(yaml, entry, 'securityGroup', securityGroupKeys),
};

/**
 * Reads the keys of one bridge.
 * @throws UsageError `ConfigInvalid` with file and line for an unknown or missing key or a wrong value.
 */
export function readBridgeKeys(yaml: YamlSource, entry: Entry): BridgeKeys {
  const what = `bridge ${quoted(entry.key)}`;
  const { alb, targetGroup, ...others } = readKeys(yaml, entry, what, bridgeKeys);
  if (alb !== undefined && targetGroup !== undefined) return { alb, targetGroup, ...others };
  const missing = alb === undefined ? 'alb' : 'targetGroup';
  throw yaml.fail(entry, `The ${what} lacks the key ${missing}.`, [`Add ${missing}: NAME or ARN.`], 'key');
}

/** The refusal of a key that no mapping of that kind has, with the keys that may have been meant. */
export function unknownKey(yaml: YamlSource, entry: Entry, what: string, known: readonly string[]): UsageError {
  const near = closest(entry.key, known);
  return yaml.fail(
    entry,
    `${quoted(entry.key)} is not a key of ${what}.`,
    [near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Its keys are ${known.join(', ')}.`],
    'key',
  );
}

function readKeys<T>(yaml: YamlSource, of: Entry, what: string, table: Table<T>): Partial<T> {
  const out: Partial<T> = {};
  for (const entry of yaml.entries(of, what)) {
    if (isKey(table, entry.key)) {
      out[entry.key] = table[entry.key](yaml, entry);
      continue;
    }
    const flag = Object.hasOwn(commandLineOnly, entry.key) ? commandLineOnly[entry.key] : undefined;
    if (flag) throw onTheCommandLine(yaml, entry, entry.key, flag);
    throw unknownKey(yaml, entry, what, Object.keys(table));
  }
  return out;
}

const isKey = <T>(table: Table<T>, key: PropertyKey): key is keyof T => Object.hasOwn(table, key);

function onTheCommandLine(yaml: YamlSource, entry: Entry, what: string, flag: string): UsageError {
  const message = `${what} lifts a safety rule: it stands on the command line, not in a file.`;
  return yaml.fail(entry, message, [`Remove it here, and give ${flag} for the one run that needs it.`], 'key');
}
