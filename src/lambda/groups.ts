import type { SyncedSecurityGroupReport } from '../actions/outcome.js';
import type { Ports } from '../actions/ports.js';
import { findIngressEnds } from '../actions/read-ingress.js';
import { syncSecurityGroups } from '../actions/sync-security-groups.js';
import { RULES_PER_CALL } from '../aws/ports.js';
import type { Bridge } from '../config/bridge.js';
import { isOurRule } from '../plan/rule-plan.js';
import { log } from './report.js';
import type { Groups } from './run.js';

/** The part of the function that opens security groups; only stacks that need it carry it. */
export const groups: Groups = {
  async open(bridges, readOnly, ports) {
    const asking = bridges.filter(({ securityGroup }) => securityGroup !== undefined);
    if (asking.length === 0) return { status: 0 };
    const outcome = await syncSecurityGroups(asking, { readOnly }, ports);
    for (const report of outcome.result.groups) logGroup(report);
    return outcome;
  },

  async close(bridge: Bridge, { connect }: Pick<Ports, 'connect'>) {
    const { albSide, securityGroupId, nlb } = await findIngressEnds(bridge, connect);
    const rules = await albSide.securityGroups.rules(securityGroupId);
    const ours = rules.filter((rule) => isOurRule(rule, nlb.arn)).map(({ id }) => id);
    for (let start = 0; start < ours.length; start += RULES_PER_CALL) {
      await albSide.securityGroups.revokeIngress(securityGroupId, ours.slice(start, start + RULES_PER_CALL));
    }
  },
};

function logGroup({ name, securityGroupId, authorized, revoked, refusal, error }: SyncedSecurityGroupReport): void {
  if (authorized.length + revoked.length === 0 && !refusal && !error) return;
  log({
    level: error ? 'ERROR' : refusal ? 'WARN' : 'INFO',
    bridge: name,
    securityGroup: securityGroupId,
    authorized: authorized.map(({ cidr, fromPort }) => `${cidr}:${fromPort}`),
    revoked: revoked.map(({ cidr, fromPort }) => `${cidr}:${fromPort}`),
    ...(refusal ? { rule: refusal.rule, refusal: refusal.message } : {}),
    ...(error ? { error } : {}),
  });
}
