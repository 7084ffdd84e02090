import { describe, expect, test } from 'vitest';
import { type OwnershipFacts, ownership } from '../../src/plan/ownership.js';
import { ALB, OTHER } from './support.js';

const of = (owner: string | undefined, more: Partial<OwnershipFacts> = {}) =>
  ownership({
    loadBalancerArn: ALB,
    tags: new Map(owner === undefined ? [] : [['lbbridge:source', owner]]),
    hasForeign: false,
    adopt: false,
    owned: false,
    pruneAll: false,
    ...more,
  });

describe('S5: whose is the target group?', () => {
  test.each<[string, string | undefined, Partial<OwnershipFacts>, object]>([
    ['tagged ours', ALB, { hasForeign: true }, { kind: 'ours', claim: false }],
    ['tagged another’s', OTHER, {}, { kind: 'others', owner: OTHER }],
    ['tagged another’s, adopted', OTHER, { adopt: true }, { kind: 'others', owner: OTHER }],
    ['tagged another’s, owned', OTHER, { owned: true }, { kind: 'others', owner: OTHER }],
    ['tagged another’s, prune all', OTHER, { pruneAll: true }, { kind: 'others', owner: OTHER }],
    ['tagged another’s, adopted from it', OTHER, { adoptFrom: OTHER }, { kind: 'ours', claim: true }],
    [
      'tagged another’s, adopted from it, owned',
      OTHER,
      { adoptFrom: OTHER, owned: true },
      { kind: 'ours', claim: true },
    ],
    ['tagged another’s, adopted from a third', OTHER, { adoptFrom: `${OTHER}0` }, { kind: 'others', owner: OTHER }],
    ['tagged with nothing', '', {}, { kind: 'others', owner: '' }],
    ['untagged, owned', undefined, { owned: true, hasForeign: true }, { kind: 'ours', claim: false }],
    ['untagged, adopted', undefined, { adopt: true, hasForeign: true }, { kind: 'ours', claim: true }],
    ['untagged, prune all', undefined, { pruneAll: true, hasForeign: true }, { kind: 'ours', claim: false }],
    ['untagged, adopted, prune all', undefined, { adopt: true, pruneAll: true }, { kind: 'ours', claim: true }],
    ['untagged, nothing foreign', undefined, {}, { kind: 'ours', claim: true }],
    ['untagged, something foreign', undefined, { hasForeign: true }, { kind: 'nobodys' }],
    ['untagged, adopted from somebody', undefined, { hasForeign: true, adoptFrom: OTHER }, { kind: 'nobodys' }],
  ])('%s', (_what, owner, more, expected) => {
    expect(of(owner, more)).toEqual(expected);
  });
});
