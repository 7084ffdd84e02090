import { describe, expect, test } from 'vitest';
import type { NetworkInterface } from '../../src/plan/model.js';
import { albAddresses, bridgePort, sourceBehind } from '../../src/plan/source-behind.js';
import { facts, node, target } from './support.js';

const group = facts().targetGroup;
const other = (ip: string, more: Partial<NetworkInterface> = {}) =>
  node(ip, 'a', { description: 'ELB app/api/1', ...more });
const behind = (interfaces: NetworkInterface[], ...targets: ReturnType<typeof target>[]) =>
  sourceBehind(group, targets, albAddresses(interfaces))?.path ?? null;

describe('the ALB behind a group’s targets', () => {
  test('is the one that most of them are; at a tie the first by its path', () => {
    const interfaces = [node(['10.0.1.1', '10.0.1.2']), other('10.0.1.3')];
    const targets = ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.9'].map((ip) => target(ip));
    expect(behind(interfaces, ...targets)).toBe('app/web/50dc6c495c0c9188');
    expect(behind(interfaces, ...targets.slice(1))).toBe('app/api/1');
    expect(behind(interfaces, ...targets.slice(1).reverse())).toBe('app/api/1');
  });

  test('is nobody where no target is an ALB’s, or only draining ones are', () => {
    expect(behind([node('10.0.1.1')])).toBeNull();
    expect(behind([node('10.0.1.1')], target('10.0.1.9'))).toBeNull();
    expect(behind([node('10.0.1.1')], target('10.0.1.1', 'draining'))).toBeNull();
  });

  test.each<[string, Partial<NetworkInterface>]>([
    [
      'a person’s, with the description of one',
      { requesterManaged: false, requesterId: 'AIDA', attachmentOwnerId: null },
    ],
    ['not in use', { status: 'available' }],
    ['an NLB’s', { description: 'ELB net/edge/1' }],
    ['a classic load balancer’s', { description: 'ELB app' }],
  ])('is nobody where the interface is %s', (_what, more) => {
    expect(behind([node('10.0.1.1', 'a', more)], target('10.0.1.1'))).toBeNull();
  });

  test('is looked for in the group’s VPC, for targets of zone `all` outside of it', () => {
    const [inside, outside] = [node('10.0.1.1'), other('10.0.1.1', { vpcId: 'vpc-2' })];
    expect(behind([inside, outside], target('10.0.1.1'))).toBe('app/web/50dc6c495c0c9188');
    expect(behind([inside, outside], target('10.0.1.1', 'healthy', 'all'))).toBe('app/api/1');
    expect(behind([outside], target('10.0.1.1', 'healthy', null))).toBeNull();
  });
});

describe('the port of a bridge that nobody names', () => {
  const port = (...targets: string[]) =>
    bridgePort(
      group,
      targets.map((address) => target(address)),
      [node(['10.0.1.1', '10.0.1.2'])],
    );

  test('is that of the targets at the ALB’s addresses, where they agree', () => {
    expect(port('10.0.1.1:8443', '10.0.1.2:8443', '10.0.1.9:80')).toBe(8443);
    expect(port('10.0.1.1:8443', '10.0.1.2:80')).toBe(80);
  });

  test('is that of all, where none stands there; else the group’s own', () => {
    expect(port('10.0.1.8:8443', '10.0.1.9:8443')).toBe(8443);
    expect(port('10.0.1.8:8443', '10.0.1.9:80')).toBe(80);
    expect(port()).toBe(80);
  });
});
