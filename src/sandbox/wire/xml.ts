import { type JsonService, renderJson, renderJsonError, speaksJson } from './json.js';
import { type AwsError, List, type Xml } from './operation.js';

const namespaces = {
  autoscaling: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  s3: 'http://s3.amazonaws.com/doc/2006-03-01/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const;

export type Service = keyof typeof namespaces | JsonService;

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A success body. EC2 puts the request id first, the query protocol wraps the result and puts it last; S3's writes say nothing. */
export function renderAnswer(
  service: Service,
  action: string,
  result: { [element: string]: Xml },
  requestId: string,
): string {
  if (speaksJson(service)) return renderJson(result);
  if (service === 's3') return '';
  const start = `<${action}Response xmlns="${namespaces[service]}">`;
  if (service === 'ec2') {
    return `${prolog}${start}\n<requestId>${requestId}</requestId>${members(result, 'item')}\n</${action}Response>`;
  }
  const body = element(`${action}Result`, result, 'member');
  return `${start}\n${body}\n<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>\n</${action}Response>\n`;
}

/** An error body in the service's own shape. */
export function renderError(service: Service, error: AwsError, requestId: string): string {
  if (speaksJson(service)) return renderJsonError(error);
  const { code, message, status } = error;
  if (service === 'ec2') {
    return `${prolog}<Response><Errors><Error><Code>${code}</Code><Message>${escapeText(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  if (service === 's3') {
    return `${prolog}<Error><Code>${code}</Code><Message>${escapeText(message)}</Message><RequestId>${requestId}</RequestId></Error>`;
  }
  const type = status >= 500 ? 'Receiver' : 'Sender';
  return `<ErrorResponse xmlns="${namespaces[service]}">\n  <Error>\n    <Type>${type}</Type>\n    <Code>${code}</Code>\n    <Message>${escapeText(message)}</Message>\n  </Error>\n  <RequestId>${requestId}</RequestId>\n</ErrorResponse>\n`;
}

function element(name: string, value: Xml, listElement: string): string {
  if (value === undefined) return '';
  if (value instanceof List) {
    const items = value.values.map((item) => element(listElement, item, listElement)).join('');
    return items === '' ? `<${name}/>` : `<${name}>${items}</${name}>`;
  }
  const content = typeof value === 'object' ? members(value, listElement) : escapeText(String(value));
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function members(value: { [element: string]: Xml }, listElement: string): string {
  let out = '';
  for (const [name, content] of Object.entries(value)) out += element(name, content, listElement);
  return out;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const escapeText = (text: string): string =>
  /[&<>"'\r]/.test(text)
    ? text.replace(/[&<>"'\r]/g, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`)
    : text;
