import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base-command.js';
import { listOf } from '../cli/flags.js';
import { policyScope } from '../config/policy-scope.js';
import { leastPolicy } from '../policy/index.js';
import { policyUses } from '../policy/model.js';
import { policyWarnings } from '../policy/warnings.js';

export default class Policy extends BaseCommand {
  static override summary = 'Print the least IAM policy for a use of lbbridge.';
  static override description =
    'Asks AWS nothing. Name the target groups and security groups to narrow the writes to them; reads cannot be narrowed. ' +
    'docs/policy.md says what each statement is for.';
  static override examples = [
    '<%= config.bin %> policy --for sync --target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/nlb-edge/6d0ecf831eec9f09 > policy.json',
    'aws iam create-policy --policy-name lbbridge --policy-document file://policy.json',
    '<%= config.bin %> policy --for sg --security-group sg-0123456789abcdef0 --json',
  ];
  static override flags = {
    for: Flags.option({
      summary: 'What it is to allow.',
      options: policyUses,
      required: true,
      env: 'LBBRIDGE_FOR',
    })(),
    'target-group': Flags.string({
      summary: 'Only this target group may be written to: name or ARN; repeatable.',
      helpValue: 'GROUP',
      multiple: true,
      multipleNonGreedy: true,
      env: 'LBBRIDGE_TARGET_GROUP',
    }),
    'security-group': Flags.string({
      summary: 'Only this security group may be written to: id or ARN; repeatable.',
      helpValue: 'ID|ARN',
      multiple: true,
      multipleNonGreedy: true,
      env: 'LBBRIDGE_SECURITY_GROUP',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Policy);
    const scope = policyScope({
      region: flags.region,
      targetGroups: listOf(flags['target-group']),
      securityGroups: listOf(flags['security-group']),
    });
    this.begin(flags);
    const policy = leastPolicy(flags.for, scope);
    const outcome = { result: { policy }, warnings: policyWarnings(policy, scope), status: 0 };
    await this.finish(outcome, { render: (result) => JSON.stringify(result.policy, null, 2), isNews: true });
  }
}
