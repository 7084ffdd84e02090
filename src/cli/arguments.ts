import * as Args from '@oclif/core/args';

/** Of the commands that are about one target group, whatever fills it. */
export const targetGroupArgument = Args.string({
  name: 'TARGET_GROUP',
  description: 'Name or ARN of the target group.',
  required: true,
  ignoreStdin: true,
});

export const bridgesArgument = Args.string({
  description: 'Bridges of lbbridge.yaml; all of them by default.',
  multiple: true,
  ignoreStdin: true,
});
