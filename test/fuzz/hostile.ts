import fc from 'fast-check';

/** Texts that somebody means ill with, or that a broken machine sends. */
const nasty = [
  '',
  ' ',
  '\u0000',
  '\u001b[2J\u001b[31m',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\r\nINJECTED: yes',
  '\u202eevil',
  '\u2066\u2069',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  '0x10',
  '../../etc/passwd',
  '$(reboot)',
  '`reboot`',
  '%s%n%d',
  '<!--',
  ']]>',
  '&#27;[31m',
  '*',
  '?',
  '\\',
  'a'.repeat(5000),
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/',
  'arn:aws:elasticloadbalancing:::loadbalancer/app/w*/50dc6c495c0c9188',
  'arn:aws:elasticloadbalancing:us-east-1@evil.example:111122223333:targetgroup/nlb/0123456789abcdef',
  'internal-web-1.us-east-1.elb.amazonaws.com.evil.example',
  '10.0.0.0/33',
  '10.0.0.256',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
];

export const hostileText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 60 }),
  fc
    .array(fc.constantFrom(...nasty, 'web', '10.0.1.7', 'us-east-1', ':', '/', '-'), { maxLength: 4 })
    .map((some) => some.join('')),
);

/** One change to an XML document, applied at a place that the number picks. */
export type Edit = (xml: string, place: number) => string;

const text = (replacement: (old: string) => string): Edit =>
  nth(/>([^<>]+)</g, (_whole, old) => `>${replacement(old)}<`);

/** Applies a replacement to the match that the place picks, and to no other. */
function nth(pattern: RegExp, replacement: (whole: string, group: string) => string): Edit {
  return (xml, place) => {
    const matches = [...xml.matchAll(pattern)];
    const match = matches[place % Math.max(matches.length, 1)];
    if (!match) return xml;
    return xml.slice(0, match.index) + replacement(match[0], match[1] ?? '') + xml.slice(match.index + match[0].length);
  };
}

const element = /<([a-zA-Z]+)>(?:[^<]|<(?!\/\1>))*<\/\1>/g;

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  hostileText.map((value) => text(() => escaped(value))),
  // Raw, so that it may break the document.
  hostileText.map((value) => text(() => value)),
  fc.constantFrom(...[27, 7, 155, 0x202e, 0, 0x10ffff, 99999999].map((code) => text((old) => `${old}&#${code};[31m`))),
  fc.constant(nth(element, () => '')),
  fc.constant(nth(element, (whole) => whole.repeat(3))),
  fc.constant(nth(element, (whole, name) => `<${name}/>${whole}`)),
  fc.constant(nth(element, (whole) => `<unknown a="1">${whole}</unknown>`)),
  fc.constant(nth(element, (whole, name) => `<${name} xsi:nil="true"/>${whole.slice(0, 0)}`)),
  fc.constant(nth(/<(item|member)>/g, () => '<item2>')),
  fc.constant(nth(/<\/?[a-zA-Z]+>/g, () => '')),
  fc.constant(text((old) => `<![CDATA[${old}]]>`)),
  fc.constant(text(() => 'x'.repeat(200_000))),
  fc.constant(text((old) => '<a>'.repeat(2000) + old + '</a>'.repeat(2000))),
  fc.constant<Edit>(
    (xml) => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${xml.replace('>', '>&b;')}`,
  ),
  fc.constant<Edit>((xml) => xml.replaceAll(/<(item|member)>/g, '<$1><__proto__><polluted>yes</polluted></__proto__>')),
  fc.constant<Edit>(
    (xml) =>
      `${xml.slice(0, xml.lastIndexOf('</'))}${'<nextToken>again</nextToken>'}${xml.slice(xml.lastIndexOf('</'))}`,
  ),
  fc.integer({ min: 0, max: 4000 }).map(
    (at): Edit =>
      (xml) =>
        xml.slice(0, at),
  ),
);
