import { describe, expect, it } from 'vitest';
import { query, queryError } from './answers.js';
import { type Answer, connectTo, failure, startStub } from './stub.js';

const asked = async (answer: Answer) => {
  const stub = await startStub(() => answer);
  return { stub, identity: connectTo(stub).identity };
};

describe('who signs the calls', () => {
  it('is the ARN that STS tells, asked of it by its own protocol', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/bridge/me';
    const { stub, identity } = await asked(query('GetCallerIdentity', `<Arn>${arn}</Arn><UserId>A</UserId>`));
    expect(await identity.callerArn()).toBe(arn);
    expect(Object.fromEntries(stub.calls[0]?.params ?? [])).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
    });
  });

  it('is asked once: nobody waits for an answer that does not come', async () => {
    const { stub, identity } = await asked(queryError(503, 'ServiceUnavailable'));
    expect(await failure(identity.callerArn())).toMatchObject({
      code: 'ServiceUnavailable',
      action: 'sts:GetCallerIdentity',
    });
    expect(stub.calls).toHaveLength(1);
  });

  it('is unreadable where the answer names nobody', async () => {
    const { identity } = await asked(query('GetCallerIdentity', '<UserId>A</UserId>'));
    expect(await failure(identity.callerArn())).toMatchObject({ code: 'InvalidResponse' });
  });
});
