import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { StackOptions } from '../../src/stack/options.js';
import { registered, sandboxOf } from '../support/bridge.js';
import type { Document } from '../support/cli.js';
import { functionOf } from '../support/function.js';

const fleet: StackOptions = { kind: 'fleet', events: false, alarms: null };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Resource = readonly [arn: string, source: string];

/** The tagging service, which gives two resources a page; null as a page: an answer without its list. */
async function tagging(resources: readonly Resource[] | null): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const asked: Document = JSON.parse(body);
      const isAsked =
        request.headers['x-amz-target'] === 'ResourceGroupsTaggingAPI_20170126.GetResources' &&
        asked.ResourceTypeFilters[0] === 'elasticloadbalancing:targetgroup' &&
        asked.TagFilters[0].Key === 'lbbridge:source';
      if (!isAsked) throw new Error(`asked for something else: ${body}`);
      const start = Number(asked.PaginationToken || 0);
      const page = resources?.slice(start, start + 2).map(([ResourceARN, Value]) => ({
        ResourceARN,
        Tags: [
          { Key: 'team', Value: 'edge' },
          { Key: 'lbbridge:source', Value },
        ],
      }));
      const PaginationToken = resources && start + 2 < resources.length ? String(start + 2) : '';
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ PaginationToken, ...(page ? { ResourceTagMappingList: page } : {}) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: `http://127.0.0.1:${port}` };
}

/** Every bridge of the scenario, tagged as a sync tags it. */
function tagged({ stage }: Sandbox): Resource[] {
  const { loadBalancers, targetGroups } = stage.builder.region;
  const albs = [...loadBalancers.values()].filter(({ type }) => type === 'application');
  return [...targetGroups.values()].map((group, index): Resource => {
    const source = albs[index]?.arn ?? '';
    group.tags.set('lbbridge:source', source);
    return [group.arn, source];
  });
}

describe('the function of a fleet', () => {
  test('keeps every target group that carries our tag', async () => {
    const sandbox = await sandboxOf({ scenario: 'many' });
    const resources = tagged(sandbox);
    const last = [...sandbox.stage.builder.region.targetGroups.values()].at(-1);
    last?.targets.clear();
    const invoke = await functionOf(sandbox, fleet, await tagging(resources));
    const { result, metrics } = await invoke();
    expect(result).toEqual({ status: 0 });
    expect(resources.length).toBe(20);
    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({ stack: 'edge', registered: 2, discovered: 40 });
    expect(last?.targets.size).toBe(2);
  });

  test('a tag that names no load balancer is an error, and stops no other bridge', async () => {
    const sandbox = await sandboxOf();
    const { alb, group } = sandbox.stage;
    const env = await tagging([
      [group.arn.replace('nlb-edge', 'other'), 'web'],
      [group.arn, alb.arn],
    ]);
    const invoke = await functionOf(sandbox, fleet, env);
    const { error, lines } = await invoke();
    expect(error?.name).toBe('InvalidArn');
    expect(lines).toMatchObject([
      { level: 'ERROR', error: { bridge: expect.stringContaining('other') } },
      { level: 'INFO' },
    ]);
    expect(registered(sandbox)).toHaveLength(2);
  });

  test('no tagged group is nothing to do, an answer without a list is an error (S1)', async () => {
    const sandbox = await sandboxOf();
    const empty = await functionOf(sandbox, fleet, await tagging([]));
    expect((await empty()).result).toEqual({ status: 0 });
    const broken = await functionOf(sandbox, fleet, await tagging(null));
    expect((await broken()).error?.name).toBe('InvalidResponse');
    expect(sandbox.journal.actions()).toEqual([]);
  });
});
