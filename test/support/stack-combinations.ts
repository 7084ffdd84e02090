import { UsageError } from '../../src/errors.js';
import type { StackOptions } from '../../src/stack/options.js';
import { readOptions, type StackFlags } from '../../src/stack/read-options.js';

const arn = (rest: string): string => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:${rest}`;

export const albArn = arn('loadbalancer/app/web/50dc6c495c0c9188');
export const nlbArn = arn('loadbalancer/net/edge/0123456789abcdef');
export const groupArn = arn('targetgroup/nlb-edge/73e2d6bc24d8a067');
const listener = arn('listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2');
const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const group = (digit: string): string => `sg-${digit.repeat(17)}`;

type Choice = Partial<StackFlags>;

/** What can be said about a stack, each line a question with its answers. */
const questions: readonly (readonly Choice[])[] = [
  [
    {},
    { listener: 'tls' },
    { nlb: nlbArn },
    { nlb: nlbArn, nlbSecurityGroup: group('1'), listener: 'tls' },
    { targetGroup: groupArn },
    { targetGroup: groupArn, nlb: nlbArn },
    { targetGroup: groupArn, nlb: nlbArn, listener: 'tls' },
    { targetGroup: groupArn, nlb: nlbArn, nlbSecurityGroup: group('1') },
  ],
  [
    {},
    { backend: 'ip', backendTarget: ['10.0.1.5', '10.0.2.5'] },
    { backend: 'instance', backendTarget: ['i-0a1b2c3d4e5f60718'] },
    { autoScalingGroup: 'web' },
    { backend: 'none' },
    { alb: albArn },
    { alb: albArn, albSecurityGroup: group('2') },
    { alb: albArn, albSecurityGroup: group('2'), albListener: listener, rulePriority: '7' },
  ],
  [{ albProtocol: 'http' }, { albProtocol: 'https' }],
  [
    { without: ['api'] },
    { link: 'v1', auth: 'iam' },
    { link: 'v1', auth: 'none' },
    { link: 'v2', auth: 'iam' },
    { link: 'v2', auth: 'none' },
    { without: ['access-log'] },
  ],
  [{}, { without: ['events'] }],
  [{}, { alarmTopic: topic }, { without: ['alarms'] }],
];

const nothing: StackFlags = { fleet: false, without: [], subnet: [], backendTarget: [] };

function merged(choices: readonly Choice[]): StackFlags {
  const without = choices.flatMap((one) => one.without ?? []);
  return Object.assign({}, nothing, ...choices, { without });
}

interface Combination {
  readonly flags: StackFlags;
  readonly stack: StackOptions;
  readonly pairs: readonly string[];
}

/** Every way to answer all questions that says nothing twice. */
function everyCombination(): Combination[] {
  const answers = questions.reduce<number[][]>(
    (rows, choices) => rows.flatMap((row) => choices.map((_, index) => [...row, index])),
    [[]],
  );
  return answers.flatMap((row) => {
    const flags = merged(row.map((answer, question) => questions[question]?.[answer] ?? {}));
    try {
      const pairs = row.flatMap((a, i) => row.slice(i + 1).map((b, j) => `${i}:${a} ${i + 1 + j}:${b}`));
      return [{ flags, stack: readOptions(flags), pairs }];
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}

/**
 * So few combinations that any two answers that go together meet in one of them, and the fleets, each with a name.
 */
export function pairwise(): ReadonlyMap<string, StackOptions> {
  const all = everyCombination();
  const open = new Set(all.flatMap(({ pairs }) => pairs));
  const chosen = new Map<string, StackOptions>();
  while (open.size > 0) {
    const news = ({ pairs }: Combination): number => pairs.filter((pair) => open.has(pair)).length;
    const best = all.reduce((a, b) => (news(b) > news(a) ? b : a));
    for (const pair of best.pairs) open.delete(pair);
    chosen.set(`stack-${String(chosen.size + 1).padStart(2, '0')}`, best.stack);
  }
  chosen.set('fleet', readOptions({ ...nothing, fleet: true }));
  chosen.set('fleet-alone', readOptions({ ...nothing, fleet: true, without: ['events', 'alarms'] }));
  return chosen;
}
