import { describe, expect, test } from 'vitest';
import { services } from '../../src/sandbox/services.js';
import type { BridgeStack } from '../../src/stack/options.js';
import { templateOf } from '../../src/stack/template/index.js';
import type { Properties } from '../../src/stack/template/model.js';
import { registered, sandboxOf } from '../support/bridge.js';
import { advance, interfacesGoFirst, replaceNode } from '../support/changes.js';
import { answersOf, aroundABridge, functionOf, openingTheGroup } from '../support/function.js';

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

function statementsOf(stack: BridgeStack): Statement[] {
  const { Policies = [] } = templateOf(stack, 'code').Resources.SyncRole?.Properties ?? {};
  return (Policies as { PolicyDocument: Properties }[]).flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement as unknown as Statement[],
  );
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
  const allowed = new Set(statements.flatMap(({ Action }) => Action));
  for (const [service, { operations }] of Object.entries(services)) {
    for (const action of Object.keys(operations)) {
      if (!allowed.has(`${service}:${action}`)) sandbox.faults.add({ kind: 'accessDenied', action });
    }
  }
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

/** What is not asked of EC2 or ELB under its own name; MiniStack enforces what is left. */
const elsewhere = ['WriteTheLog', 'TellOfFailures', 'TagItsRules'];

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
    expect(await lifeWith(stack, without)).toMatch(/^(AccessDenied|UnauthorizedOperation)$/);
  });
});
