// What is measured: one function for each table of docs/performance.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lines, nodeOf } from '../nodes.mjs';
import { albArn, description, groupArn, ROLE } from './answers.mjs';
import { pairs, peak, processorTime, run, scratch, scratchFile } from './measure.mjs';
import { environment, floor, lbbridge, onBridge, others, root, startStub } from './programs.mjs';
import { assumeRole, diffWaves, interfacesMatching, ipsWaves, metadataWaves } from './requests.mjs';

/** As src/aws/ports.ts says: half of AWS's bucket. The floor waits as lbbridge does. */
const PACE = { burst: 20, perSecond: 5 };

/** A folder with a lbbridge.yaml of so many bridges. */
function folderOf(bridges) {
  const folder = mkdtempSync(join(scratch, 'bridges-'));
  const list = Array.from(
    { length: bridges },
    (_, bridge) => `  web-${bridge}:\n    alb: ${albArn(bridge)}\n    targetGroup: ${groupArn(bridge)}\n`,
  );
  writeFileSync(join(folder, 'lbbridge.yaml'), `bridges:\n${list.join('')}`);
  return folder;
}

/** Each floor, with the everyday commands that are held against it. */
function everydayRows(stub, scheme) {
  const env = environment(stub, scheme);
  const bare = { name: 'node, an empty script', command: process.execPath, args: [scratchFile('', 'cjs')], env };
  return [
    [bare, [lbbridge('lbbridge --version', ['--version'], env)]],
    [floor(stub, scheme, ipsWaves()), [lbbridge('lbbridge ips', ['ips', albArn(0)], env)]],
    [
      floor(stub, scheme, diffWaves(1, PACE)),
      [
        lbbridge('lbbridge diff', ['diff', ...onBridge], env),
        lbbridge('lbbridge sync, nothing to do', ['sync', ...onBridge], env),
      ],
    ],
  ];
}

const EVERY = 'ELB app/*';
/** The floor of listing all interfaces, and the list. */
const listingRow = (stub, name) => [
  floor(stub, 'http', [[interfacesMatching([EVERY])]]),
  lbbridge(name, ['ips', '--description', EVERY, '--output', 'text'], environment(stub)),
];

/** What `--check` holds later runs against: name -> ratio of processor time. */
export async function processor({ runs }) {
  const stub = await startStub();
  const many = await startStub({ interfaces: 1000 });
  const [fetched, list] = listingRow(many, '1,000 interfaces');
  const ratios = {};
  for (const [base, candidates] of [...everydayRows(stub, 'http'), [fetched, [list]]]) {
    const [, ...measured] = await pairs(base, candidates, runs, { time: processorTime });
    for (const { name, ratio } of measured) ratios[name] = ratio;
  }
  for (const one of [stub, many]) one.stop();
  return ratios;
}

/** The everyday commands over one scheme, each against a floor of its own. */
export async function everyday({ scheme, runs, programs }) {
  const stub = await startStub();
  const tables = [];
  for (const [base, candidates] of everydayRows(stub, scheme)) tables.push(await pairs(base, candidates, runs));
  const env = environment(stub, scheme);
  const compared = [
    lbbridge('lbbridge diff', ['diff', ...onBridge], env),
    ...others(programs, env, description(0), groupArn(0)),
  ];
  tables.push(await pairs(floor(stub, scheme, diffWaves(1, PACE)), compared, Math.min(runs, 9)));
  stub.stop();
  const twenty = await startStub({ bridges: 20 });
  const sync = lbbridge('lbbridge sync, 20 bridges', ['sync'], environment(twenty, scheme), { cwd: folderOf(20) });
  tables.push(await pairs(floor(twenty, scheme, diffWaves(20, PACE)), [sync], Math.min(runs, 9)));
  twenty.stop();
  return tables;
}

/** A diff with credentials from each place. */
export async function credentials({ runs }) {
  const stub = await startStub();
  const diff = (name, args, more) => lbbridge(name, ['diff', ...onBridge, ...args], environment(stub, 'http', more));
  const noKeys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const file = scratchFile(
    '[bench]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    'ini',
  );
  const instance = {
    ...noKeys,
    AWS_EC2_METADATA_DISABLED: undefined,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: stub.http,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const reads = diffWaves(1, PACE);
  const rows = [
    [reads, diff('the environment', [], {})],
    [reads, diff('a profile', ['--profile', 'bench'], { ...noKeys, AWS_SHARED_CREDENTIALS_FILE: file })],
    [[[assumeRole], ...reads], diff('an assumed role', ['--role-arn', ROLE], {})],
    [[...metadataWaves, ...reads], diff('instance metadata', [], instance)],
  ];
  const tables = [];
  for (const [waves, candidate] of rows) tables.push(await pairs(floor(stub, 'http', waves), [candidate], runs));
  stub.stop();
  return tables;
}

/** Listing interfaces, over how many there are. */
export async function interfaces({ sizes, runs, programs }) {
  const rows = [];
  for (const size of sizes) {
    const stub = await startStub({ interfaces: size });
    const [fetched, list] = listingRow(stub, 'lbbridge ips');
    const measured = await pairs(fetched, [list], size > 1000 ? Math.min(runs, 9) : runs);
    const clients = others(programs, environment(stub), EVERY);
    measured.push(...(await pairs(fetched, clients, size > 100 ? 3 : 5, { warmUps: 1 })).slice(1));
    await stub.calls();
    const { mebibytes } = await peak(list);
    rows.push({
      size,
      measured,
      calls: total(await stub.calls()),
      mebibytes,
      floorMebibytes: (await peak(fetched)).mebibytes,
    });
    stub.stop();
  }
  return rows;
}

/** A sync without changes, over how many bridges there are. */
export async function bridges({ sizes, runs }) {
  const rows = [];
  for (const size of sizes) {
    const stub = await startStub({ bridges: size });
    const sync = lbbridge('lbbridge sync', ['sync', '--quiet'], environment(stub), { cwd: folderOf(size) });
    const fetched = floor(stub, 'http', diffWaves(size, PACE));
    if (size >= 1000) {
      // A pass over a thousand takes minutes, nearly all of them waiting for AWS's bucket: both wait at the same time.
      const [one, two] = await Promise.all([run(fetched), peak(sync)]);
      const single = (name, { milliseconds }) => ({
        name,
        runs: 1,
        milliseconds,
        ratio: milliseconds / one.milliseconds,
      });
      rows.push({
        size,
        measured: [single('floor', one), single(sync.name, two)],
        calls: halved(await stub.calls()),
        mebibytes: two.mebibytes,
      });
      stub.stop();
      continue;
    }
    const measured = await pairs(fetched, [sync], size >= 100 ? Math.min(runs, 3) : runs, { warmUps: 1 });
    await stub.calls();
    const { mebibytes } = await peak(sync);
    rows.push({ size, measured, calls: await stub.calls(), mebibytes });
    stub.stop();
  }
  return rows;
}

/** A diff on each release line of Node, against a floor on the same one. */
export async function nodes({ runs }) {
  const stub = await startStub();
  const tables = [];
  for (const line of lines) {
    const node = nodeOf(line);
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    const diff = lbbridge(version, ['diff', ...onBridge], environment(stub), { node });
    tables.push(await pairs(floor(stub, 'http', diffWaves(1, PACE), node), [diff], runs));
  }
  stub.stop();
  return tables;
}

/** What each trick of the build gains: the same diff by programs that were built without it. */
export async function tricks({ runs }) {
  const stub = await startStub();
  const env = environment(stub);
  const whole = lbbridge('as it is shipped', ['diff', ...onBridge], env);
  const variants = [
    lbbridge('without the compile cache', ['diff', ...onBridge], { ...env, XDG_CACHE_HOME: '/dev/null' }),
    ...['literal-keys', 'substitute', 'lazy-builtins', 'modules', 'minify'].map((trick) => ({
      ...whole,
      name: `without ${trick}`,
      args: [join(buildWithout(trick), 'bin', 'run.js'), ...whole.args.slice(1)],
    })),
  ];
  const measured = await pairs(floor(stub, 'http', diffWaves(1, PACE)), [whole, ...variants], runs);
  stub.stop();
  return measured;
}

function buildWithout(trick) {
  const folder = join(scratch, `without-${trick}`);
  mkdirSync(folder);
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--without', trick, '--to', folder]);
  return folder;
}

/** What npm would publish. */
export function packed() {
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ size, unpackedSize, files }] = JSON.parse(answer);
  return {
    size,
    unpackedSize,
    maps: files.filter(({ path }) => path.endsWith('.map')).reduce((sum, file) => sum + file.size, 0),
  };
}

/** Of two programs that asked the same. */
const halved = (calls) => Object.fromEntries(Object.entries(calls).map(([action, count]) => [action, count / 2]));

export const total = (calls) => Object.values(calls).reduce((sum, count) => sum + count, 0);
