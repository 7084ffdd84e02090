import { ec2 } from './ec2/index.js';
import { elbv2 } from './elbv2/index.js';
import { sts } from './sts/index.js';
import type { Operation } from './wire/operation.js';
import type { Service } from './wire/xml.js';

export interface ServiceTable {
  readonly version: string;
  readonly operations: Record<string, Operation>;
  /** Operations that need no signature: whoever asks shows a token instead. */
  readonly unsigned?: readonly string[];
  /** Top-level parameters of each operation, where the service refuses those it does not know. */
  readonly parameters?: Record<string, readonly string[]>;
}

/** Every operation that the simulated AWS answers, by signing name. */
export const services: Record<Service, ServiceTable> = { ec2, elasticloadbalancing: elbv2, sts };
