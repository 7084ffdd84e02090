import type { Aws } from '../aws/ports.js';
import type { NetworkInterface } from '../plan/model.js';
import type { StackResource } from '../plan/stack.js';

/** Something that keeps a resource from being deleted. */
export interface Hold {
  readonly resource: StackResource;
  readonly message: string;
  /** What to do about it; null: it passes by itself. */
  readonly remedy: string | null;
}

/**
 * Looks for what AWS would refuse a deletion for. What only AWS itself still holds (interfaces that outlive their load
 * balancer, an NLB whose link has just gone) passes within minutes; anything else is somebody's to end.
 * @param all of the stack, those that are gone already included
 */
export async function holdsOn(
  resources: readonly StackResource[],
  all: readonly StackResource[],
  aws: Aws,
): Promise<Hold[]> {
  const found = await Promise.all(
    resources.map((resource) => {
      if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') return holdsOnBalancer(resource, aws);
      if (resource.type === 'AWS::EC2::SecurityGroup') return holdsOnGroup(resource, all, aws);
      return [];
    }),
  );
  return found.flat();
}

async function holdsOnBalancer(resource: StackResource, { loadBalancing }: Aws): Promise<Hold[]> {
  const arn = resource.physicalId ?? '';
  const balancer = await loadBalancing.loadBalancer(arn);
  if (balancer === null) return [];
  const attributes = await loadBalancing.loadBalancerAttributes(arn);
  if (attributes.get('deletion_protection.enabled') !== 'true') return [];
  return [
    {
      resource,
      message: `Deletion protection is on for the load balancer ${balancer.name}.`,
      remedy: `aws elbv2 modify-load-balancer-attributes --load-balancer-arn ${arn} --attributes Key=deletion_protection.enabled,Value=false`,
    },
  ];
}

async function holdsOnGroup(
  resource: StackResource,
  all: readonly StackResource[],
  { network, securityGroups }: Aws,
): Promise<Hold[]> {
  const groupId = resource.physicalId ?? '';
  const [interfaces, groups] = await Promise.all([
    network.interfacesByGroup(groupId),
    securityGroups.referringTo(groupId),
  ]);
  const own = (id: string): boolean => all.some(({ physicalId }) => physicalId?.endsWith(id));
  return [
    ...interfaces.map((one): Hold => {
      const balancer = balancerOf(one);
      const user = balancer === null ? `the interface ${one.id} (${one.description || 'no description'})` : balancer;
      const passes = balancer !== null && own(balancer);
      return {
        resource,
        message: passes
          ? `The interface ${one.id} of ${balancer} is still there, and uses ${groupId}.`
          : `The security group ${groupId} is used by ${user}.`,
        remedy: passes ? null : `Give ${user} another security group, or delete it.`,
      };
    }),
    ...groups
      .filter(({ id }) => !own(id))
      .map(({ id, name }) => ({
        resource,
        message: `Rules of the security group ${id} (${name}) refer to ${groupId}.`,
        remedy: `Take those rules out of ${id}.`,
      })),
  ];
}

/** `net/edge/0123…` where AWS made the interface for a load balancer: it goes some minutes after that. */
const balancerOf = ({ requesterManaged, description }: NetworkInterface): string | null =>
  requesterManaged && description.startsWith('ELB ') ? description.slice('ELB '.length) : null;
