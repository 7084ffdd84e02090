// Runs when npm has installed the packages: builds, so that a clone's `npm ci` leaves a program that runs. Where the
// development packages were left out there is nothing to build with, and nothing to do.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const esbuild = fileURLToPath(new URL('../node_modules/esbuild', import.meta.url));
if (existsSync(esbuild)) await import('./build.mjs');
