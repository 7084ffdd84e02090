// Writes test/cli/commands.json, the published shape of the command line: a renamed flag breaks somebody's cron job, so
// run it only together with a line in CHANGELOG.md. With --check it only tells whether the commands still have that shape.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { commands } = JSON.parse(readFileSync(join(root, 'dist', 'oclif.manifest.json'), 'utf8'));

/** What a script can rely on of each command. */
const shape = Object.fromEntries(
  Object.entries(commands)
    .filter(([id]) => !id.startsWith('autocomplete'))
    .map(([id, { args, flags }]) => [
      id,
      {
        args: Object.entries(args).map(([name, { required, multiple }]) => ({
          name,
          required: required === true,
          multiple: multiple === true,
        })),
        flags: Object.fromEntries(
          Object.entries(flags).map(([name, { type, char, multiple, options, env }]) => [
            name,
            { type, char, multiple: multiple === true, options, env },
          ]),
        ),
      },
    ]),
);

const published = join(root, 'test', 'cli', 'commands.json');
if (process.argv.includes('--check')) {
  // Through JSON: what is undefined stands in no file.
  const is = JSON.stringify(JSON.parse(JSON.stringify(shape)));
  if (is !== JSON.stringify(JSON.parse(readFileSync(published, 'utf8')))) {
    process.stderr.write('The command line is not as it was published: npm run snapshot, and CHANGELOG.md\n');
    process.exit(1);
  }
} else writeFileSync(published, `${JSON.stringify(shape, null, 2)}\n`);
