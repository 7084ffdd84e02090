import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../state.js';
import type { World } from '../world.js';
import { expiredToken, unknownKey, unsigned, wrongSignature } from './errors.js';
import type { Service } from './xml.js';

/** What a Signature Version 4 `Authorization` header says. */
export interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

export interface HttpRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export function scopeOf(authorization: string | undefined): Scope | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      authorization ?? '',
    );
  if (!match) return null;
  const [, accessKeyId, date, region, service, signedHeaders, signature] = match as unknown as string[];
  return {
    accessKeyId: accessKeyId as string,
    date: date as string,
    region: region as string,
    service: service as string,
    signedHeaders: (signedHeaders as string).split(';'),
    signature: signature as string,
  };
}

/** Who sent the request. Throws the service's own error where that cannot be told. */
export function authenticate(
  world: World,
  service: Service,
  scope: Scope | null,
  request: HttpRequest,
  now: number,
): Principal {
  if (!scope) {
    if (world.knobs['auth.allowUnsigned']) return anybody(world);
    throw unsigned(service);
  }
  const credential = world.credentials.get(scope.accessKeyId);
  if (!credential) {
    if (world.knobs['auth.acceptUnknownKeys']) return anybody(world);
    throw unknownKey(service);
  }
  if (credential.sessionToken !== undefined && request.headers['x-amz-security-token'] !== credential.sessionToken) {
    throw unknownKey(service);
  }
  if (credential.expiresAt !== undefined && credential.expiresAt <= now) throw expiredToken(service);
  if (world.knobs['auth.verifySignature'] && !isSigned(scope, request, credential.secretAccessKey)) {
    throw wrongSignature(service);
  }
  return credential.principal;
}

/** Who asks without a signature, where that is allowed: the first account's user. */
export function anybody(world: World): Principal {
  const [first] = world.credentials.values();
  if (!first) throw new Error('the world has no account');
  return first.principal;
}

/** Signature Version 4, as the AWS General Reference spells it out. The signing date is never compared with a clock. */
function isSigned(scope: Scope, request: HttpRequest, secret: string): boolean {
  const header = (name: string): string => {
    const value = request.headers[name];
    return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/ +/g, ' ');
  };
  const canonicalQuery = [...new URLSearchParams(request.query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [
    request.method,
    request.path,
    canonicalQuery,
    ...scope.signedHeaders.map((name) => `${name}:${header(name)}`),
    '',
    scope.signedHeaders.join(';'),
    header('x-amz-content-sha256') || sha256(request.body),
  ].join('\n');
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', header('x-amz-date'), credentialScope, sha256(canonical)].join('\n');
  const key = [scope.date, scope.region, scope.service, 'aws4_request'].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${secret}`),
  );
  return hmac(key, text).toString('hex') === scope.signature;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
