import type { World } from '../world.js';
import type { Service } from './xml.js';

/** Token buckets as AWS documents them: one call takes one token, retries included. Per account and Region. */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly world: World,
    private readonly realNow: () => number = () => performance.now(),
  ) {}

  /** Takes a token; false where the bucket is empty. */
  admits(service: Service, action: string, owner: string, isUnbounded: boolean): boolean {
    const { knobs, clock } = this.world;
    if (!knobs['throttle.enabled'] || !documented.has(service)) return true;
    const { bucket, capacity, perSecond } = limitOf(service, action, isUnbounded);
    const now = (knobs['throttle.clock'] === 'real' ? this.realNow() : clock.now) / 1000;
    const key = `${owner} ${service} ${bucket}`;
    const held = this.buckets.get(key) ?? { tokens: capacity, at: now };
    const tokens = Math.min(capacity, held.tokens + (now - held.at) * perSecond);
    const admitted = tokens >= 1;
    this.buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at: now });
    return admitted;
  }
}

/** The services whose buckets AWS tells. */
const documented: ReadonlySet<Service> = new Set(['ec2', 'elasticloadbalancing']);

interface Limit {
  bucket: string;
  capacity: number;
  perSecond: number;
}

/** Sources: the API throttling pages of EC2 and Elastic Load Balancing; mutating EC2 calls are an assumption. */
function limitOf(service: Service, action: string, isUnbounded: boolean): Limit {
  if (service === 'ec2') {
    if (!action.startsWith('Describe')) {
      const large = /^(Create|Delete|Modify)NetworkInterface|^(Authorize|Revoke)SecurityGroupIngress$/.test(action);
      return { bucket: action, capacity: large ? 100 : 50, perSecond: 5 };
    }
    return isUnbounded
      ? { bucket: `${action} unbounded`, capacity: 50, perSecond: 10 }
      : { bucket: action, capacity: 100, perSecond: 20 };
  }
  if (action.startsWith('Describe')) return { bucket: 'Describe', capacity: 40, perSecond: 10 };
  if (/^(Register|Deregister)Targets$/.test(action)) return { bucket: 'targets', capacity: 20, perSecond: 4 };
  if (action.startsWith('Modify')) return { bucket: 'Modify', capacity: 20, perSecond: 3 };
  return { bucket: 'other', capacity: 40, perSecond: 10 };
}
