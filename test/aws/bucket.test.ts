import { HttpResponse } from '@smithy/core/protocols';
import { expect, it } from 'vitest';
import { bucket } from '../../src/aws/bucket.js';

/** Where an object is put, and where CloudFormation is told that it is; nothing is sent. */
async function placed(name: string, region: string): Promise<[string, string]> {
  let sent = '';
  const requestHandler = {
    handle: async ({ protocol, hostname, path }: { protocol: string; hostname: string; path: string }) => {
      sent = `${protocol}//${hostname}${path}`;
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: new Uint8Array() }) };
    },
  };
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const one = await bucket(name, { region, credentials, requestHandler }, region, (_, call) => call());
  return [await one.put('lbbridge/edge/1.template', '{}'), sent];
}

it.each([
  ['my-templates', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com/my-templates/lbbridge/edge/1.template'],
  ['my.templates', 'us-east-1', 'https://s3.us-east-1.amazonaws.com/my.templates/lbbridge/edge/1.template'],
  ['my-templates', 'cn-north-1', 'https://s3.cn-north-1.amazonaws.com.cn/my-templates/lbbridge/edge/1.template'],
])('a template in %s of %s lies at %s', async (name, region, url) => {
  const [told, sent] = await placed(name, region);
  expect(told).toBe(url);
  expect(sent.split('?')[0]).toBe(url);
});
