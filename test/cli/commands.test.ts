import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { home, lbbridge, lbbridgeJson } from '../support/cli.js';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface ManifestCommand {
  readonly flags: Record<string, { readonly env?: string }>;
  readonly examples?: string[];
  readonly summary?: string;
}

const { commands } = JSON.parse(readFileSync(file('dist/oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, ManifestCommand>;
};
const own = Object.entries(commands).filter(([id]) => !id.startsWith('autocomplete'));

describe('the command line is a promise', () => {
  test('every command and flag is as it was published', () => {
    execFileSync(process.execPath, [file('scripts/snapshot.mjs'), '--check']);
  });

  test.each(own)('%s has a summary and examples', (_id, { summary, examples }) => {
    expect(summary).toBeTruthy();
    expect(examples?.length).toBeGreaterThan(0);
  });

  test('no flag that lifts a rule can come from the environment', () => {
    for (const [, { flags }] of own) {
      for (const name of ['adopt', 'adopt-from', 'allow-empty']) expect(flags[name]?.env).toBeUndefined();
    }
  });

  test('docs/commands.md is what the commands say', () => {
    execFileSync(process.execPath, [file('scripts/reference.mjs'), '--check']);
  });
});

describe('help', () => {
  test('--help, help and no words at all show the commands and end with 0', async () => {
    for (const args of [['--help'], ['help'], []]) {
      const { status, stdout } = await lbbridge(args);
      expect([args, status]).toEqual([args, 0]);
      // Commands of a topic stand in the topic's own help.
      for (const [id] of own) expect(stdout).toContain(id.split(':')[0]);
    }
  });

  test('help of a command shows its flags', async () => {
    const { stdout } = await lbbridge(['help', 'sync']);
    expect(stdout).toContain('--min-healthy');
    expect((await lbbridge(['sync', '--help'])).stdout).toBe(stdout);
  });

  test('--version tells the version', async () => {
    expect(await lbbridge(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^lbbridge\/\d/) });
  });

  test('a misspelt command or flag gets a hint, and is not run', async () => {
    const command = await lbbridge(['snyc']);
    expect(command.stderr).toContain('Did you mean lbbridge sync?');
    const flag = await lbbridgeJson(['sync', '--dryrun']);
    expect(flag.document.error.suggestions.join(' ')).toContain('--dry-run');
  });

  test('completion scripts are there for each shell', async () => {
    for (const shell of ['bash', 'zsh', 'powershell']) {
      const { status, stdout } = await lbbridge(['autocomplete', 'script', shell], { env: { XDG_CACHE_HOME: home } });
      expect([shell, status]).toEqual([shell, 0]);
      expect(stdout).toContain('/lbbridge/autocomplete/');
    }
    const set = await lbbridge(['autocomplete', 'bash'], { env: { XDG_CACHE_HOME: home, SHELL: '/bin/bash' } });
    expect(set.status).toBe(0);
  });
});
