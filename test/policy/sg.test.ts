import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf } from '../support/bridge.js';
import {
  allowed,
  connectTo,
  denied,
  inTurn,
  made,
  type Policy,
  printed,
  under,
  without,
  withoutResource,
} from '../support/policies.js';
import { albGroup, inbound, inboundRules, nlbRules, onGroup, plantPrefixList } from '../support/rules.js';

/** A closed ALB; a prefix list among its rules, and another bridge that its NLB has. */
async function closed(): Promise<Sandbox> {
  const sandbox = await sandboxOf({ scenario: 'closed' });
  const { builder, vpc, nlb, alb } = sandbox.stage;
  plantPrefixList(sandbox);
  const second = builder.targetGroup('nlb-edge-443', vpc, { Port: '443' });
  builder.forward(nlb, second);
  builder.tag(second, 'lbbridge:source', alb.arn);
  return sandbox;
}

/** Ports are opened, and one of them is closed again. */
async function openings(policy: Policy) {
  const sandbox = await closed();
  under(sandbox, policy);
  const codes = await inTurn([
    () => onGroup(sandbox, 'diff'),
    () => onGroup(sandbox, 'sync', ['--port', '80', '--port', '9000']),
    () => onGroup(sandbox, 'sync'),
  ]);
  return { codes, sandbox };
}

// The same seed gives the same ids, in every sandbox of these tests.
const guard = albGroup(await closed()).id;
const named = await printed('sg', '--security-group', guard);
const wide = await printed('sg');

describe('the policy for sg', () => {
  test.each([
    ['for a named security group', named],
    ['for all of them', wide],
  ])('is enough to open and to close, and no action of it is idle: %s', async (_, policy) => {
    const { codes, sandbox } = await openings(policy);
    expect(codes).toEqual([0, 0, 0]);
    expect(denied(sandbox)).toEqual([]);
    expect(inbound(sandbox)).toEqual(expect.arrayContaining(nlbRules(sandbox)));
    // Nobody calls CreateTags: AWS asks for it where a rule is tagged as it is made.
    expect([...made(sandbox), 'ec2:CreateTags'].sort()).toEqual(allowed(policy));
  });

  test.each(named.Statement.map(({ Sid }) => Sid))('without %s something fails', async (sid) => {
    const { codes, sandbox } = await openings(without(named, sid));
    expect(codes.at(-1)).not.toBe(0);
    expect(denied(sandbox)).not.toEqual([]);
  });

  const several = named.Statement.flatMap(({ Sid, Resource }) =>
    Array.isArray(Resource) ? Resource.map((resource) => [Sid, resource] as const) : [],
  );
  test.each(several)('without %s on %s something fails', async (sid, resource) => {
    const { codes, sandbox } = await openings(withoutResource(named, sid, resource));
    expect(codes.at(-1)).not.toBe(0);
    expect(denied(sandbox)).not.toEqual([]);
  });
});

describe('what the policy for sg keeps out', () => {
  test('another security group', async () => {
    const sandbox = await closed();
    under(sandbox, await printed('sg', '--security-group', 'sg-01234567'));
    const { status, document } = await onGroup(sandbox, 'sync');
    expect(status).toBe(1);
    expect(document.error.suggestions.join()).toContain('lbbridge policy --for sg');
    expect(denied(sandbox)).toEqual(['ec2:AuthorizeSecurityGroupIngress']);
    expect(inboundRules(sandbox)).toHaveLength(1);
  });

  test('rules with other tags', async () => {
    const sandbox = await closed();
    under(sandbox, named);
    const rule = { protocol: 'tcp', fromPort: 1, toPort: 1, description: 'x' };
    const peer = { kind: 'cidr', cidr: '192.0.2.1/32' } as const;
    const { securityGroups } = connectTo(sandbox);
    await expect(
      securityGroups.authorizeIngress(guard, [{ ...rule, peer }], new Map([['Name', 'x']])),
    ).rejects.toMatchObject({ code: 'UnauthorizedOperation', message: expect.stringContaining('ec2:CreateTags') });
    await securityGroups.authorizeIngress(guard, [{ ...rule, peer }], new Map([['lbbridge:source', 'x']]));
  });

  test('tags on what exists already, rules among it', async () => {
    const sandbox = await closed();
    const [rule] = inboundRules(sandbox);
    under(sandbox, named);
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '', ...keys } = sandbox.environment;
    const credentials = {
      accessKeyId: keys.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY ?? '',
    };
    const client = new EC2Client({ endpoint, region, credentials });
    for (const id of [guard, rule?.id ?? '']) {
      const tag = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'lbbridge:source', Value: 'x' }] });
      await expect(client.send(tag)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    }
  });
});
