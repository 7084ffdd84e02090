// Writes docs/doctor.md from the tables that `lbbridge doctor` itself uses; with --check only tells whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'docs', 'doctor.md');
const { findings } = await tsImport('../src/plan/doctor/findings.ts', import.meta.url);
const { advices } = await tsImport('../src/plan/doctor/advice.ts', import.meta.url);

const section = ([id, { title, why, remedy, mends }]) =>
  [
    `### ${id}`,
    `**${title}.** ${why}`,
    [`- Remedy: ${remedy}`, ...(mends ? [`- Command: \`${mends} …\``] : [])].join('\n'),
  ].join('\n\n');

const of = (severity) => Object.entries(findings).filter(([, one]) => one.severity === severity);

const text = `# What \`lbbridge doctor\` looks for

Written from the table that the command itself uses, by \`npm run reference\`.

\`lbbridge doctor\` reads a bridge end to end and writes nothing: the ALB and its listeners, the target group, its
targets and attributes, the NLB, the security groups of both, quotas and tags. Sync's own refusals are foreseen by the
planner that a sync uses, and security groups are judged by the plan of \`lbbridge sg\`. Each finding says what was seen,
why it matters, what to do, and, where one command mends it, that command with all its arguments.

- An **error** is a finding by which traffic does not, or soon will not, flow, or by which a sync is refused: exit code 2.
- A **warning** is anything else that an expert would mention: the exit code stays 0.
- **Advice** is no finding: it tells what AWS offers in the bridge's stead, its limits, the steps of a move without
  downtime, and what would be lost.

What AWS does not let the caller read is told. Where an error could hide there, nobody can say that the bridge is sound:
the exit code is 1, and what was found all the same is shown. Where only a warning could (subnets, quotas, the targets of
other groups, the dry run), a warning says so.

${of('error').length} errors and ${of('warning').length} warnings are known. Their ids are stable.

## Errors

${of('error').map(section).join('\n\n')}

## Warnings

${of('warning').map(section).join('\n\n')}

## Advice

| id | what would do |
|---|---|
${Object.entries(advices)
  .map(([id, title]) => `| \`${id}\` | ${title} |`)
  .join('\n')}

## What it does not see

- Whether what stands behind the ALB works: that is what the ALB's own target groups tell.
- Routes, network ACLs and DNS between VPCs; certificates; who uses a VPC Link or an endpoint service.
- Whether the caller may register and deregister targets: Elastic Load Balancing has no dry run. That rules may be added
  to the ALB's security group is tried by EC2's.
- How often a bridge is synced: once a minute is assumed where the time between two runs matters.
`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') === text) process.exit(0);
  process.stderr.write('docs/doctor.md is out of date: npm run reference\n');
  process.exit(1);
}
writeFileSync(target, text);
