import { describe, expect, test } from 'vitest';
import { resolve } from '../../src/sandbox/cloudformation/template.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { BridgeStack, StackOptions } from '../../src/stack/options.js';
import { templateOf } from '../../src/stack/template/index.js';
import type { Properties } from '../../src/stack/template/model.js';
import { registered, sandboxOf } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { answersOf, aroundABridge, functionOf, openingTheGroup } from '../support/function.js';
import { type Policy, printed, under } from '../support/policies.js';

interface Statement extends Properties {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

function statementsOf(stack: StackOptions): Statement[] {
  const { Policies = [] } = templateOf(stack, 'code').Resources.SyncRole?.Properties ?? {};
  return (Policies as { PolicyDocument: Properties }[]).flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement as Statement[],
  );
}

/** The statements as CloudFormation would have put them into the role. */
function filledIn(statements: readonly Statement[], { stage }: Sandbox): Policy['Statement'] {
  const parameters = new Map([
    ['AlbArn', stage.alb.arn],
    ['TargetGroupArn', stage.group.arn],
    ['AlbSecurityGroupId', stage.alb.securityGroupIds[0] ?? ''],
  ]);
  const pseudo = new Map([
    ['AWS::Partition', 'aws'],
    ['AWS::Region', stage.builder.region.name],
    ['AWS::AccountId', stage.group.ownerId],
  ]);
  const scope = { pseudo, ref: () => undefined, attribute: (logicalId: string) => logicalId };
  const values = JSON.parse(JSON.stringify(statements));
  return resolve(values, { template: { Resources: {} }, parameters }, scope) as unknown as Policy['Statement'];
}

/**
 * The whole life of a bridge with a role that may do just these things: registers, follows a replaced node, and is
 * deleted. Gives what went wrong, or null.
 */
async function lifeWith(stack: BridgeStack, statements: readonly Statement[]): Promise<string | null> {
  const scenario = stack === openingTheGroup ? 'closed' : 'bridge';
  const sandbox = await sandboxOf({ scenario, knobs: interfacesGoFirst });
  const { alb, group } = sandbox.stage;
  group.targets.clear();
  group.tags.clear();
  under(sandbox, { Version: '2012-10-17', Statement: filledIn(statements, sandbox) });
  const invoke = await functionOf(sandbox, stack);
  const answers = await answersOf();
  const failures: (string | undefined)[] = [(await invoke()).error?.name];
  advance(sandbox, 400);
  replaceNode(sandbox, 'a');
  for (let minute = 0; minute < 6; minute += 1) {
    failures.push((await invoke()).error?.name);
    advance(sandbox, 60);
  }
  const deletion = {
    RequestType: 'Delete',
    ResponseURL: answers.url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Bridge',
    PhysicalResourceId: group.arn,
    ResourceProperties: {
      Alb: alb.arn,
      TargetGroup: group.arn,
      ...(stack === openingTheGroup ? { SecurityGroup: alb.securityGroupIds[0] } : {}),
    },
  };
  failures.push((await invoke(deletion, 60_000)).error?.name);
  await answers.close();
  const failure = failures.find((name) => name !== undefined);
  if (failure === undefined) expect(registered(sandbox)).toEqual([]);
  return failure ?? null;
}

/** Written by Lambda itself, for the function. */
const elsewhere = ['WriteTheLog', 'TellOfFailures'];

describe.each([
  ['whose rule is in the template', aroundABridge],
  ['whose function opens the group', openingTheGroup],
])('the role of a stack %s', (_, stack) => {
  const statements = statementsOf(stack);
  const asked = statements.filter(({ Sid }) => !elsewhere.includes(Sid));

  test('suffices for the whole life of a bridge', async () => {
    expect(await lifeWith(stack, statements)).toBeNull();
  });

  test.each(asked.map(({ Sid }) => Sid))('needs %s', async (Sid) => {
    const without = statements.filter((statement) => statement.Sid !== Sid);
    expect(await lifeWith(stack, without)).toMatch(/^(AccessDenied|UnauthorizedOperation)$/);
  });

  // The subnets and zones are for an ALB in another VPC or account, the prefix lists for a group that has such rules.
  const everyday = asked
    .flatMap(({ Action }) => Action)
    .filter((action) => !/Subnets|AvailabilityZones|PrefixList/.test(action));
  test.each(everyday)('needs %s', async (action) => {
    const without = statements.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    }));
    const some = without.filter(({ Action }) => Action.length > 0);
    expect(await lifeWith(stack, some)).toMatch(/^(AccessDenied|UnauthorizedOperation)$/);
  });
});

/** Action -> the conditions under which it is allowed. */
const conditionsOf = (statements: readonly Pick<Policy['Statement'][number], 'Action' | 'Condition'>[]) =>
  Object.fromEntries(
    statements.flatMap(({ Action, Condition }) => [Action].flat().map((action) => [action, Condition ?? null])),
  );

test.each<[string, StackOptions, string[]]>([
  ['around a bridge', aroundABridge, ['--target-group', 'nlb-edge']],
  ['that opens the group', openingTheGroup, ['--target-group', 'nlb-edge', '--security-group', 'sg-11111111111111111']],
  ['of a fleet', { kind: 'fleet', events: false, alarms: null }, []],
])(
  'the printed policy allows what the role of a stack does, under the same conditions: %s',
  async (_, stack, flags) => {
    const role = statementsOf(stack) as unknown as Policy['Statement'];
    expect(conditionsOf((await printed('lambda', ...flags)).Statement)).toEqual(conditionsOf(role));
  },
);
