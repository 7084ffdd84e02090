import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveRegion } from '../../src/aws/region.js';

const folder = mkdtempSync(join(tmpdir(), 'lbbridge-region-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = join(folder, 'config');
const credentials = join(folder, 'credentials');
writeFileSync(
  config,
  `# region = eu-north-1
[default]
output = json
region = eu-west-1

[profile prod]
s3 =
  region = eu-south-2
  max_concurrent_requests = 20
region=eu-west-2   # trailing words

[profile "with blanks"]
region = eu-west-3

[sso-session prod2]
region = ap-south-1

[profile none]
output = text

[profile both]
region = sa-east-1

[profile indented]
  output = json
  region = ca-central-1
`,
);
writeFileSync(credentials, '[both]\r\nregion = us-west-2\r\naws_access_key_id = AKIAEXAMPLE\r\n');
const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };

describe('resolveRegion', () => {
  it.each<[string, string | undefined, string | undefined, NodeJS.ProcessEnv, string]>([
    ['what was said', 'us-east-1', 'prod', { AWS_REGION: 'us-east-2' }, 'us-east-1'],
    ['AWS_REGION', undefined, 'prod', { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-east-2'],
    ['AWS_DEFAULT_REGION', undefined, 'prod', { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-1'],
    ['the default profile', undefined, undefined, {}, 'eu-west-1'],
    ['the profile that was said', undefined, 'prod', {}, 'eu-west-2'],
    ['the profile of the environment', undefined, undefined, { AWS_PROFILE: 'prod' }, 'eu-west-2'],
    ['the same by its older name', undefined, undefined, { AWS_DEFAULT_PROFILE: 'prod' }, 'eu-west-2'],
    ['a profile in quotes', undefined, 'with blanks', {}, 'eu-west-3'],
    ['the credentials file first', undefined, 'both', {}, 'us-west-2'],
    ['a section that is indented as a whole', undefined, 'indented', {}, 'ca-central-1'],
  ])('takes %s', (_, said, profile, more, region) => {
    expect(resolveRegion(said, profile, { ...env, ...more })).toBe(region);
  });

  it('finds the files in the home folder', () => {
    expect(() => resolveRegion(undefined, undefined, { HOME: join(folder, 'nowhere') })).toThrow('No AWS region');
  });

  it.each(['none', 'prod2', 'nobody'])('says what to do where the profile %s tells none', (profile) => {
    expect(() => resolveRegion(undefined, profile, env)).toThrow(
      expect.objectContaining({ code: 'NoRegion', suggestions: [expect.stringContaining('AWS_REGION')] }),
    );
  });

  it.each(['us-gov-west-1', 'us-isob-east-1', 'cn-north-1', 'eusc-de-east-1', 'mx-central-1'])('knows %s', (region) => {
    expect(resolveRegion(region, undefined, {})).toBe(region);
  });

  it.each(['', 'us-east', 'us_east_1', 'us-east-1.evil.example', 'us-east-1/', 'US-EAST-1', 'us-east-1\n'])(
    'refuses %j, which becomes part of a host name',
    (region) => {
      expect(() => resolveRegion(region, undefined, {})).toThrow(expect.objectContaining({ code: 'InvalidRegion' }));
    },
  );
});
