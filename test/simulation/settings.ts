import type { Setting } from './run.js';

/** What the main table assumes: the sandbox's typical knobs, ordinary weather. */
export const usual: Setting = { name: 'as in the main table' };

/** One assumption changed at a time. */
export const others: readonly Setting[] = [
  {
    name: 'interfaces go before their nodes stop',
    knobs: { 'alb.eniBeforeStop': true, 'alb.drainSeconds': 10, 'alb.deadListedSeconds': 380 },
  },
  { name: 'dead nodes stay listed for 5 min', knobs: { 'alb.deadListedSeconds': 300 } },
  {
    name: 'health checks every 10 s, two of them',
    group: { HealthCheckIntervalSeconds: '10', HealthyThresholdCount: '2', UnhealthyThresholdCount: '2' },
  },
  { name: 'registration takes 5 min', knobs: { 'tg.nlbRegisterSeconds': 300 } },
  { name: 'a draining target gets no new connections', knobs: { 'tg.drainLeakSeconds': 0 } },
  { name: 'reads are never wrong', weather: { staleHours: 0, partialHours: 0, throttleHours: 0 } },
  { name: 'partial answers last 10 to 30 min', weather: { partialMinutes: [10, 30] } },
  { name: 'no neighbours take addresses', weather: { neighbourHours: 0 } },
  { name: 'neighbours take an address at once', weather: { neighbourHours: 0.05 }, knobs: { 'alb.ipReuseSeconds': 0 } },
];
