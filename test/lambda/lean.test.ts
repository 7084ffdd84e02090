import { describe, expect, test } from 'vitest';
import * as whole from '../../src/config/reference.js';
import { UsageError } from '../../src/errors.js';
import * as lean from '../../src/lambda/lean/reference.js';

const balancers = ['app/web/50dc6c495c0c9188', 'net/edge-1/0123456789abcdef', 'gwy/g/0123456789abcdef'].flatMap(
  (path) =>
    ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b'].map(
      (partition) => `arn:${partition}:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/${path}`,
    ),
);
const group = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/nlb-edge/73e2d6bc24d8a067';

describe('what the function has in the place of the command line’s references', () => {
  test.each(balancers)('takes %s apart in the same way', (arn) => {
    expect(lean.parseLoadBalancerReference(arn)).toEqual(whole.parseLoadBalancerReference(arn));
    expect(lean.parseAlbArn(arn)).toEqual(whole.parseAlbArn(arn));
  });

  test('and a target group’s ARN', () => {
    expect(lean.parseTargetGroupReference(group)).toEqual(whole.parseTargetGroupReference(group));
  });

  test.each(['web', '', `${group} `, group, 'arn:aws:s3:::web'])('takes %j for no load balancer', (text) => {
    expect(() => lean.parseLoadBalancerReference(text)).toThrow(UsageError);
    expect(lean.parseAlbArn(text)).toBeNull();
  });

  test.each(['nlb-edge', balancers[0] ?? ''])('takes %j for no target group', (text) => {
    expect(() => lean.parseTargetGroupReference(text)).toThrow(UsageError);
  });
});
