import type { Figures } from './measure.js';
import { barsSvg, figure } from './plot.js';
import { ours, rivals, type Strategy } from './strategies.js';

export interface Row {
  readonly strategy: Strategy;
  readonly setting: string;
  readonly figures: Figures;
}

export interface Outcomes {
  readonly main: readonly Row[];
  readonly variants: readonly Row[];
  readonly settings: readonly Row[];
  readonly seed: number;
}

/** A thousand scaling events are the common measure: histories differ in length. */
const perThousand = (value: number, { events }: Figures): string => figure((value * 1000) / events);

/** At a hundred new connections a second. */
const CONNECTIONS = 100;

export function renderPage({ main, variants, settings, seed }: Outcomes): string {
  const [first] = main as [Row];
  return `# Months of churn

*Written by \`npm run simulate\`, seed ${seed}: ${first.figures.events} scaling events in ${Math.round(first.figures.days)} days of virtual time for
each row of the main table. The same seed gives the same page.*

An ALB of three zones stands behind an NLB, and scales: by day and night, in spikes, by replacement; a zone falls silent,
a zonal shift takes another away, neighbours take the addresses that it gives back, and now and then AWS's answers are
old, partial, or refused. Each row keeps the NLB's target group filled in its own way through the very same history.
What is measured is what new connections truly meet (see *What truly answers* in [sandbox.md](sandbox.md)), not what AWS
reports. lbbridge runs its own code: the actions and the planner of this repository, on ports that are tested to answer
as the wire does. The others are small strategies written afresh from published descriptions; each source is named below.

## The main table

Seconds and requests are for each thousand scaling events; requests at ${CONNECTIONS} new connections a second.

${table(
  [
    '',
    'nobody served, s',
    'a zone dark, s',
    'dead share, s',
    'requests to a dead address',
    'requests to a stranger',
    'under half capacity, s',
    'others’ targets removed',
    'followed after, p50 / p99 s',
    'AWS calls a day',
  ],
  main.map(({ strategy, figures }) => [
    strategy.name,
    perThousand(figures.downSeconds, figures),
    perThousand(figures.darkZoneSeconds, figures),
    perThousand(figures.deadSeconds, figures),
    perThousand(figures.deadShareSeconds * CONNECTIONS, figures),
    perThousand(figures.strangerShareSeconds * CONNECTIONS, figures),
    perThousand(figures.thinSeconds, figures),
    String(figures.othersRemoved),
    `${figure(figures.followP50)} / ${figure(figures.followP99)}`,
    figure(figures.callsPerDay),
  ]),
)}

- *nobody served*: no new connection reached the ALB. *A zone dark*: the same through one zone's NLB node, summed over zones,
  while the ALB answered in that zone. *Dead share*: some connections reached nobody. *Under half capacity*: fewer than
  half of the ALB's answering nodes took traffic.
- *Others' targets removed*: the group holds one target of somebody else's, whose owner puts it back a day after it was
  removed; lbbridge is told to \`--keep\` it (without, it refuses to remove anything, S5). The others have no such setting.
- *Followed after*: from the moment an interface of the ALB stands until its address is registered.

![Requests to a dead address](simulation/dead.svg)
![A zone dark](simulation/dark.svg)
![Requests to a stranger](simulation/stranger.svg)

## What the figures say

- **No zone went dark and nobody was without service under lbbridge every 60 s or every 10 s.** Strategies that believe an
  empty or partial answer emptied a zone for ten minutes in each thousand events, and everything for 18 s. Where partial
  answers last longer, lbbridge suffers too (a view that is wrong in the same way both times is believed), a fifth as much.
- **On events, the moment counts.** An interface is in use three seconds after it is made, and before that it is not the
  ALB's for certain (S9). A run five seconds after each event saw every interface, and nobody was without service. A run
  two seconds after it saw none of the new ones; the next came within five minutes, and by then all the old nodes of a
  replacement could have fallen silent while their successors, registered late, waited for their first checks. A look a
  minute beside the events, as the function of \`lbbridge stack\` has it, does not let it come to that.
- **In requests to a dead address the rivals do better here.** An interface that detaches is gone for lbbridge at once, for
  a plain search some seconds later. That is just when the node has fallen silent and its target still reads \`healthy\`:
  who deregisters it then makes it drain, for two minutes of new connections, while a target whose checks have failed gets
  them for 35 s. In this history the ALB's looks and everybody's runs keep step, which makes the most of that difference.
  With checks every 10 s it is gone, and half of those requests with it.
- **DNS does best by that measure, by far**: it removes a target three minutes after its node has left DNS, while the node
  still serves. It pays with a p50 of a minute before a new node is found, and it removed the guest like every other. That
  DNS is never wrong or late here is an assumption in its favour.
- **Where neighbours take an address at once** early deregistration costs lbbridge requests to a stranger too: the target
  drains when the stranger comes.
- **A search by name** sends most of what it sends to the other ALB's nodes.

## Each assumption, changed

Requests to a dead address, then in brackets seconds with a zone dark, for each thousand scaling events.

${byStrategy(settings, ({ figures }) => `${perThousand(figures.deadShareSeconds * CONNECTIONS, figures)} (${perThousand(figures.darkZoneSeconds, figures)})`)}

Requests to a stranger, for each thousand scaling events:

${byStrategy(settings, ({ figures }) => perThousand(figures.strangerShareSeconds * CONNECTIONS, figures))}

## Two questions for lbbridge itself

Requests to a dead address, then in brackets seconds under half capacity, for each thousand scaling events. What was
decided by it stands in [0007](decisions/0007-stale-targets-go-while-healthy.md) and
[0008](decisions/0008-half-of-the-wanted-healthy.md).

${byStrategy(variants, ({ figures }) => `${perThousand(figures.deadShareSeconds * CONNECTIONS, figures)} (${perThousand(figures.thinSeconds, figures)})`)}

## What is assumed

- The knobs of the simulated AWS at their typical values ([sandbox.md](sandbox.md)), but for AWS's default
  health checks of a TCP group (every 30 s, five to become healthy, two to become unhealthy), and
  addresses that are free again within five minutes. AWS states few of these figures; the table above shows what changes where they are others.
- A departing node leaves DNS, serves for six minutes, falls silent, and its interface stays for another half minute. A
  draining target still gets new connections for two minutes, an unhealthy one for 35 s.
- The ALB looks at its load every seven and a half minutes and keeps one node a zone by night, four by day, twice that in
  a spike; a tenth of the nodes take two minutes longer to answer. This is far more churn than most ALBs show: compare
  rows, not sums. Half of the looks fall on a whole minute, half on its middle; runs begin seven seconds after it.
- Reads are old twice a day for up to two minutes; partial once a day for up to three (a zone, a third of the interfaces, or
  all; half of the time by every way of asking); refused every second day for up to ten. No such rate is published: the
  rows *reads are never wrong* and *partial answers last 10 to 30 min* show the two sides.
- DNS is never wrong. A rival that asks it is spared the faults of the reads of interfaces.
- While no target is healthy an NLB sends to all that are not draining.

## Where the figures come from

${[...ours.slice(0, 1), ...rivals].map(({ name, source }) => `- **${name}**: ${source}.`).join('\n')}
`;
}

/** Plots of the main table, by file name. */
export function renderPlots({ main }: Outcomes): [string, string][] {
  const bars = (title: string, unit: string, value: (figures: Figures) => number): string =>
    barsSvg({
      title,
      unit,
      rows: main.map(({ strategy, figures }) => ({
        label: strategy.name,
        value: (value(figures) * 1000) / figures.events,
        isOurs: ours.includes(strategy),
      })),
    });
  return [
    [
      'dead',
      bars('Requests to a dead address', 'per thousand scaling events', (one) => one.deadShareSeconds * CONNECTIONS),
    ],
    ['dark', bars('A zone dark', 'seconds per thousand scaling events', (one) => one.darkZoneSeconds)],
    [
      'stranger',
      bars('Requests to a stranger', 'per thousand scaling events', (one) => one.strangerShareSeconds * CONNECTIONS),
    ],
  ];
}

function byStrategy(rows: readonly Row[], cell: (row: Row) => string): string {
  const names = [...new Set(rows.map(({ strategy }) => strategy.name))];
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  return table(
    ['', ...names],
    settings.map((setting) => [
      setting,
      ...names.map((name) => {
        const row = rows.find((one) => one.setting === setting && one.strategy.name === name);
        return row ? cell(row) : '';
      }),
    ]),
  );
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
