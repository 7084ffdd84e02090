import { UsageError } from '../errors.js';

/** The names by which the environment tells services apart. */
export type ServiceName =
  | 'ACM'
  | 'API_GATEWAY'
  | 'AUTO_SCALING'
  | 'CLOUDFORMATION'
  | 'CLOUDWATCH_LOGS'
  | 'EC2'
  | 'ELASTIC_LOAD_BALANCING_V2'
  | 'S3'
  | 'STS';

/**
 * The endpoint that was said, for all services or in the environment for one; undefined leaves it to the SDK, which
 * knows the profile's endpoints and those for FIPS and dual stack.
 * @throws UsageError where what was said is no URL
 */
export function endpointOf(service: ServiceName, said: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (said !== undefined) return checked(said, '--endpoint-url');
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  for (const name of [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL']) {
    const url = env[name];
    if (url) return checked(url, name);
  }
  return undefined;
}

function checked(url: string, origin: string): string {
  if (/^https?:\/\/./i.test(url) && URL.canParse(url)) return url;
  throw new UsageError('InvalidEndpoint', `${origin} is no URL: ${JSON.stringify(url)}.`, [
    'Write it like http://127.0.0.1:4566.',
  ]);
}
