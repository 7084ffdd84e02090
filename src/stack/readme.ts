import type { StackOptions } from './options.js';
import { parametersOf, parametersToFill, templateOf } from './template/index.js';

/** What lies beside a template, for whoever finds the folder: what it makes, what it costs, how to deploy it. */
export function readme(options: StackOptions, name: string): string {
  const { Description, Resources } = templateOf(options, '');
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  const missing = parametersToFill(options);
  const values = [...Object.entries(parametersOf(options)), ...missing.map((parameter) => [parameter, '…'])];
  const overrides = values.map(([parameter, value]) => ` ${parameter}=${value}`).join('');
  return `# ${name}

${Description.replace('lbbridge: ', 'This stack is ')}.

## What it makes

${[...counts].map(([type, count]) => `- ${count} × ${type}`).join('\n')}

Everything carries the tag \`lbbridge:stack\`, where its type takes tags. The function may write to the bridge's target
group and its own log and queue${options.kind === 'fleet' ? ', wherever that group carries our tag' : ''}; the template says it in full, statement by statement.

## What is paid for

${paidFor(options, counts)
  .map((line) => `- ${line}`)
  .join('\n')}

## Before the deployment

${before(options, missing)
  .map((line) => `- ${line}`)
  .join('\n')}

## Deploy

With lbbridge, which checks the inputs against the account, shows the changes and asks:

\`\`\`sh
lbbridge stack deploy ${name} --from .
\`\`\`

With the AWS CLI, or SAM:

\`\`\`sh
aws cloudformation deploy --stack-name ${name} --template-file template.yaml \\
  --parameter-overrides file://parameters.json --capabilities CAPABILITY_IAM --tags lbbridge:stack=${name}

sam deploy --stack-name ${name} --template-file template.yaml --capabilities CAPABILITY_IAM \\
  --tags lbbridge:stack=${name}${overrides && ` --parameter-overrides${overrides}`}
\`\`\`

The deployment is complete when the targets are healthy, which takes an NLB some minutes.
${attaches(options)}
## Afterwards

\`\`\`sh
lbbridge stack status ${name}
lbbridge stack destroy ${name}
\`\`\`
${options.kind === 'bridge' && options.front.kind === 'target-group' ? keeps : ''}
The files are yours to change; \`lbbridge stack scaffold --force\` writes them anew.
`;
}

/** What CloudFormation leaves to whoever deploys. */
function attaches(options: StackOptions): string {
  const own = options.kind === 'bridge' && options.back.kind === 'own' ? options.back.backend : null;
  if (own?.autoScalingGroup === undefined) return '';
  return `
lbbridge then attaches the Auto Scaling group, and detaches it before it takes the stack down. Whoever deploys otherwise
does both by hand, the second before the stack goes: to a target group that is gone a group launches no instances.

\`\`\`sh
aws autoscaling attach-load-balancer-target-groups --auto-scaling-group-name ${quoted(own.autoScalingGroup)} --target-group-arns ARN
aws autoscaling detach-load-balancer-target-groups --auto-scaling-group-name ${quoted(own.autoScalingGroup)} --target-group-arns ARN
\`\`\`

ARN is the stack's output \`AlbTargetGroupArn\`.
`;
}

const quoted = (name: string): string => (name.includes(' ') ? `'${name}'` : name);

const keeps = `
A target group that was in use before the stack came is left as it stands when the stack goes: it goes on serving, and
nothing follows the ALB any more.
`;

function paidFor({ kind, ...options }: StackOptions, counts: ReadonlyMap<string, number>): string[] {
  const count = (type: string): number => counts.get(type) ?? 0;
  const balancers = count('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const alarms = count('AWS::CloudWatch::Alarm');
  const api = count('AWS::ApiGateway::RestApi') > 0;
  return [
    ...(balancers > 0 ? [`${balancers} load balancer${balancers > 1 ? 's' : ''}, by the hour and by capacity`] : []),
    'the function: a run a minute, about 43,800 a month, each as long as a few calls take',
    `6 metrics of the function's own${kind === 'fleet' ? ', over all bridges' : ''}`,
    ...(alarms > 0 ? [`${alarms} alarms`] : []),
    'what is logged: a line a minute, and one for each change',
    ...(api ? ['the API, by the request'] : []),
    ...(options.events ? ['a CloudTrail trail, if you make one for the event rule'] : []),
  ];
}

function before(options: StackOptions, missing: readonly string[]): string[] {
  const lines = missing.length > 0 ? [`Fill in \`parameters.json\`: ${missing.join(', ')}.`] : [];
  if (options.kind === 'bridge' && options.api?.accessLog) {
    lines.push('API Gateway needs its account-wide role for logs, which the stack neither makes nor takes away.');
  }
  if (options.kind === 'bridge' && options.back.kind === 'alb' && options.back.securityGroup === undefined) {
    lines.push('The security group of the ALB is left alone: see that it lets the NLB in.');
  }
  if (options.events) lines.push('Without a CloudTrail trail the event rule never fires; the schedule does its work.');
  if (options.kind === 'bridge' && options.api?.auth === 'none') {
    lines.push('The API is open to anybody on the internet (`--auth none`).');
  }
  return lines;
}
