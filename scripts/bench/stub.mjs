// The benchmark's AWS: canned answers on loopback, over HTTP and HTTPS, and an instance metadata service. A process of
// its own, started with {"bridges", "interfaces"}; it says where it is, keeps count of the calls, and ends with its
// standard input. Every answer is made once: what is measured is the client.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { answersFor, temporary } from './answers.mjs';
import { loopbackCertificate } from './certificate.mjs';

const answer = answersFor(JSON.parse(process.argv[2]));
const made = new Map();
let calls = {};

function respond(request, body) {
  if (request.url === '/calls') {
    const counted = JSON.stringify(calls);
    calls = {};
    return counted;
  }
  if (request.url.startsWith('/latest/')) return metadata(request.url);
  const params = new URLSearchParams(body);
  const action = params.get('Action');
  calls[action] = (calls[action] ?? 0) + 1;
  if (!made.has(body)) made.set(body, Buffer.from(answer(params) ?? ''));
  return made.get(body);
}

function metadata(path) {
  if (path.endsWith('/api/token')) return 'a-token';
  if (path.endsWith('/security-credentials/')) return 'bench';
  const { SessionToken: Token, ...keys } = temporary;
  return JSON.stringify({ Code: 'Success', LastUpdated: '2026-01-02T03:04:05Z', Type: 'AWS-HMAC', ...keys, Token });
}

function serve(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const content = respond(request, Buffer.concat(chunks).toString());
    response.writeHead(content.length === 0 ? 400 : 200, {
      'content-type': 'text/xml;charset=UTF-8',
      'content-length': Buffer.byteLength(content),
      'x-amzn-requestid': '11111111-2222-4333-8444-555555555555',
    });
    response.end(content);
  });
}

const { key, certificate } = loopbackCertificate();
const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
const [http, https] = await Promise.all([
  listening(createServer(serve)),
  listening(createTlsServer({ key, cert: certificate }, serve)),
]);
process.stdout.write(
  `${JSON.stringify({ http: `http://127.0.0.1:${http}`, https: `https://127.0.0.1:${https}`, certificate })}\n`,
);
process.stdin.resume().on('end', () => process.exit(0));
