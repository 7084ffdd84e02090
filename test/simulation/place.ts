import type { Aws, LoadBalancing, Network } from '../../src/aws/ports.js';
import { AwsFailure } from '../../src/errors.js';
import type { Tags, Target, NetworkInterface as ToolInterface } from '../../src/plan/model.js';
import { HOME_ACCOUNT, keysOf } from '../../src/sandbox/create-world.js';
import { zoneName } from '../../src/sandbox/regions.js';
import type { Stage } from '../../src/sandbox/scenarios/index.js';
import { services } from '../../src/sandbox/services.js';
import type { NetworkInterface } from '../../src/sandbox/state.js';
import { AwsError, type Call } from '../../src/sandbox/wire/operation.js';
import { Params } from '../../src/sandbox/wire/params.js';
import type { World } from '../../src/sandbox/world.js';

/** What is wrong with the reads of this moment, the same for everybody who asks. */
export type Condition =
  | { readonly kind: 'stale'; readonly interfaces: readonly ToolInterface[] }
  /** Interfaces are left out: by every read, or only by one that goes by description. */
  | { readonly kind: 'partial'; readonly hides: (one: ToolInterface) => boolean; readonly byAddressToo: boolean }
  | { readonly kind: 'throttled' };

/**
 * The simulated AWS without its wire: what a client reads and writes, as the ports of lbbridge and as the rivals see it.
 * That both ways give the same answers is tested in place.test.ts.
 */
export class Place {
  /** Calls made by whoever is being watched. */
  calls = 0;
  /** Successful writes. */
  writes = 0;
  condition: Condition | null = null;
  private readonly principal;
  private readonly account;

  constructor(
    readonly world: World,
    readonly stage: Stage,
  ) {
    const account = world.accounts.get(HOME_ACCOUNT);
    const credential = world.credentials.get(keysOf(world, HOME_ACCOUNT).accessKeyId);
    if (!account || !credential) throw new Error('no home account');
    this.account = account;
    this.principal = credential.principal;
  }

  /** Interfaces as they are, whatever the condition. */
  currentInterfaces(): ToolInterface[] {
    return [...this.stage.builder.region.interfaces.values()].map((one) => this.toTool(one));
  }

  /** What a read of interfaces gives at this moment; one page holds `page` of them, in no order. */
  interfaces(matches: (one: ToolInterface) => boolean, byAddress = false): ToolInterface[] {
    this.call();
    const { condition } = this;
    const all = condition?.kind === 'stale' ? condition.interfaces : this.currentInterfaces();
    const seen = all.filter(matches);
    if (condition?.kind !== 'partial' || (byAddress && !condition.byAddressToo)) return seen;
    return seen.filter((one) => !condition.hides(one));
  }

  targets(): Target[] {
    this.call();
    return [...this.stage.group.targets.values()].map(({ id, port, zone, state, reason, override }) => ({
      ip: id,
      port,
      zone: zone === undefined ? null : this.zoneName(zone),
      state,
      reason: reason ?? null,
      override,
    }));
  }

  tags(): Tags {
    this.call();
    return new Map(this.stage.group.tags);
  }

  register(ips: readonly string[]): void {
    this.write('RegisterTargets', ips);
  }

  deregister(ips: readonly string[]): void {
    this.write('DeregisterTargets', ips);
  }

  private write(action: string, ips: readonly string[]): void {
    if (ips.length === 0) return;
    const pairs = ips.flatMap((ip, index): [string, string][] => [
      [`Targets.member.${index + 1}.Id`, ip],
      [`Targets.member.${index + 1}.Port`, String(this.stage.group.port)],
    ]);
    this.operate(action, { TargetGroupArn: this.stage.group.arn, ...Object.fromEntries(pairs) });
    this.writes += 1;
  }

  private operate(action: string, params: Record<string, string>): void {
    this.call();
    const call: Call = {
      world: this.world,
      region: this.stage.builder.region,
      account: this.account,
      principal: this.principal,
      params: Params.parse(new URLSearchParams(params).toString(), 'query'),
    };
    try {
      services.elasticloadbalancing.operations[action]?.(call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsFailure(`elasticloadbalancing:${action}`, error.code, error.message);
    }
  }

  private call(): void {
    this.calls += 1;
    if (this.condition?.kind === 'throttled') throw new AwsFailure('any', 'Throttling', 'Rate exceeded');
  }

  zoneName(zoneId: string): string {
    return zoneName(this.world, this.account, this.stage.builder.region, zoneId);
  }

  /** The ports of lbbridge onto this place: those that a sync of one bridge in one account and VPC asks. */
  aws(): Aws {
    const { builder, alb, group } = this.stage;
    const network: Partial<Network> = {
      region: builder.regionName,
      interfacesByDescription: async (text) => this.interfaces(({ description }) => description === text),
      interfacesByAddress: async (vpcId, ips) =>
        this.interfaces((one) => one.vpcId === vpcId && one.addresses.some(({ ip }) => ips.includes(ip)), true),
    };
    const loadBalancing: Partial<LoadBalancing> = {
      region: builder.regionName,
      loadBalancer: async (arn) => {
        this.call();
        if (arn !== alb.arn) return null;
        return {
          type: 'application',
          name: alb.name,
          arn,
          dnsName: alb.dnsName,
          vpcId: alb.vpcId,
          state: alb.state,
          scheme: alb.scheme,
          zones: alb.zones.map(({ zoneId, subnetId }) => ({ zoneName: this.zoneName(zoneId), subnetId })),
          securityGroupIds: alb.securityGroupIds,
          ipAddressType: alb.ipAddressType,
          enforcesPrivateLinkRules: null,
        };
      },
      targetGroup: async (arn) => {
        this.call();
        if (arn !== group.arn) return null;
        const { protocol, port, path, matcher, intervalSeconds, healthyThreshold, unhealthyThreshold } =
          group.healthCheck;
        return {
          arn,
          name: group.name,
          protocol: group.protocol,
          port: group.port,
          vpcId: group.vpcId,
          targetType: group.targetType,
          ipAddressType: group.ipAddressType,
          loadBalancerArns: [this.stage.nlb.arn],
          healthCheck: {
            protocol,
            port,
            path: path ?? null,
            matcher: matcher ?? null,
            intervalSeconds,
            healthyThreshold,
            unhealthyThreshold,
          },
        };
      },
      targets: async () => this.targets(),
      tags: async () => this.tags(),
      registerTargets: async (_arn, targets) => this.register(targets.map(({ ip }) => ip)),
      deregisterTargets: async (_arn, targets) => this.deregister(targets.map(({ ip }) => ip)),
      addTags: async (_arn, tags) => {
        this.call();
        for (const [name, value] of tags) group.tags.set(name, value);
      },
    };
    // A sync asks for nothing else here; what it did ask for would fail loudly.
    return { region: builder.regionName, network, loadBalancing } as Aws;
  }

  private toTool(one: NetworkInterface): ToolInterface {
    return {
      id: one.id,
      description: one.description,
      status: one.status,
      interfaceType: one.interfaceType,
      requesterManaged: one.requesterManaged,
      requesterId: one.requesterId,
      attachmentOwnerId: one.attachment?.instanceOwnerId ?? null,
      attachmentStatus: one.attachment?.status ?? null,
      ownerId: one.ownerId,
      vpcId: one.vpcId,
      subnetId: one.subnetId,
      securityGroupIds: one.securityGroupIds,
      zoneName: this.zoneName(one.zoneId),
      zoneId: one.zoneId,
      addresses: [
        ...one.privateIps.map(({ ip, publicIp }, index) => ({
          ip,
          family: 'ipv4' as const,
          primary: index === 0,
          publicIp: publicIp ?? null,
        })),
        ...one.ipv6Addresses.map((ip) => ({ ip, family: 'ipv6' as const, primary: false, publicIp: null })),
      ],
    };
  }
}
