// Writes docs/commands.md from the commands themselves; with --check only tells whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { commands } = JSON.parse(readFileSync(join(root, 'dist', 'oclif.manifest.json'), 'utf8'));
const target = join(root, 'docs', 'commands.md');

const flagRow = ({ name, char, type, helpValue, options, multiple, summary, env }) => {
  const value =
    type === 'boolean' ? '' : ` ${options ? options.join('|') : (helpValue ?? 'VALUE')}`.replaceAll('|', '\\|');
  const short = char ? `-${char}, ` : '';
  const variable = env ? `\`${env}\`` : 'command line only';
  return `| \`${short}--${name}${value}\`${multiple ? ' (repeatable)' : ''} | ${summary.replaceAll('|', '\\|')} | ${variable} |`;
};

const section = ({ id, summary, description, args = {}, flags, examples = [] }) => {
  const words = id.replaceAll(':', ' ');
  const positional = Object.values(args).map(({ name, description }) => `- \`${name}\`: ${description}`);
  return [
    `## lbbridge ${words}`,
    [summary, description].filter(Boolean).join(' '),
    ...(positional.length > 0 ? [positional.join('\n')] : []),
    ...(examples.length > 0
      ? [`\`\`\`sh\n${examples.join('\n').replaceAll('<%= config.bin %>', 'lbbridge')}\n\`\`\``]
      : []),
    ['| flag | what it does | environment |', '|---|---|---|', ...Object.values(flags).map(flagRow)].join('\n'),
  ].join('\n\n');
};

const own = Object.values(commands)
  .filter(({ id }) => !id.startsWith('autocomplete'))
  .sort((a, b) => (a.id < b.id ? -1 : 1));
const text = [
  '# Commands',
  'Written from the commands themselves by `npm run reference`; `lbbridge COMMAND --help` shows the same.',
  ...own.map(section),
].join('\n\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') === `${text}\n`) process.exit(0);
  process.stderr.write('docs/commands.md is out of date: npm run reference\n');
  process.exit(1);
}
writeFileSync(target, `${text}\n`);
