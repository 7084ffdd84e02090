import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { type Send, withRemedies } from './call.js';
import type { Bucket } from './ports.js';

/** An S3 bucket of the region. `send` makes one call and words its failure. */
export async function bucket(name: string, config: S3ClientConfig, region: string, send: Send): Promise<Bucket> {
  const sdk = await import('./stack-clients.js');
  // A path holds any bucket's name; a host name holds no dots under TLS, and no other endpoint knows it.
  const client = new sdk.S3Client({ ...config, forcePathStyle: true });

  // S3's own sentences do not name the bucket.
  const ask = <Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> =>
    withRemedies(send(action, call), (code) => remediesOf(code, name, region));

  return {
    async put(Key, text) {
      // Bytes, since a text would be searched for what the query protocol calls an action.
      const command = new sdk.PutObjectCommand({
        Bucket: name,
        Key,
        Body: Buffer.from(text),
        ContentType: 'text/plain',
      });
      await ask('s3:PutObject', () => client.send(command));
      const endpoint = typeof config.endpoint === 'string' ? { Endpoint: config.endpoint } : {};
      const place = { Region: region, Bucket: name, ForcePathStyle: true, ...endpoint };
      return `${client.config.endpointProvider(place).url.href.replace(/\/$/, '')}/${Key}`;
    },

    async remove(Key) {
      await ask('s3:DeleteObject', () => client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key })));
    },
  };
}

function remediesOf(code: string, name: string, region: string): string[] {
  switch (code) {
    case 'NoSuchBucket':
      return [`There is no bucket ${name}. Name one of ${region}: --bucket NAME`];
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraint':
      return [`The bucket ${name} is in another region. Name one of ${region}: --bucket NAME`];
    case 'AccessDenied':
      return [`You may not write to the bucket ${name}, below lbbridge/: its own policy and its key count too.`];
    default:
      return [];
  }
}
