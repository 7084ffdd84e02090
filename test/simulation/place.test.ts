import { expect, test } from 'vitest';
import { connectAws } from '../../src/aws/connect.js';
import { interfaceDescription, pathOfArn } from '../../src/plan/addresses.js';
import { sandboxOf } from '../support/bridge.js';
import { advance, event, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { Place } from './place.js';

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
const byIp = (a: { ip: string }, b: { ip: string }): number => (a.ip < b.ip ? -1 : 1);

test.each(['synced', 'three-zones', 'look-alikes', 'zonal-shift', 'shared-group', 'dual-stack'] as const)(
  'the ports of the simulation answer as the wire does: %s',
  async (scenario) => {
    const sandbox = await sandboxOf({ scenario, knobs: interfacesGoFirst });
    const { alb, group, vpc } = sandbox.stage;
    const { old } = replaceNode(sandbox, 'a');
    event(sandbox, 'give', { ip: old });
    advance(sandbox, 40);
    const wire = connectAws({ env: { ...sandbox.environment, HOME: '/nowhere' } })({});
    const place = new Place(sandbox.world, sandbox.stage).aws();

    const description = interfaceDescription(pathOfArn(alb.arn));
    const ips = [old, ...alb.nodes.map(({ ip }) => ip)];
    for (const read of [
      async ({ network }: typeof wire) => (await network.interfacesByDescription(description)).sort(byId),
      async ({ network }: typeof wire) => (await network.interfacesByAddress(vpc.id, ips)).sort(byId),
      async ({ loadBalancing }: typeof wire) => loadBalancing.loadBalancer(alb.arn),
      async ({ loadBalancing }: typeof wire) => loadBalancing.targetGroup(group.arn),
      async ({ loadBalancing }: typeof wire) => (await loadBalancing.targets(group.arn)).sort(byIp),
      async ({ loadBalancing }: typeof wire) => loadBalancing.tags(group.arn),
    ]) {
      expect(await read(place)).toEqual(await read(wire));
    }
    const target = [{ ip: alb.nodes[0]?.ip ?? '', port: 80, zone: null }];
    for (const aws of [wire, place]) {
      await aws.loadBalancing.registerTargets(group.arn, target);
      await aws.loadBalancing.deregisterTargets(group.arn, target);
      expect(group.targets.get(`${target[0]?.ip}:80`)?.state).toBe('draining');
    }
  },
);
