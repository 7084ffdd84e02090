#!/usr/bin/env -S node --import tsx
// Runs the sources without a build: node --import tsx bin/dev.js diff …
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/cli/commands.ts';
import { main } from '../src/main.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
pjson.oclif.commands = { strategy: 'explicit', target: './src/cli/commands.ts', identifier: 'commands' };
await main(process.argv.slice(2), { root, pjson, commandIds: Object.keys(commands) });
