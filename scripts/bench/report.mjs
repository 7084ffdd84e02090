// Words and tables of docs/performance.md, from what one run of the benchmark has measured.
import { total } from './sections.mjs';

const ms = (milliseconds) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
const times = (ratio) => `${ratio.toFixed(2)}x`;
const mib = (mebibytes) => `${Math.round(mebibytes)} MiB`;
const percent = (share) => `${Math.round(share * 100)} %`;
const kib = (bytes) => `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const candidates = (tables) => tables.flatMap(([floor, ...rest]) => rest.map((one) => ({ ...one, floor })));
const find = (tables, name) => candidates(tables).find((one) => one.name === name);

/** Ratios of rows that were measured in one table: how many times faster the first is. */
function faster(tables, slow, fast) {
  const rows = tables.find((one) => one.some(({ name }) => name === slow));
  const of = (wanted) => rows.find(({ name }) => name === wanted).ratio;
  return of(slow) / of(fast);
}

function goals({ everyday, interfaces, bridges, fleet }) {
  const { http, https } = everyday;
  const many = interfaces.find(({ size }) => size === 10_000);
  const hundred = bridges.find(({ size }) => size === 100);
  const met = (is) => (is ? 'met' : '**not met**');
  const row = (goal, value, limit, is, shown) => [goal, limit, shown(value), met(is)];
  const diff = find(http, 'lbbridge diff').ratio;
  const secure = find(https, 'lbbridge diff').ratio;
  const cli = faster(http, 'AWS CLI, both at once', 'lbbridge diff');
  const boto3 = faster(http, 'boto3', 'lbbridge diff');
  return table(
    ['goal', 'at', 'measured', ''],
    [
      row('`diff` over HTTP, of the floor', diff, 'at most 2.0x', diff <= 2, times),
      row('the same, stretch', diff, 'at most 1.5x', diff <= 1.5, times),
      row('`diff` over HTTPS, of the floor', secure, 'at most 1.5x', secure <= 1.5, times),
      row('`diff`, faster than the AWS CLI with both reads at once', cli, 'at least 10x', cli >= 10, times),
      row('`diff`, faster than boto3', boto3, 'at least 5x', boto3 >= 5, times),
      row(
        '10,000 interfaces, of fetching the pages',
        many.measured[1].ratio,
        'at most 3x',
        many.measured[1].ratio <= 3,
        times,
      ),
      row('10,000 interfaces, memory', many.mebibytes, 'under 120 MiB', many.mebibytes < 120, mib),
      row(
        '100 bridges, of the slowest chain of calls',
        hundred.measured[1].ratio,
        'under 2x',
        hundred.measured[1].ratio < 2,
        times,
      ),
      ...(fleet
        ? [row("1,000 bridges, share of AWS's bucket", fleet.share, 'at most half', fleet.share <= 0.5, percent)]
        : []),
    ],
  );
}

/** Why lbbridge cannot be ten times as fast as the AWS CLI, where it is not. */
function tenTimes(tables) {
  const cli = find(tables, 'AWS CLI, both at once');
  if (faster(tables, cli.name, 'lbbridge diff') >= 10) return '';
  const version = find(tables, 'lbbridge --version');
  return `
Both reads at once take the AWS CLI ${ms(cli.milliseconds)}. A tenth of that is ${ms(cli.milliseconds / 10)}, and the floor, Node with the same five requests and
nothing else, takes ${ms(cli.floor.milliseconds)} beside it. What is left is less than lbbridge takes merely to start: \`--version\` takes
${ms(version.milliseconds - version.floor.milliseconds)} longer than Node by itself.
`;
}

const comparison = (tables) =>
  table(
    ['', 'median', 'its floor', 'ratio', 'pairs'],
    candidates(tables).map(({ name, milliseconds, ratio, runs, floor }) => [
      name,
      ms(milliseconds),
      ms(floor.milliseconds),
      times(ratio),
      runs,
    ]),
  );

export function markdown(measured) {
  const { everyday, credentials, interfaces, bridges, nodes, tricks, profile, processor, fleet, packed, machine } =
    measured;
  return `# Performance

Measured by \`npm run bench\` on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node},
${machine.python}. All calls go to a stub on loopback that answers at once, so what is seen is the programs themselves; in
front of AWS, every one of them waits for the network besides.

Every figure is of whole processes, from start to exit. Programs run in turn (A B A B), and a ratio is the median of
the ratios of runs that stood next to each other: machines drift, neighbours in time share the drift. The **floor** is a bare Node
script ([floor.cjs](../scripts/bench/floor.cjs)) that makes the same requests in the same order of waiting, and neither signs,
parses nor decides. Load average while this ran: ${machine.load}.

## Goals

${goals(measured)}
${tenTimes(everyday.http)}
## Everyday commands

Over HTTP:

${comparison(everyday.http)}

Over HTTPS:

${comparison(everyday.https)}

\`lbbridge diff\` makes five calls at once; boto3 and the AWS CLI make two of them, the interface read and the health read.
Twenty bridges make 24 calls, of which the last three wait for AWS's bucket (see below).

## Where the time goes

${table(
  ['', 'of a `diff`', 'of listing 10,000 interfaces'],
  profile.diff.map(({ what, share }, index) => [what, percent(share), percent(profile.many[index].share)]),
)}

By Node's own profiler over ten runs, which itself slows loading down: shares, not times. Node's own part of a \`diff\` is above all
the modules for crypto and TLS, which the floor does not load over HTTP, and which no signed call can do without. Of 10,000
interfaces, lbbridge checks 370,000 elements for being well-formed and reads 160,000 texts, where the floor only looks for the end of
a page (S1 is worth it); each of the ten pages lives on, as bytes and as text, until garbage is collected.

## When speed is lost

\`npm run bench -- --check\` takes half a minute, and fails where one of these ratios has grown by more than a quarter. They are of
the processor's time, which shows less of what else the machine does than the time on the clock:

${table(
  ['', 'of the floor'],
  Object.entries(processor).map(([name, ratio]) => [name, times(ratio)]),
)}

## Credentials

A \`diff\` with credentials from each place, against a floor that makes the same requests for them:

${comparison(credentials)}

Keys in the environment are taken as they stand. Everything else loads the SDK's provider chain, a file of its own.

## How it grows

![Seconds over interfaces](performance.svg)

\`lbbridge ips --description 'ELB app/*'\` over all interfaces, in pages of 1,000. The clients beside it make that one read:

${table(
  ['interfaces', 'calls', 'floor', 'lbbridge', 'ratio', 'memory (floor)', 'boto3', 'AWS CLI'],
  interfaces.map(({ size, calls, measured: [floor, own, boto3, cli], mebibytes, floorMebibytes }) => [
    size.toLocaleString('en'),
    calls,
    ms(floor.milliseconds),
    ms(own.milliseconds),
    times(own.ratio),
    `${mib(mebibytes)} (${mib(floorMebibytes)})`,
    boto3 ? times(boto3.ratio) : '-',
    cli ? times(cli.ratio) : '-',
  ]),
)}

\`lbbridge sync\` without changes, from a \`lbbridge.yaml\` of so many bridges, each with an ALB and a target group of its own, six targets each:

${table(
  ['bridges', 'calls', 'of them health', 'floor', 'lbbridge', 'ratio', 'memory'],
  bridges.map(({ size, calls, measured: [floor, own], mebibytes }) => [
    size.toLocaleString('en'),
    total(calls),
    calls.DescribeTargetHealth,
    ms(floor.milliseconds),
    ms(own.milliseconds),
    times(own.ratio),
    mib(mebibytes),
  ]),
)}

## AWS's own limit

The Describe calls of Elastic Load Balancing share one bucket for each account and region: 40 calls, refilled at 10 a second.
lbbridge takes at most half of it, 20 at once and 5 a second from then on, and when a call is throttled, all of them pause
together. Calls of EC2 are not paced: they have buckets of their own, and 1,000 bridges need seven. So a pass over N bridges of one
account and region takes about (N + 3 N/20 - 20) / 5 seconds: nothing to speak of up to 17
bridges, ${Math.round((115 - 20) / 5)} s for 100, ${Math.round((1150 - 20) / 5)} s for 1,000.

${
  fleet
    ? `A pass over ${fleet.bridges.toLocaleString('en')} bridges (100 ALBs, ten target groups each) against the simulated AWS with exactly that bucket,
while a second client of the same account reads twice a second:

${table(
  ['', ''],
  [
    ['in sync, of', `${fleet.inSync.toLocaleString('en')} of ${fleet.bridges.toLocaleString('en')}`],
    ['wall time', `${Math.round(fleet.seconds)} s`],
    ['reads of Elastic Load Balancing', fleet.reads.toLocaleString('en')],
    ['of them throttled', fleet.throttled],
    ["share of the bucket's calls in that time", percent(fleet.share)],
    [
      "the second client's reads alone",
      `median ${ms(fleet.alone.median)}, longest ${ms(fleet.alone.longest)}, ${fleet.alone.throttled} throttled of ${fleet.alone.reads}`,
    ],
    [
      "the second client's reads meanwhile",
      `median ${ms(fleet.during.median)}, longest ${ms(fleet.during.longest)}, ${fleet.during.throttled} throttled of ${fleet.during.reads}`,
    ],
  ],
)}`
    : ''
}

## Release lines of Node

A \`diff\`, against a floor on the same Node:

${comparison(nodes)}

## What the build's tricks gain

The same \`diff\`, by programs that were built without one of them (${tricks[1].runs} pairs):

${table(
  ['', 'of the floor'],
  tricks.slice(1).map(({ name, ratio }) => [trickNames[name] ?? name, times(ratio)]),
)}

## Size

The package is ${kib(packed.size)} to download and ${kib(packed.unpackedSize)} unpacked, of which ${kib(packed.maps)} are source maps: read only when an error's
lines are asked for with \`--debug\`.
`;
}

const trickNames = {
  'without literal-keys': "with the SDK's schema tables as they are",
  'without substitute': 'with all that the libraries load',
  'without lazy-builtins': "with every part of Node's that they name, at once",
  'without modules': "with the SDK's CommonJS build",
  'without minify': 'not minified',
};
