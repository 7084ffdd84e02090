import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperationError, UsageError } from '../errors.js';

/**
 * The region to call, found where the AWS CLI looks: what was said, the environment, the profile's entry in the shared
 * configuration file. The file is read only when nothing else has told.
 * @throws OperationError where nothing tells, UsageError where what was said cannot be a region.
 */
export function resolveRegion(said: string | undefined, profile: string | undefined, env: NodeJS.ProcessEnv): string {
  // As in the AWS CLI, the environment comes before the profile.
  const region = said ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined) ?? regionOfProfile(profile, env);
  if (!region) {
    throw new OperationError('NoRegion', 'No AWS region is set.', [
      'Give --region, set AWS_REGION, or set a region in the profile: aws configure set region REGION',
    ]);
  }
  // The region becomes part of a host name: nothing else may get in there.
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UsageError('InvalidRegion', `${JSON.stringify(region)} is no AWS region.`, ['Write it like eu-west-1.']);
  }
  return region;
}

function regionOfProfile(profile: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const name = profile ?? env.AWS_PROFILE ?? env.AWS_DEFAULT_PROFILE ?? 'default';
  const file = env.AWS_CONFIG_FILE ?? join(env.HOME ?? homedir(), '.aws', 'config');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  let inside = false;
  for (const line of text.split('\n')) {
    const section = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line);
    if (section) inside = section[1] === name;
    const value = inside ? /^\s*region\s*=\s*(\S+)/.exec(line)?.[1] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}
