import { describe, expect, test } from 'vitest';
import { interfaceDescription, isLoadBalancerInterface, ownAddresses, pathOfArn } from '../../src/plan/addresses.js';
import type { NetworkInterface } from '../../src/plan/model.js';
import { ALB, DESCRIPTION, ips, node } from './support.js';

describe('S9: which interfaces are the load balancer’s own', () => {
  test('the description repeats the tail of the ARN', () => {
    expect(interfaceDescription(pathOfArn(ALB))).toBe(DESCRIPTION);
  });

  test('every address counts: secondary and IPv6 ones too, in order', () => {
    const { addresses, ignored } = ownAddresses(DESCRIPTION, [
      node(['10.0.0.9', '10.0.0.10']),
      node(['10.0.0.1', '2001:db8::1']),
    ]);
    expect(ips(addresses)).toEqual(['10.0.0.1', '10.0.0.9', '10.0.0.10', '2001:db8::1']);
    expect(addresses.map(({ primary }) => primary)).toEqual([true, true, false, false]);
    expect(ignored).toEqual([]);
  });

  test.each<[string, Partial<NetworkInterface>, RegExp]>([
    ['made by a person', { requesterManaged: false }, /not managed by AWS/],
    ['of another service', { requesterId: 'amazon-rds', attachmentOwnerId: 'amazon-rds' }, /amazon-rds/],
    ['of a requester alone', { requesterId: '727180483921', attachmentOwnerId: null }, /727180483921/],
    ['of nobody known', { requesterId: null, attachmentOwnerId: null }, /nobody/],
    ['not in use yet', { status: 'available' }, /available/],
    ['on its way out', { status: 'detaching' }, /detaching/],
  ])('one %s is ignored, with the reason', (_what, more, reason) => {
    const { addresses, ignored } = ownAddresses(DESCRIPTION, [node('10.0.0.1', 'a', more)]);
    expect(addresses).toEqual([]);
    expect(ignored).toHaveLength(1);
    expect(ignored[0]).toMatchObject({ ip: '10.0.0.1', reason: expect.stringMatching(reason) });
  });

  test('either principal will do: the requester or who attached it', () => {
    const found = ownAddresses(DESCRIPTION, [
      node('10.0.0.1', 'a', { requesterId: null, attachmentOwnerId: 'amazon-aws' }),
      node('10.0.0.2', 'a', { requesterId: 'amazon-elb', attachmentOwnerId: null }),
    ]);
    expect(ips(found.addresses)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('another description is neither counted nor mentioned', () => {
    const others = [`${DESCRIPTION}0`, DESCRIPTION.toUpperCase(), `x ${DESCRIPTION}`, 'ELB web'];
    const found = ownAddresses(
      DESCRIPTION,
      others.map((description) => node('10.0.0.1', 'a', { description })),
    );
    expect(found).toEqual({ addresses: [], ignored: [] });
  });

  test('the ignored stand in the order of their ids, with an address if they show one', () => {
    const stranger = { requesterManaged: false } as const;
    const { ignored } = ownAddresses(DESCRIPTION, [
      node([], 'a', { ...stranger, id: 'eni-z' }),
      node(['10.0.0.3'], 'a', {
        ...stranger,
        id: 'eni-b',
        addresses: [{ ip: '10.0.0.3', family: 'ipv4', primary: false, publicIp: null }],
      }),
    ]);
    expect(ignored.map(({ networkInterfaceId, ip }) => [networkInterfaceId, ip])).toEqual([
      ['eni-b', '10.0.0.3'],
      ['eni-z', null],
    ]);
  });

  test('a load balancer’s interface is told from all others', () => {
    expect(isLoadBalancerInterface(node('10.0.0.1', 'a', { description: 'ELB net/other/1' }))).toBe(true);
    expect(isLoadBalancerInterface(node('10.0.0.1', 'a', { description: 'RDSNetworkInterface' }))).toBe(false);
    expect(isLoadBalancerInterface(node('10.0.0.1', 'a', { requesterManaged: false }))).toBe(false);
  });
});
