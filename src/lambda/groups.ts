import type { SyncedSecurityGroupReport } from '../actions/outcome.js';
import { syncSecurityGroups } from '../actions/sync-security-groups.js';
import { log } from './report.js';
import type { OpenGroups } from './run.js';

/** The part of the function that opens security groups; only stacks that need it carry it. */
export const openGroups: OpenGroups = async (bridges, readOnly, ports) => {
  const asking = bridges.filter(({ securityGroup }) => securityGroup !== undefined);
  if (asking.length === 0) return { status: 0 };
  const outcome = await syncSecurityGroups(asking, { readOnly }, ports);
  for (const report of outcome.result.groups) logGroup(report);
  return outcome;
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
