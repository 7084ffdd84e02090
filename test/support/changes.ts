import { happen } from '../../src/sandbox/control.js';
import type { Sandbox } from '../../src/sandbox/index.js';

/** Knobs with which an old node's interface goes at once while the node still answers: stale targets that serve. */
export const interfacesGoFirst = {
  'alb.eniBeforeStop': true,
  'alb.drainSeconds': 0,
  'alb.deadListedSeconds': 1200,
  'tg.consensusJitterSeconds': 0,
};

export const event = (sandbox: Sandbox, name: string, more: object = {}): unknown =>
  happen(sandbox.world, sandbox.stage, { event: name, ...more });

export const advance = ({ world }: Sandbox, seconds: number): void => world.clock.advance(seconds);

/** Replaces the node of a zone (by the home account's letter) and lets the old interface go; gives both addresses. */
export function replaceNode(sandbox: Sandbox, letter: string): { old: string; fresh: string } {
  const zone = sandbox.stage.builder.zone(letter);
  const addresses = (): string[] => sandbox.stage.alb.nodes.map(({ ip }) => ip);
  const before = addresses();
  const old = sandbox.stage.alb.nodes.find(({ zoneId }) => zoneId === zone)?.ip ?? '';
  event(sandbox, 'scale-out', { zone });
  advance(sandbox, 60);
  const fresh = addresses().find((ip) => !before.includes(ip)) ?? '';
  event(sandbox, 'scale-in', { zone });
  advance(sandbox, 30);
  return { old, fresh };
}

/** Hides interfaces from searches by description alone, as a first answer that missed some would. */
export const missing = (ips: string[], count?: number) => ({
  kind: 'hide' as const,
  action: 'DescribeNetworkInterfaces',
  params: { 'Filter.1.Name': 'description' },
  ips,
  ...(count === undefined ? {} : { count }),
});
