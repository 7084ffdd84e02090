import type { DoctorFacts } from './facts.js';
import type { Found } from './findings.js';
import { setAttribute } from './group.js';

/** AWS's default, in seconds: long enough for a request to end, short enough that the address is hardly reused. */
const DELAY = 300;
/** The usual time between two syncs, in seconds. */
const SCHEDULE = 60;

/** What the target group does with connections. */
export function attributeFindings(facts: DoctorFacts): Found[] {
  const { groupAttributes: attributes, sync } = facts;
  const { name } = sync.targetGroup;
  const is = (key: string, value: string): boolean => attributes?.get(key) === value;
  const out: Found[] = [];
  if (is('proxy_protocol_v2.enabled', 'true')) {
    out.push({
      id: 'proxy-protocol',
      message: `${name} sends a PROXY protocol header ahead of each connection.`,
      command: setAttribute(facts, 'proxy_protocol_v2.enabled', 'false'),
    });
  }
  if (is('deregistration_delay.connection_termination.enabled', 'false')) {
    out.push({
      id: 'connections-outlive-targets',
      message: `${name} leaves connections open when a target's deregistration delay has ended.`,
      command: setAttribute(facts, 'deregistration_delay.connection_termination.enabled', 'true'),
    });
  }
  const delay = attributes?.get('deregistration_delay.timeout_seconds');
  if (delay === undefined) return out;
  const command = setAttribute(facts, 'deregistration_delay.timeout_seconds', String(DELAY));
  if (Number(delay) > DELAY) {
    const message = `The deregistration delay of ${name} is ${delay} s: with the time between two syncs, a connection may last that long and more after its address has gone.`;
    out.push({ id: 'deregistration-delay-long', message, command });
  }
  if (Number(delay) < SCHEDULE) {
    const message = `The deregistration delay of ${name} is ${delay} s, less than the ${SCHEDULE} s that usually lie between two syncs.`;
    out.push({ id: 'deregistration-delay-short', message, command });
  }
  return out;
}
