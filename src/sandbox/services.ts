import { acm } from './acm/index.js';
import { apigateway } from './apigateway/index.js';
import { autoscaling } from './autoscaling/index.js';
import { cloudformation } from './cloudformation/index.js';
import { ec2 } from './ec2/index.js';
import { elbv2 } from './elbv2/index.js';
import { logs } from './logs/index.js';
import { s3 } from './s3/index.js';
import { sts } from './sts/index.js';
import type { ServiceTable } from './wire/operation.js';
import type { Service } from './wire/xml.js';

/** Every operation that the simulated AWS answers, by signing name. */
export const services: Record<Service, ServiceTable> = {
  acm,
  apigateway,
  autoscaling,
  cloudformation,
  ec2,
  elasticloadbalancing: elbv2,
  logs,
  s3,
  sts,
};
