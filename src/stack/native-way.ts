import type { StackOptions } from './options.js';

/** How AWS itself would join the two, where the options leave that open; null where it could not. */
export function nativeWay(options: StackOptions): string | null {
  if (options.kind === 'fleet' || options.front.kind === 'target-group') return null;
  const near = options.back.kind === 'own' ? '' : ', if the ALB is in the same VPC and account';
  if (options.api) {
    return `Without a bridge: a VPC link V2 takes a REST API straight to an internal ALB${near}.`;
  }
  if (options.front.protocol === 'TLS') return null;
  return `Without a bridge: an NLB can target an ALB itself (target type alb, TCP)${near}.`;
}
