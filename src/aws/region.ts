import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperationError, UsageError } from '../errors.js';
import { REGION } from '../plan/model.js';
import { profileOf } from './credentials.js';

/**
 * The region to call, found where the AWS CLI looks: what was said, the environment, the profile's entry in the shared
 * configuration files. The files are read only when nothing else has told.
 * @throws OperationError where nothing tells, UsageError where what was said cannot be a region.
 */
export function resolveRegion(said: string | undefined, profile: string | undefined, env: NodeJS.ProcessEnv): string {
  // As in the AWS CLI, the environment comes before the profile.
  const region = said ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined) ?? regionOfProfile(profile, env);
  if (region === undefined) {
    throw new OperationError('NoRegion', 'No AWS region is set.', [
      'Give --region, set AWS_REGION, or set a region in the profile: aws configure set region REGION',
    ]);
  }
  if (!REGION.test(region)) {
    throw new UsageError('InvalidRegion', `${JSON.stringify(region)} is no AWS region.`, ['Write it like eu-west-1.']);
  }
  return region;
}

function regionOfProfile(profile: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const name = profileOf(profile, env) ?? 'default';
  const folder = join(env.HOME ?? homedir(), '.aws');
  const credentials = env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials');
  const config = env.AWS_CONFIG_FILE ?? join(folder, 'config');
  // What the credentials file says beats the configuration file, in the AWS CLI and in the SDK.
  return (
    regionIn(credentials, (section) => section === name) ??
    regionIn(config, (section) => section.replace(/^profile\s+/, '').replace(/^["'](.*)["']$/, '$1') === name)
  );
}

function regionIn(file: string, isAsked: (section: string) => boolean): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  let inside = false;
  let nests = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      inside = isAsked(section);
      nests = false;
      continue;
    }
    const [, indent, key, value] = /^(\s*)([\w-]+)\s*=\s*(\S*)/.exec(line) ?? [];
    // Indented lines under a key without a value belong to that key.
    if (!inside || key === undefined || (nests && indent)) continue;
    if (key === 'region' && value) return value;
    nests = value === '';
  }
  return undefined;
}
