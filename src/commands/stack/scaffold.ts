import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../../base-command.js';
import { functionCode } from '../../cli/function-code.js';
import { renderScaffold } from '../../render/scaffold.js';
import { readOptions } from '../../stack/read-options.js';
import { scaffoldStack } from '../../stack/scaffold.js';
import { codeFileOf } from '../../stack/template/index.js';

const ends = 'BRIDGE';
const make = 'STACK';

const text = (name: string, summary: string, helpValue: string, helpGroup: string) =>
  Flags.string({ summary, helpValue, env: `LBBRIDGE_${name}`, helpGroup });
const list = (name: string, summary: string, helpValue: string, helpGroup: string) =>
  Flags.string({
    ...{ summary, helpValue, helpGroup },
    multiple: true,
    multipleNonGreedy: true,
    env: `LBBRIDGE_${name}`,
  });

export default class StackScaffold extends BaseCommand {
  static override summary = 'Write the CloudFormation template of a whole bridge, or of the function for one.';
  static override description =
    'Asks AWS nothing. What is there already is named by its ARN; whatever is not named, the stack makes.';
  static override examples = [
    '<%= config.bin %> stack scaffold ./edge --vpc vpc-0a1b2c3d --subnet subnet-0a1b2c3d --subnet subnet-1a2b3c4d',
    '<%= config.bin %> stack scaffold ./edge --without api --listener tls',
    '<%= config.bin %> stack scaffold ./edge --auto-scaling-group web',
    '<%= config.bin %> stack scaffold ./edge --without api --alb ARN --target-group ARN',
    '<%= config.bin %> stack scaffold ./fleet --fleet',
  ];
  static override args = {
    directory: Args.string({
      name: 'DIR',
      description: 'Folder for template.yaml, parameters.json and README.md.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    without: Flags.option({
      summary: 'Leave a part out of the template; repeatable.',
      options: ['api', 'access-log', 'events', 'alarms'] as const,
      multiple: true,
      multipleNonGreedy: true,
      env: 'LBBRIDGE_WITHOUT',
      helpGroup: make,
    })(),
    fleet: Flags.boolean({
      summary: 'No bridge, but the function for every target group that is tagged lbbridge:source.',
      env: 'LBBRIDGE_FLEET',
      helpGroup: make,
    }),
    vpc: text('VPC', 'VPC of what the stack makes.', 'ID', make),
    subnet: list('SUBNET', 'Private subnet of the load balancers; twice or more, in different zones.', 'ID', make),
    link: Flags.option({
      summary: 'VPC link of the API: v1 (PrivateLink, the default) or v2 (interfaces in the VPC).',
      options: ['v1', 'v2'] as const,
      env: 'LBBRIDGE_LINK',
      helpGroup: make,
    })(),
    // Opens a private ALB to the internet: said on the command line, or not at all.
    auth: Flags.option({
      summary: 'Who may call the API: signed requests (iam, the default), or anybody on the internet (none).',
      options: ['iam', 'none'] as const,
      helpGroup: make,
    })(),
    'alarm-topic': text('ALARM_TOPIC', 'SNS topic that the alarms tell.', 'ARN', make),
    alb: text('ALB', 'An ALB that is there.', 'ARN', ends),
    'alb-protocol': Flags.option({
      summary: 'What the ALB speaks; http by default.',
      options: ['http', 'https'] as const,
      env: 'LBBRIDGE_ALB_PROTOCOL',
      helpGroup: ends,
    })(),
    'alb-security-group': text('ALB_SECURITY_GROUP', 'Its security group, to be opened to the NLB.', 'ID', ends),
    'alb-listener': text('ALB_LISTENER', 'Its listener, to answer the health path; with --rule-priority.', 'ARN', ends),
    'rule-priority': text('RULE_PRIORITY', 'A priority that no other rule of that listener has.', 'N', ends),
    backend: Flags.option({
      summary: 'What stands behind an ALB that the stack makes: ip (the default), instance, or none (a fixed 404).',
      options: ['ip', 'instance', 'none'] as const,
      env: 'LBBRIDGE_BACKEND',
      helpGroup: ends,
    })(),
    'backend-target': list('BACKEND_TARGET', 'An address or instance there; repeatable.', 'TARGET', ends),
    'auto-scaling-group': text(
      'AUTO_SCALING_GROUP',
      'An Auto Scaling group that is there, to serve behind that ALB; `stack deploy` attaches it.',
      'NAME',
      ends,
    ),
    nlb: text('NLB', 'An NLB that is there.', 'ARN', ends),
    'nlb-security-group': text('NLB_SECURITY_GROUP', 'Its security group, if it has one.', 'ID', ends),
    listener: Flags.option({
      summary:
        'What the NLB listens for; tcp by default. With --target-group: what its listener there speaks, for the API.',
      options: ['tcp', 'tls'] as const,
      env: 'LBBRIDGE_LISTENER',
      helpGroup: ends,
    })(),
    'target-group': text('TARGET_GROUP', 'A target group of an NLB that is there.', 'ARN', ends),
    // Writes over somebody's work: said on the command line, or not at all.
    force: Flags.boolean({ summary: 'Write over files that are there.', helpGroup: make }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StackScaffold);
    const stack = readOptions({
      fleet: flags.fleet,
      without: flags.without ?? [],
      vpc: flags.vpc,
      subnet: flags.subnet ?? [],
      link: flags.link,
      auth: flags.auth,
      alarmTopic: flags['alarm-topic'],
      alb: flags.alb,
      albProtocol: flags['alb-protocol'],
      albSecurityGroup: flags['alb-security-group'],
      albListener: flags['alb-listener'],
      rulePriority: flags['rule-priority'],
      backend: flags.backend,
      backendTarget: flags['backend-target'] ?? [],
      autoScalingGroup: flags['auto-scaling-group'],
      nlb: flags.nlb,
      nlbSecurityGroup: flags['nlb-security-group'],
      listener: flags.listener,
      targetGroup: flags['target-group'],
    });
    this.begin(flags);
    const code = await functionCode(this.config.root, codeFileOf(stack));
    const options = { directory: args.directory, stack, code, force: flags.force };
    await this.finish(await scaffoldStack(options), { render: renderScaffold, isNews: true });
  }
}
