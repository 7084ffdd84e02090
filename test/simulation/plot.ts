/** A figure of horizontal bars, one group a row, as an SVG document that needs nothing but a viewer. */
export interface Bars {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly { readonly label: string; readonly value: number; readonly isOurs: boolean }[];
}

const WIDTH = 860;
const LABELS = 320;
const ROW = 26;
const TOP = 44;

export function barsSvg({ title, unit, rows }: Bars): string {
  const most = Math.max(...rows.map(({ value }) => value), 1e-9);
  const height = TOP + rows.length * ROW + 12;
  const bars = rows.map(({ label, value, isOurs }, index) => {
    const y = TOP + index * ROW;
    const length = (value / most) * (WIDTH - LABELS - 110);
    return [
      `<text x="${LABELS - 8}" y="${y + 15}" text-anchor="end">${escapeText(label)}</text>`,
      `<rect x="${LABELS}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 8}" fill="${isOurs ? '#1b6ac9' : '#b0752c'}"/>`,
      `<text x="${(LABELS + length + 6).toFixed(1)}" y="${y + 15}">${figure(value)}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">
<title>${escapeText(title)}</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="12" y="24" font-size="15" font-weight="bold">${escapeText(title)}</text>
<text x="${WIDTH - 12}" y="24" text-anchor="end" fill="#555555">${escapeText(unit)}</text>
${bars.join('\n')}
</svg>
`;
}

/** Three figures that count, without a tail of digits. */
export function figure(value: number): string {
  if (value === 0) return '0';
  if (value < 10) return value.toPrecision(2);
  return String(Math.round(value));
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
