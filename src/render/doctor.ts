import type { AdviceReport, DoctorResult, ExaminedReport, FindingReport } from '../actions/outcome.js';
import type { Paint } from './paint.js';

const WIDTH = 80;

/** Every bridge with its errors, its warnings and some advice; one that is sound in a line. */
export const renderDoctor = ({ bridges }: DoctorResult, paint: Paint): string =>
  bridges.map((bridge) => renderBridge(bridge, paint)).join('\n\n');

function renderBridge({ name, findings, advice, error }: ExaminedReport, paint: Paint): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const title = error
    ? `${paint.strong(name)}: ${paint.removed(findings.length > 0 ? 'could not be looked at as a whole' : 'could not be looked at')}.`
    : errors === 0
      ? `${paint.strong(name)} is ${paint.added('sound')}${warnings > 0 ? `, with ${count(warnings, 'warning')}` : ''}.`
      : `${paint.strong(name)}: ${paint.removed(count(errors, 'error'))}${warnings > 0 ? `, ${count(warnings, 'warning')}` : ''}.`;
  return [
    title,
    ...findings.map((finding) => renderFinding(finding, paint)),
    ...advice.map((one) => renderAdvice(one, paint)),
  ].join('\n\n');
}

function renderFinding({ id, severity, message, why, remedy, command }: FindingReport, paint: Paint): string {
  const colour = severity === 'error' ? paint.removed : paint.held;
  return [
    `${colour(severity.padEnd(7))}  ${paint.strong(id)}`,
    wrapped(message),
    paint.faint(wrapped(`Why: ${why}`)),
    wrapped(`Remedy: ${remedy}`),
    // In one piece however long it is: it is there to be pasted.
    ...(command ? [`    ${command}`] : []),
  ].join('\n');
}

const renderAdvice = ({ id, message, steps }: AdviceReport, paint: Paint): string =>
  [
    `advice   ${paint.strong(id)}`,
    wrapped(message),
    ...steps.map((step, index) => wrapped(step, `  ${index + 1}. `)),
  ].join('\n');

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Lines of at most 80 columns, every one indented as the first; a longer word stands alone. */
function wrapped(text: string, indent = '  '): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, index) => `${index === 0 ? indent : ' '.repeat(indent.length)}${one}`).join('\n');
}
