import { describe, expect, test } from 'vitest';
import { attachmentsOf, type ScalingGroup } from '../../src/plan/scaling-groups.js';

const own = 'arn:targetgroup/edge-own/1';
const other = 'arn:targetgroup/theirs/1';
const former = 'arn:targetgroup/edge-former/1';

const group = (name: string, ...targetGroupArns: string[]): ScalingGroup => ({
  name,
  subnetIds: [],
  targetGroupArns,
  instanceIds: [],
  isBeingDeleted: false,
});

const changes = (
  groups: ScalingGroup[],
  named: string | undefined,
  targetGroupArn: string | null,
  ...going: string[]
) =>
  attachmentsOf({ groups, named, targetGroupArn, going: new Set(going) }).map(
    (one) => `${one.change} ${one.group} ${one.targetGroupArn}`,
  );

describe('what is attached to the target group of a stack', () => {
  test('the named group, once; what it is attached to besides is its own', () => {
    expect(changes([group('web', other)], 'web', own)).toEqual([`attach web ${own}`]);
    expect(changes([group('web', other, own)], 'web', own)).toEqual([`null web ${own}`]);
  });

  test('nobody else', () => {
    const groups = [group('old', own), group('web'), group('theirs', other)];
    expect(changes(groups, 'web', own)).toEqual([`attach web ${own}`, `detach old ${own}`]);
    expect(changes(groups, undefined, own)).toEqual([`detach old ${own}`]);
  });

  test('before there is a target group, the named one is still to come', () => {
    expect(changes([group('web', other)], 'web', null)).toEqual(['attach web null']);
  });

  test('nothing stays attached to a target group that goes', () => {
    expect(changes([group('web', former, own)], 'web', own, former)).toEqual([
      `detach web ${former}`,
      `null web ${own}`,
    ]);
    expect(changes([group('web', former)], 'web', null, former)).toEqual(['attach web null', `detach web ${former}`]);
    expect(changes([group('web', own)], 'web', own, own)).toEqual([`attach web ${own}`, `detach web ${own}`]);
  });
});
