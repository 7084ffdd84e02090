import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TargetFacts, type TargetPolicy, targetKey } from '../../src/plan/facts.js';
import { isHealthy, isRegistered, servingTest } from '../../src/plan/health.js';
import type { NetworkInterface, Target } from '../../src/plan/model.js';
import { planTargets } from '../../src/plan/target-plan.js';
import { ALB, facts, node, OTHER, policy, target } from './support.js';

const runs = { numRuns: 500 };
const zone = fc.constantFrom('a', 'b', 'c');
const ip = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 })).map(([z, n]) => `10.0.${z}.${n}`);
const state = fc.constantFrom(
  'healthy',
  'healthy',
  'initial',
  'unhealthy',
  'unhealthy.draining',
  'draining',
  'unused',
  'unavailable',
);

const interfaces = fc
  .uniqueArray(fc.record({ ip, zone, kind: fc.constantFrom('own', 'own', 'own', 'look-alike', 'machine') }), {
    selector: (one) => one.ip,
    maxLength: 6,
  })
  .map((list) =>
    list.map((one): NetworkInterface => {
      const more = { own: {}, 'look-alike': { requesterManaged: false }, machine: { description: '' } }[one.kind];
      return node(one.ip, one.zone, more);
    }),
  );

const targets = fc
  .uniqueArray(
    fc.record({ ip, port: fc.constantFrom(80, 80, 80, 8080), state, zone: fc.oneof(zone, fc.constant('all')) }),
    { selector: (one) => `${one.ip}:${one.port}`, maxLength: 8 },
  )
  .map((list) =>
    list.map(
      (one): Target =>
        target(
          `${one.ip}:${one.port}`,
          one.state,
          one.zone,
          one.state === 'unused' ? { reason: 'Target.NotInUse' } : {},
        ),
    ),
  );

const world = fc
  .record({
    interfaces,
    targets,
    found: fc.option(interfaces),
    zones: fc.constantFrom('a', 'ab', 'abc'),
    owner: fc.constantFrom(ALB, ALB, undefined, OTHER),
  })
  .map(
    ({ owner, ...more }): TargetFacts =>
      facts({ ...more, tags: new Map(owner === undefined ? [] : [['lbbridge:source', owner]]) }),
  );

const policies: fc.Arbitrary<TargetPolicy> = fc
  .record({
    minHealthy: fc.oneof(
      fc.integer({ min: 1, max: 5 }).map((count) => ({ targets: count })),
      fc.integer({ min: 1, max: 100 }).map((percent) => ({ percent })),
    ),
    prune: fc.constantFrom('owned', 'owned', 'all', 'none'),
    keep: fc.constantFrom([], [], ['10.0.1.0/24']),
    adopt: fc.boolean(),
    owned: fc.boolean(),
    allowEmpty: fc.boolean(),
  })
  .map((more) => policy(more as Partial<TargetPolicy>));

const keys = (list: readonly { ip: string; port: number }[]): string[] => list.map(targetKey).sort();

describe('of every plan it is true that', () => {
  test('what is wanted already is left as it is', () => {
    fc.assert(
      fc.property(interfaces, policies, (found, rules) => {
        const known = planTargets(facts({ interfaces: found }), rules).register;
        const settled = known.map(({ ip, zone: name }) => target(ip, 'healthy', name?.slice(-1) ?? null));
        const plan = planTargets(facts({ interfaces: found, targets: settled }), rules);
        expect([...plan.register, ...plan.deregister, ...plan.held, ...plan.kept]).toEqual([]);
      }),
      runs,
    );
  });

  test('the order of what AWS returns does not matter', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const turned = { ...given, interfaces: [...given.interfaces].reverse(), targets: [...given.targets].reverse() };
        expect(planTargets(turned, rules)).toEqual(planTargets(given, rules));
      }),
      runs,
    );
  });

  test('applying it gives what is wanted, and what is held or kept', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const plan = planTargets(given, rules);
        if (plan.refusal?.scope === 'everything') return;
        const gone = new Set(keys(plan.deregister));
        const after = [
          ...keys(given.targets.filter(isRegistered)).filter((key) => !gone.has(key)),
          ...keys(plan.register),
        ];
        expect(after.sort()).toEqual(
          [...keys(plan.unchanged), ...keys(plan.register), ...keys(plan.held), ...keys(plan.kept)].sort(),
        );
      }),
      runs,
    );
  });

  test('an empty source lets nothing go without --allow-empty', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const none = {
          ...given,
          interfaces: given.interfaces.filter(
            ({ requesterManaged, description }) => !requesterManaged || description === '',
          ),
        };
        expect(planTargets(none, { ...rules, allowEmpty: false }).deregister).toEqual([]);
      }),
      runs,
    );
  });

  test('no zone that the load balancer is enabled in loses its last healthy target', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const plan = planTargets(given, { ...rules, allowEmpty: false });
        const gone = new Set(keys(plan.deregister));
        const givenAway = new Set(
          (given.found ?? [])
            .filter(({ description, requesterManaged }) => description === '' || !requesterManaged)
            .flatMap(({ addresses }) => addresses.map((one) => one.ip)),
        );
        for (const { zoneName } of given.loadBalancer.zones) {
          const healthy = given.targets.filter((one) => isHealthy(one) && !givenAway.has(one.ip));
          if (!healthy.some((one) => one.zone === zoneName)) continue;
          // What is registered for all zones serves this one as well.
          const serving = healthy.filter((one) => one.zone === zoneName || one.zone === 'all');
          expect(serving.some((one) => !gone.has(targetKey(one)))).toBe(true);
        }
      }),
      runs,
    );
  });

  test('while something that serves goes, enough of the wanted are healthy', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const strict = { ...rules, minHealthy: { percent: 100 }, allowEmpty: false };
        const plan = planTargets({ ...given, found: null }, strict);
        const isServing = servingTest(given.targets);
        const goes = new Set(keys(plan.deregister));
        if (!given.targets.some((one) => goes.has(targetKey(one)) && isServing(one))) return;
        expect(plan.register).toEqual([]);
        expect(plan.unchanged.every(({ health }) => health === 'healthy')).toBe(true);
      }),
      runs,
    );
  });

  test('no target is both registered and deregistered', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const plan = planTargets(given, rules);
        const all = [
          ...keys(plan.register),
          ...keys(plan.deregister),
          ...keys(plan.held),
          ...keys(plan.kept),
          ...keys(plan.unchanged),
        ];
        expect(new Set(all).size).toBe(all.length);
      }),
      runs,
    );
  });

  test('what is kept, another’s, or nobody’s never goes', () => {
    fc.assert(
      fc.property(world, policies, (given, rules) => {
        const plan = planTargets(given, rules);
        if (rules.prune === 'none' || given.tags.get('lbbridge:source') === OTHER) expect(plan.deregister).toEqual([]);
        if (rules.keep.length > 0) expect(plan.deregister.every((one) => !one.ip.startsWith('10.0.1.'))).toBe(true);
        const unowned = given.tags.size === 0 && !rules.adopt && !rules.owned && rules.prune === 'owned';
        if (unowned && plan.refusal?.rule === 'S5') expect(plan.deregister).toEqual([]);
      }),
      runs,
    );
  });
});
