import { List, type Operation, type ServiceTable } from '../wire/operation.js';
import {
  describeTargetGroupAttributes,
  modifyLoadBalancerAttributes,
  modifyTargetGroupAttributes,
} from './attributes.js';
import {
  createListener,
  deleteListener,
  describeListenerAttributes,
  describeListeners,
  modifyListener,
} from './listeners.js';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  describeLoadBalancerAttributes,
  describeLoadBalancers,
  setIpAddressType,
  setSecurityGroups,
  setSubnets,
} from './load-balancers.js';
import { createRule, deleteRule, describeRules, modifyRule } from './rules.js';
import { addTags, describeTags, removeTags } from './tags.js';
import { createTargetGroup, deleteTargetGroup, describeTargetGroups, modifyTargetGroup } from './target-groups.js';
import { deregisterTargets, describeTargetHealth, registerTargets } from './targets.js';

const describeAccountLimits: Operation = ({ world: { knobs } }) => ({
  Limits: new List(
    Object.entries({
      'application-load-balancers': knobs['quota.loadBalancers'],
      'network-load-balancers': knobs['quota.loadBalancers'],
      'listeners-per-network-load-balancer': knobs['quota.listeners'],
      'target-groups': knobs['quota.targetGroups'],
      'targets-per-target-group': knobs['quota.targetsPerGroup'],
      'targets-per-network-load-balancer': knobs['quota.targetsPerNlb'],
      'targets-per-availability-zone-per-network-load-balancer': knobs['quota.targetsPerZonePerNlb'],
    }).map(([Name, Max]) => ({ Name, Max: String(Max) })),
  ),
});

/** Elastic Load Balancing, version 2: application, network and gateway load balancers. Classic ones are not modelled. */
export const elbv2: ServiceTable = {
  version: '2015-12-01',
  operations: {
    DescribeLoadBalancers: describeLoadBalancers,
    CreateLoadBalancer: createLoadBalancer,
    DeleteLoadBalancer: deleteLoadBalancer,
    SetSubnets: setSubnets,
    SetSecurityGroups: setSecurityGroups,
    SetIpAddressType: setIpAddressType,
    DescribeLoadBalancerAttributes: describeLoadBalancerAttributes,
    ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
    DescribeTargetGroups: describeTargetGroups,
    CreateTargetGroup: createTargetGroup,
    ModifyTargetGroup: modifyTargetGroup,
    DeleteTargetGroup: deleteTargetGroup,
    DescribeTargetGroupAttributes: describeTargetGroupAttributes,
    ModifyTargetGroupAttributes: modifyTargetGroupAttributes,
    RegisterTargets: registerTargets,
    DeregisterTargets: deregisterTargets,
    DescribeTargetHealth: describeTargetHealth,
    DescribeListeners: describeListeners,
    CreateListener: createListener,
    ModifyListener: modifyListener,
    DeleteListener: deleteListener,
    DescribeListenerAttributes: describeListenerAttributes,
    DescribeRules: describeRules,
    CreateRule: createRule,
    ModifyRule: modifyRule,
    DeleteRule: deleteRule,
    DescribeTags: describeTags,
    AddTags: addTags,
    RemoveTags: removeTags,
    DescribeAccountLimits: describeAccountLimits,
  },
};
