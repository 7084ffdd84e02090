import { describe, expect, it } from 'vitest';
import { type Answer, connectTo, failure, startStub } from './stub.js';

const line = (timestamp: number, message = '{"status":0}'): object => ({ timestamp, message });
const page = (events: readonly object[], nextToken?: string): Answer => JSON.stringify({ events, nextToken });

const linesOf = async (...answers: readonly Answer[]) => {
  const stub = await startStub((_, earlier) => answers[earlier] ?? 'drop');
  const logs = await connectTo(stub).logs();
  return { stub, read: logs.linesWith('edge-SyncLogs', 'status', new Date(1000)) };
};

describe('lines of a log', () => {
  it('are read to the last page, over pages without any', async () => {
    const { stub, read } = await linesOf(page([], 'a'), page([line(2000)], 'b'), page([], 'c'), page([line(3000)]));
    expect(await read).toEqual([
      { at: new Date(2000), text: '{"status":0}' },
      { at: new Date(3000), text: '{"status":0}' },
    ]);
    expect(stub.actions()).toEqual(Array(4).fill('FilterLogEvents'));
  });

  it.each<[string, Answer]>([
    ['an empty body', ''],
    ['half a document', '{"events":[{"timestamp":2000'],
    ['a page of a proxy', '<!doctype html><html><body>Sign in</body></html>'],
    ['a document without the list', '{}'],
    ['a document that is none', 'null'],
    ['a line without its time', JSON.stringify({ events: [{ message: '{}' }] })],
  ])('are not none where the answer is %s (S1)', async (_, answer) => {
    const { read } = await linesOf(answer, answer, answer);
    expect(await failure(read)).toMatchObject({ code: 'InvalidResponse', action: 'logs:FilterLogEvents' });
  });

  it('of a log that is not there are a failure', async () => {
    const body = JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no such group' });
    const { read } = await linesOf({ status: 400, body });
    expect(await failure(read)).toMatchObject({ code: 'ResourceNotFound', action: 'logs:FilterLogEvents' });
  });
});

describe('a certificate', () => {
  it('that is not there is null, one without a state is no answer, any other refusal is a failure', async () => {
    const answers: readonly Answer[] = [
      { status: 400, body: JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no such certificate' }) },
      '{"Certificate":{}}',
      { status: 400, body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }) },
      '{"Certificate":{"Status":"ISSUED","NotAfter":1767225600}}',
    ];
    const certificates = await connectTo(await startStub((_, earlier) => answers[earlier] ?? 'drop')).certificates();
    const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/1';
    expect(await certificates.certificate(arn)).toBeNull();
    expect(await failure(certificates.certificate(arn))).toMatchObject({ code: 'InvalidResponse' });
    expect(await failure(certificates.certificate(arn))).toMatchObject({
      code: 'AccessDenied',
      action: 'acm:DescribeCertificate',
      suggestions: [expect.stringContaining('lbbridge policy --for stack')],
    });
    expect(await certificates.certificate(arn)).toEqual({ status: 'ISSUED', notAfter: new Date('2026-01-01') });
  });
});

describe('API Gateway’s role for logs', () => {
  it('is not missing where the answer says nothing of the account (S1)', async () => {
    const settings = { throttleSettings: { burstLimit: 5000, rateLimit: 10_000 } };
    const role = 'arn:aws:iam::111122223333:role/logs';
    const answers = ['{}', JSON.stringify(settings), JSON.stringify({ ...settings, cloudwatchRoleArn: role })];
    const apiGateway = await connectTo(await startStub((_, earlier) => answers[earlier] ?? 'drop')).apiGateway();
    expect(await failure(apiGateway.loggingRole())).toMatchObject({
      code: 'InvalidResponse',
      action: 'apigateway:GET',
    });
    expect(await apiGateway.loggingRole()).toBeNull();
    expect(await apiGateway.loggingRole()).toBe(role);
  });
});
