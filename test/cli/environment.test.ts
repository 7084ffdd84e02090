import { describe, expect, test } from 'vitest';
import { registered, sandboxOf, writes } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';

describe('flags from the environment', () => {
  test('a whole run can be described by variables', async () => {
    const sandbox = await sandboxOf();
    const env = {
      ...sandbox.environment,
      LBBRIDGE_ALB: 'web',
      LBBRIDGE_TARGET_GROUP: 'nlb-edge',
      LBBRIDGE_PORT: '8443',
      LBBRIDGE_JSON: '1',
    };
    const { status, stdout } = await lbbridge(['sync'], { env });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).command).toBe('sync');
    expect(registered(sandbox).every((target) => target.endsWith(':8443'))).toBe(true);
  });

  test('the command line beats them', async () => {
    const sandbox = await sandboxOf();
    const env = { ...sandbox.environment, LBBRIDGE_ALB: 'nothing', LBBRIDGE_TARGET_GROUP: 'nlb-edge' };
    expect((await lbbridge(['diff', '--alb', 'web'], { env })).status).toBe(0);
  });

  test.each(['', '0', 'false'])('a boolean set to %j is unset', async (value) => {
    const sandbox = await sandboxOf();
    const env = { ...sandbox.environment, LBBRIDGE_JSON: value, LBBRIDGE_QUIET: value, LBBRIDGE_DRY_RUN: value };
    const { stdout } = await lbbridge(['sync', '--alb', 'web', '--target-group', 'nlb-edge'], { env });
    expect(stdout).toContain('2 registered');
  });

  test.each(['on', 'maybe', '2', ' 1'])('a boolean set to %j is refused: it must not count as unset', async (value) => {
    const sandbox = await sandboxOf();
    for (const name of ['LBBRIDGE_DRY_RUN', 'LBBRIDGE_QUIET']) {
      const env = { ...sandbox.environment, [name]: value };
      const { status, document } = await lbbridgeJson(['sync', '--alb', 'web', '--target-group', 'nlb-edge'], { env });
      expect([status, document.error.code]).toEqual([64, 'InvalidVariable']);
      expect(document.error.message).toContain(`${name}=${JSON.stringify(value)}`);
    }
    expect(writes(sandbox)).toEqual([]);
  });

  test('a list is separated by commas', async () => {
    const sandbox = await sandboxOf({ scenario: 'shared-group' });
    const own = sandbox.stage.alb.nodes.map(({ ip }) => `${ip}:80`);
    const foreign = registered(sandbox)
      .find((target) => !own.includes(target))
      ?.split(':')[0];
    const env = { ...sandbox.environment, LBBRIDGE_KEEP: `10.99.0.0/16,${foreign}` };
    const { status, document } = await lbbridgeJson(['diff', '--alb', 'web', '--target-group', 'nlb-edge'], { env });
    expect(status).toBe(0);
    expect(document.result.bridges[0].kept).toMatchObject([{ ip: foreign }]);
  });

  test.each([
    ['LBBRIDGE_ALLOW_EMPTY', '1'],
    ['LBBRIDGE_ADOPT', 'true'],
    ['LBBRIDGE_ADOPT_FROM', 'arn:aws:x'],
    ['LBBRIDGE_PRUNE', 'all'],
    ['LBBRIDGE_CONFIRM', 'nlb-edge'],
    ['LBBRIDGE_YES', 'yes'],
    ['LBBRIDGE_FORCE', '1'],
  ])('%s=%s would lift a rule: the run ends before it begins', async (name, value) => {
    const sandbox = await sandboxOf();
    for (const args of [
      ['sync', '--alb', 'web', '--target-group', 'nlb-edge'],
      ['ips', 'web'],
    ]) {
      const { status, document } = await lbbridgeJson(args, { env: { ...sandbox.environment, [name]: value } });
      expect(status).toBe(64);
      expect(document.error.message).toContain(name);
    }
    expect(sandbox.journal.entries).toEqual([]);
  });

  test.each(['LBBRIDGE_ALLOW_EMPTY', 'LBBRIDGE_ADOPT', 'LBBRIDGE_YES'])('%s set to 0 counts as unset', async (name) => {
    const sandbox = await sandboxOf();
    for (const value of ['', '0', 'false']) {
      const env = { ...sandbox.environment, [name]: value };
      expect((await lbbridge(['diff', '--alb', 'web', '--target-group', 'nlb-edge'], { env })).status).toBe(0);
    }
    expect(writes(sandbox)).toEqual([]);
  });
});
