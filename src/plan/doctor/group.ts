import { awsOnGroupSide } from './command.js';
import type { DoctorFacts } from './facts.js';
import type { Found } from './findings.js';

/** What is wrong with the kind of the target group. Groups that no sync takes are found before any facts are read. */
export function groupFindings({ sync: { targetGroup } }: DoctorFacts): Found[] {
  const { name, protocol } = targetGroup;
  if (protocol === 'TCP' || protocol === 'TLS') return [];
  return [
    {
      id: 'target-group-protocol',
      message: `${name} is a target group of protocol ${protocol}; an ALB answers TCP alone.`,
    },
  ];
}

/** What a setting of the group is to be, as a command. */
export const setAttribute = ({ sync: { targetGroup } }: DoctorFacts, key: string, value: string) =>
  awsOnGroupSide(
    'elbv2',
    'modify-target-group-attributes',
    '--target-group-arn',
    targetGroup.arn,
    '--attributes',
    `Key=${key},Value=${value}`,
  );

/** What the health check of the group is to be, as a command. */
export const setHealthCheck = ({ sync: { targetGroup } }: DoctorFacts, ...flags: string[]) =>
  awsOnGroupSide('elbv2', 'modify-target-group', '--target-group-arn', targetGroup.arn, ...flags);
