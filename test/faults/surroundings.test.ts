import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { onBridge, registered, sandboxOf } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

const sync = ({ stage }: Sandbox): string[] => ['sync', '--alb', stage.alb.arn, '--target-group', stage.group.arn];

interface Surroundings {
  readonly node?: readonly string[];
  readonly env: Record<string, string>;
  readonly stdout?: number | 'pipe';
  readonly onStart?: (child: ChildProcess) => void;
}

/** A sync with nothing in its environment but what is given: not even a HOME. */
function bare(sandbox: Sandbox, { node = [], env, stdout = 'pipe', onStart }: Surroundings) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [...node, program, ...sync(sandbox), '--json'], {
      cwd: '/',
      env: { ...sandbox.environment, AWS_EC2_METADATA_DISABLED: 'true', ...env },
      stdio: ['ignore', stdout, 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      texts.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      texts.stderr += text;
    });
    child.on('close', (status) => resolve({ status, ...texts }));
    onStart?.(child);
  });
}

/** A module that makes the clock of a process say something else: by so many hours, or a fixed start. */
function clockOf(expression: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lbbridge-clock-')), 'clock.mjs');
  writeFileSync(
    path,
    `const Real = Date; const real = Real.now; const now = () => ${expression};
     globalThis.Date = class extends Real {
       constructor(...given) { if (given.length === 0) super(now()); else super(...given); }
       static now() { return now(); }
     };`,
  );
  return `--import ${pathToFileURL(path)}`;
}

describe('a sync works the same', () => {
  test('without a home directory, and with one that does not exist', async () => {
    const homes: Record<string, string>[] = [{}, { HOME: '/nowhere/at/all' }, { HOME: '' }];
    for (const env of homes) {
      const sandbox = await sandboxOf();
      const { status, stdout } = await bare(sandbox, { env });
      expect([env, status, JSON.parse(stdout).result.summary.registered]).toEqual([env, 0, 2]);
    }
  });

  test('where no file can be written', async () => {
    const sandbox = await sandboxOf();
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const { status, stdout, stderr } = await bare(sandbox, {
      node: [flag, '--allow-fs-read=*', '--no-warnings'],
      env: {},
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).result.summary.registered).toBe(2);
  });

  test('with a proxy in the environment that leads nowhere: loopback is never proxied', async () => {
    const nowhere = 'http://127.0.0.1:9';
    const sandbox = await sandboxOf();
    const { status } = await bare(sandbox, {
      env: { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere },
    });
    expect(status).toBe(0);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test.each([['-26 * 3600e3'], ['26 * 3600e3'], ['-20 * 365 * 86400e3']])(
    'with a clock that is off by %s milliseconds',
    async (offset) => {
      const sandbox = await sandboxOf({ knobs: { 'auth.verifySignature': true } });
      const { status } = await bare(sandbox, { env: { NODE_OPTIONS: clockOf(`real() + ${offset}`) } });
      expect(status).toBe(0);
      expect(registered(sandbox)).toHaveLength(2);
    },
  );
});

describe('a pause lasts as long as was said', () => {
  test.each([
    // Clocks go from 2:00 to 3:00 at 01:00 UTC on the one day, from 3:00 to 2:00 at 01:00 UTC on the other.
    ['2026-03-29T00:30:00Z', '2026-03-29T02:30:00.000Z'],
    ['2026-10-25T00:30:00Z', '2026-10-25T02:30:00.000Z'],
  ])('over the change of daylight saving: two hours from %s', async (start, end) => {
    const sandbox = await sandboxOf();
    const at = (instant: string): Record<string, string> => ({
      ...sandbox.environment,
      TZ: 'Europe/Berlin',
      NODE_OPTIONS: clockOf(`Real.parse('${instant}')`),
    });
    const paused = await lbbridgeJson(['pause', 'nlb-edge', '--for', '2h'], { env: at(start) });
    expect(paused.document.result.paused).toBe(end);
    const just = (milliseconds: number): string => new Date(Date.parse(end) + milliseconds).toISOString();
    expect((await onBridge(sandbox, 'sync', [], { env: at(just(-1000)) })).status).toBe(3);
    expect((await onBridge(sandbox, 'sync', [], { env: at(just(1000)) })).status).toBe(0);
  });
});

describe('a result that cannot be shown', () => {
  test('on a full disk: the sync is done, and the exit code says that its result is not written', async () => {
    const sandbox = await sandboxOf();
    const { status, stderr } = await bare(sandbox, { env: {}, stdout: openSync('/dev/full', 'w') });
    expect(status).toBe(1);
    expect(stderr).toContain('could not be written');
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('to a reader that has gone: the sync is done all the same', async () => {
    const sandbox = await sandboxOf();
    const { status, stderr } = await bare(sandbox, { env: {}, onStart: (child) => child.stdout?.destroy() });
    expect([status, stderr]).toEqual([0, '']);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('to an output that was closed before the start: the sync is done all the same', async () => {
    const sandbox = await sandboxOf();
    const ended = new Promise<number | null>((resolve) => {
      const words = [process.execPath, program, ...sync(sandbox)];
      spawn('sh', ['-c', 'exec "$0" "$@" >&-', ...words], {
        env: { ...sandbox.environment },
        stdio: 'ignore',
      }).on('close', resolve);
    });
    expect(await ended).toBe(0);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('on a terminal of one column: no address is cut', async () => {
    const sandbox = await sandboxOf({ scenario: 'synced' });
    const { status, stdout } = await lbbridge(['ips', 'web'], { env: { ...sandbox.environment, COLUMNS: '1' } });
    expect(status).toBe(0);
    for (const { ip } of sandbox.stage.alb.nodes) expect(stdout).toContain(ip);
  });
});
