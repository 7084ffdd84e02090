// The plot of docs/performance.md, drawn by hand: seconds over the number of interfaces, both by powers of ten.
const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 200;
const TOP = 40;
const BOTTOM = 50;
const colours = ['#8a8f98', '#1769aa', '#c77700', '#a33b3b'];

/** @param series `[{ name, points: [[interfaces, seconds], …] }]` */
export function plot(title, series) {
  const xs = series.flatMap(({ points }) => points.map(([x]) => Math.log10(x)));
  const ys = series.flatMap(({ points }) => points.map(([, y]) => Math.log10(y)));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const x = (value) => LEFT + ((Math.log10(value) - left) / (right - left)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((Math.log10(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const text = (at, words, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;

  const decades = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(([size]) => size)))];
  const grid = [
    ...decades.map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#d5d9de"/>` +
        text([LEFT - 8, y(value) + 4], `${Number(value.toPrecision(1))} s`, 'text-anchor="end"'),
    ),
    ...sizes.map((size) => text([x(size), HEIGHT - BOTTOM + 20], size.toLocaleString('en'), 'text-anchor="middle"')),
    text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8], 'network interfaces', 'text-anchor="middle"'),
  ];
  // Names stand at the ends of their lines, apart from each other.
  const ends = series.map(({ points }) => y(points.at(-1)[1]) + 4);
  const order = ends.map((_, index) => index).sort((a, b) => ends[a] - ends[b]);
  for (const [place, index] of order.entries()) {
    if (place > 0) ends[index] = Math.max(ends[index], ends[order[place - 1]] + 16);
  }
  const lines = series.map(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const path = points.map(([size, seconds]) => `${x(size).toFixed(1)},${y(seconds).toFixed(1)}`).join(' ');
    const dots = points.map(
      ([size, seconds]) =>
        `<circle cx="${x(size).toFixed(1)}" cy="${y(seconds).toFixed(1)}" r="3.5" fill="${colour}"/>`,
    );
    const label = text([x(points.at(-1)[0]) + 10, ends[index]], name, `fill="${colour}" font-weight="600"`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" fill="#333">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text([LEFT, 22], title, 'font-weight="600"')}
${grid.join('\n')}
${lines.join('\n')}
</svg>
`;
}
