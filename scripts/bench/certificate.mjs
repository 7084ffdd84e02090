// A certificate for 127.0.0.1 and aws.example that signs itself, made anew for every run, so that no key has to lie in the repository.
// Node can sign but has no way to write a certificate: the few lines of DER (ITU-T X.690, RFC 5280) stand here.
import { generateKeyPairSync, sign } from 'node:crypto';

const node = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts) => node(0x30, ...parts);
const integer = (...bytes) => node(0x02, Buffer.from(bytes));
const bits = (content) => node(0x03, Buffer.from([0]), content);
const octets = (content) => node(0x04, content);
const time = (date) =>
  node(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
const explicit = (number, ...parts) => node(0xa0 + number, ...parts);

/** Object identifiers, as their bytes. */
const oid = {
  commonName: [0x55, 0x04, 0x03],
  basicConstraints: [0x55, 0x1d, 0x13],
  subjectAltName: [0x55, 0x1d, 0x11],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
};
const identifier = (name) => node(0x06, Buffer.from(oid[name]));

/** @returns {{ key: string, certificate: string }} PEM, good for a day */
export function loopbackCertificate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(node(0x31, sequence(identifier('commonName'), node(0x0c, Buffer.from('127.0.0.1')))));
  const now = Date.now();
  const extension = (id, value) => sequence(identifier(id), octets(value));
  const body = sequence(
    explicit(0, integer(2)),
    integer(1),
    sequence(identifier('ecdsaWithSha256')),
    name,
    sequence(time(new Date(now - 3_600_000)), time(new Date(now + 86_400_000))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(
      3,
      sequence(
        extension('basicConstraints', sequence(node(0x01, Buffer.from([0xff])))),
        extension(
          'subjectAltName',
          sequence(node(0x87, Buffer.from([127, 0, 0, 1])), node(0x82, Buffer.from('aws.example'))),
        ),
      ),
    ),
  );
  const signed = sequence(body, sequence(identifier('ecdsaWithSha256')), bits(sign('sha256', body, privateKey)));
  const lines = signed
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
