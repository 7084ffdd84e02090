import { OperationError } from '../errors.js';
import type { Refusal } from '../plan/refusals.js';
import { isBusy, isOurs, type Stack } from '../plan/stack.js';

/** S5: a stack that lbbridge did not make is not touched. */
export const notOurStack = (stack: Stack): Refusal | null =>
  isOurs(stack)
    ? null
    : {
        rule: 'S5',
        message: `The stack ${stack.name} carries no tag lbbridge:stack: it is none of ours.`,
        suggestions: ['Choose another name; or, where it is a stack of ours, give it the tag with the AWS CLI.'],
        scope: 'everything',
      };

/** S13: the name that was typed is another. */
export const anotherStack = (name: string, said: string): Refusal => ({
  rule: 'S13',
  message: `${JSON.stringify(said)} is not the name of the stack, which is ${name}: nothing was changed.`,
  suggestions: [`To go on with this stack: --confirm ${name}`],
  scope: 'everything',
});

/** What a stack in this state needs before anything else can be done with it. */
export function nextStep({ name, status }: Stack): string[] {
  if (isBusy(status)) {
    return [
      `Wait until AWS is done: lbbridge stack status ${name}`,
      ...(status === 'UPDATE_IN_PROGRESS'
        ? [`Or stop it: aws cloudformation cancel-update-stack --stack-name ${name}`]
        : []),
    ];
  }
  switch (status) {
    case 'ROLLBACK_COMPLETE':
      return [`It was never complete and can only be deleted: lbbridge stack destroy ${name}. Then deploy it anew.`];
    case 'UPDATE_ROLLBACK_FAILED':
      return [`Bring it back to its last good state: aws cloudformation continue-update-rollback --stack-name ${name}`];
    case 'UPDATE_ROLLBACK_COMPLETE':
      return ['It is as it was before. Mend the cause and deploy again.'];
    case 'DELETE_FAILED':
      return [`Finish its deletion: lbbridge stack destroy ${name}`];
    default:
      return [`See what is left: lbbridge stack status ${name}. Delete it: lbbridge stack destroy ${name}`];
  }
}

export const wrongState = (stack: Stack, what: string): OperationError =>
  new OperationError(
    isBusy(stack.status) ? 'StackBusy' : 'StackBlocked',
    `The stack ${stack.name} is in ${stack.status}: it cannot be ${what}.`,
    nextStep(stack),
  );
