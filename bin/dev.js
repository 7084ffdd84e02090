#!/usr/bin/env -S node --import tsx
// Runs the sources without a build: node --import tsx bin/dev.js diff …
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

async function run() {
  const { commands } = await import('../src/cli/commands.ts');
  const { main } = await import('../src/main.ts');
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  pjson.oclif.commands = { strategy: 'explicit', target: './src/cli/commands.ts', identifier: 'commands' };
  await main(process.argv.slice(2), { root, pjson, commands });
}

run();
