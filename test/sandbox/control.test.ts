import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { scenarioNames } from '../../src/sandbox/scenarios/index.js';
import { onBridge, sandboxOf } from '../support/bridge.js';
import { checkDocument } from '../support/schema.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

async function ask(endpoint: string, method: string, path: string, body?: unknown, headers = {}) {
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${endpoint}/_sandbox/${path}`, init);
  // biome-ignore lint/suspicious/noExplicitAny: whatever the control interface answers
  return { status: response.status, json: (await response.json()) as any };
}

describe('the control interface', () => {
  test('steps time, lets things happen, and tells what truly answers', async () => {
    const { endpoint, stage } = await sandboxOf({ scenario: 'synced' });
    const before = (await ask(endpoint, 'GET', 'load-balancers')).json.loadBalancers;
    expect(before.find(({ name }: { name: string }) => name === 'web').nodes).toHaveLength(2);
    const out = await ask(endpoint, 'POST', 'events', { event: 'scale-out', zone: 'us-east-1a', count: 2 });
    expect(out.json.nodes).toHaveLength(4);
    const start = Date.parse((await ask(endpoint, 'GET', 'clock')).json.now);
    const later = await ask(endpoint, 'POST', 'clock', { advance: 3600 });
    expect(Date.parse(later.json.now) - start).toBe(3_600_000);
    const truth = (await ask(endpoint, 'GET', 'truth')).json.groups[0];
    expect(truth).toMatchObject({ targetGroupArn: stage.group.arn, now: { serving: 1 }, since: { downSeconds: 0 } });
  });

  test('measures an outage that is one', async () => {
    const { endpoint } = await sandboxOf({ scenario: 'synced' });
    await ask(endpoint, 'POST', 'truth', {});
    for (const zone of ['us-east-1a', 'us-east-1b'])
      await ask(endpoint, 'POST', 'events', { event: 'fail-zone', zone });
    await ask(endpoint, 'POST', 'clock', { advance: 100 });
    for (const zone of ['us-east-1a', 'us-east-1b'])
      await ask(endpoint, 'POST', 'events', { event: 'recover-zone', zone });
    await ask(endpoint, 'POST', 'clock', { advance: 300 });
    const { since } = (await ask(endpoint, 'GET', 'truth')).json.groups[0];
    expect(since.downSeconds).toBe(100);
    expect(since.seconds).toBe(400);
  });

  test('faults and knobs are set and taken back', async () => {
    const sandbox = await sandboxOf();
    const { endpoint } = sandbox;
    await ask(endpoint, 'POST', 'faults', { kind: 'accessDenied', action: 'Describe*' });
    expect((await onBridge(sandbox, 'diff')).status).toBe(1);
    await ask(endpoint, 'DELETE', 'faults');
    expect((await onBridge(sandbox, 'diff')).status).toBe(0);
    expect((await ask(endpoint, 'POST', 'knobs', { 'tg.nlbRegisterSeconds': 1 })).json['tg.nlbRegisterSeconds']).toBe(
      1,
    );
    expect((await ask(endpoint, 'POST', 'knobs', { nonsense: 1 })).status).toBe(400);
  });

  test('the journal tells who asked what, and what was answered', async () => {
    const sandbox = await sandboxOf();
    await onBridge(sandbox, 'diff');
    const { calls } = (await ask(sandbox.endpoint, 'GET', 'journal')).json;
    expect(calls).toHaveLength(5);
    expect(calls[0]).toMatchObject({ accountId: '111122223333', status: 200, code: null, region: 'us-east-1' });
    const since = (await ask(sandbox.endpoint, 'GET', 'journal?since=3')).json.calls;
    expect(since).toHaveLength(2);
    await ask(sandbox.endpoint, 'DELETE', 'journal');
    expect(sandbox.journal.entries).toEqual([]);
  });

  test('what it does not know it says, and web pages are refused', async () => {
    const { endpoint } = await sandboxOf();
    expect((await ask(endpoint, 'GET', 'nothing')).status).toBe(404);
    expect((await ask(endpoint, 'POST', 'events', { event: 'rain' })).json.error).toContain('scale-out');
    expect((await ask(endpoint, 'POST', 'clock', { advance: -1 })).status).toBe(400);
    expect((await ask(endpoint, 'GET', 'clock', undefined, { origin: 'https://example.com' })).status).toBe(403);
  });
});

describe('lbbridge sandbox', () => {
  test('prints its document when it is ready, serves, and stops cleanly', async () => {
    const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.trimEnd().endsWith('\n}')) resolve();
      });
    });
    await ready;
    const document = JSON.parse(text);
    checkDocument(document);
    expect(document.result.environment.AWS_ENDPOINT_URL).toBe(document.result.endpoint);
    expect((await ask(document.result.endpoint, 'GET', '')).json.scenarios).toHaveLength(scenarioNames.length);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test.each(scenarioNames)('the scenario %s has its ALB, NLB and group', async (scenario) => {
    const { stage } = await sandboxOf({ scenario });
    expect(stage.alb.type).toBe('application');
    expect(stage.nlb.nodes.length).toBeGreaterThan(0);
    expect(stage.group.name).toBe('nlb-edge');
  });
});
