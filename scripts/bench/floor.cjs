// The floor: a bare Node script that makes the same requests in the same order of waiting, and reads every answer to its
// end. It signs nothing, parses nothing and decides nothing; no program on Node can be faster.
const { readFileSync } = require('node:fs');

const { url, ca, waves } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { Agent, request } = require(url.startsWith('https') ? 'node:https' : 'node:http');
const agent = new Agent({ keepAlive: true, maxSockets: 20, ...(ca ? { ca } : {}) });

const exchange = ({ method = 'POST', path = '/', body = '' }) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
    request(url + path, { method, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });

/** Every page: the only thing that has to be found in an answer is where the next one begins. */
async function all(one) {
  for (let page = one; page; ) {
    const answer = await exchange(page);
    const tail = answer.toString('latin1', Math.max(0, answer.length - 300));
    const token = /<nextToken>([^<]+)<\/nextToken>/.exec(tail)?.[1];
    page = token && { ...one, body: `${one.body}&NextToken=${token}` };
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

(async () => {
  for (const wave of waves) {
    await Promise.all(
      wave.map(async (one) => {
        if (one.after) await pause(one.after);
        await all(one);
      }),
    );
  }
  agent.destroy();
})();
