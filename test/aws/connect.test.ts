import { describe, expect, it, vi } from 'vitest';
import { connectAws } from '../../src/aws/connect.js';
import { endpointOf } from '../../src/aws/endpoint.js';
import { redact } from '../../src/aws/redact.js';
import { ec2, groupArn, interfaces, query } from './answers.js';
import { connectTo, env, failure, startStub } from './stub.js';

describe('connectAws', () => {
  it('gives equal accesses the same services, which share their reads', async () => {
    const stub = await startStub(() => interfaces([]));
    const connect = connectAws({ env, endpointUrl: stub.url });
    expect(connect({ region: 'us-east-1' })).toBe(connect({ region: 'us-east-1' }));
    expect(connect({ region: 'us-east-1' })).not.toBe(connect({ region: 'eu-west-1' }));
    await Promise.all(
      ['ELB app/a/1', 'ELB app/b/2'].map((one) =>
        connect({ region: 'us-east-1' }).network.interfacesByDescription(one),
      ),
    );
    expect(stub.calls).toHaveLength(1);
  });

  it('keeps a burst to 20 calls of a service at a time', async () => {
    let arrived = 0;
    let atOnce = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stub = await startStub(async () => {
      arrived += 1;
      // Nobody is answered before the 20th has come; whoever comes soon after it came too early.
      if (arrived === 20) setTimeout(release, 100);
      await released;
      atOnce ||= arrived;
      return ec2('DescribeSubnets', '<subnetSet/>');
    });
    const { network } = connectTo(stub);
    await Promise.all(Array.from({ length: 50 }, (_, index) => network.subnets(`vpc-${index}`)));
    expect(stub.calls).toHaveLength(50);
    expect(atOnce).toBe(20);
  });

  it('abandons a read when the run is interrupted, and starts no other', async () => {
    const controller = new AbortController();
    const stub = await startStub(() => {
      controller.abort();
      return new Promise(() => undefined);
    });
    const { network } = connectTo(stub, { signal: controller.signal });
    expect(await failure(network.zoneIds())).toMatchObject({ code: 'Interrupted' });
    expect(await failure(network.zoneIds())).toMatchObject({ code: 'Interrupted' });
    expect(stub.calls).toHaveLength(1);
  });

  it('never abandons a write', async () => {
    const controller = new AbortController();
    const stub = await startStub(({ action }) => {
      controller.abort();
      return query(action, '');
    });
    const { loadBalancing } = connectTo(stub, { signal: controller.signal });
    await loadBalancing.registerTargets(groupArn('edge'), [{ ip: '10.0.0.1', port: 80, zone: null }]);
    expect(stub.actions()).toEqual(['RegisterTargets']);
  });

  it('tries a write that got no answer again, but not once the run is interrupted', async () => {
    for (const isInterrupted of [false, true]) {
      const controller = new AbortController();
      const stub = await startStub(() => {
        if (isInterrupted) controller.abort();
        return 'drop';
      });
      const { loadBalancing } = connectTo(stub, { signal: controller.signal });
      const write = loadBalancing.registerTargets(groupArn('edge'), [{ ip: '10.0.0.1', port: 80, zone: null }]);
      expect(await failure(write)).toMatchObject({ code: isInterrupted ? 'Interrupted' : 'NetworkError' });
      expect(stub.calls).toHaveLength(isInterrupted ? 1 : 3);
    }
  });
});

describe('endpointOf', () => {
  const given = { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_EC2: 'http://ec2' };
  it.each([
    ['what was said', 'http://said', given, 'http://said'],
    ["the service's own", undefined, given, 'http://ec2'],
    ['that of all services', undefined, { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_EC2: '' }, 'http://all'],
    [
      'none where they are to be ignored',
      undefined,
      { ...given, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      undefined,
    ],
    ['none where none is named', undefined, {}, undefined],
  ])('takes %s', (_, said, environment, endpoint) => {
    expect(endpointOf('EC2', said, environment)).toBe(endpoint);
  });
});

describe('an endpoint that is none', () => {
  it.each(['foo', '127.0.0.1:4566', 'ftp://127.0.0.1', 'http://', ''])('is a mistake of usage: %j', (url) => {
    expect(() => endpointOf('EC2', url, {})).toThrow(expect.objectContaining({ code: 'InvalidEndpoint' }));
    if (url) expect(() => endpointOf('EC2', undefined, { AWS_ENDPOINT_URL: url })).toThrow('AWS_ENDPOINT_URL');
  });

  it('is no bug of ours where FIPS is asked for too', async () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    const stub = await startStub(() => interfaces([]));
    expect(await failure(connectTo(stub).network.zoneIds())).toMatchObject({ code: 'InvalidEndpoint' });
    vi.unstubAllEnvs();
  });
});

describe('redact', () => {
  it.each([
    ['AKIAIOSFODNN7EXAMPLE', 'AKIA…'],
    ['ASIAIOSFODNN7EXAMPLE is expired', 'ASIA… is expired'],
    ['Signature=abc123, next', 'Signature=[redacted], next'],
    ['x-amz-security-token:FwoGZXIvYXdz== next', 'x-amz-security-token:[redacted] next'],
    ['<SessionToken>FwoGZXIvYXdz</SessionToken>', '<SessionToken>[redacted]</SessionToken>'],
    ['{"SecretAccessKey": "abc"}', '{"SecretAccessKey": "[redacted]"}'],
    ['eni-0aaaaaaaaaaaaaaa3 of vpc-1', 'eni-0aaaaaaaaaaaaaaa3 of vpc-1'],
  ])('%s', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it('cuts out values that are known to be secret, wherever they stand', () => {
    expect(redact('a=s3cr3t+/value&b=s3cr3t+/value', ['s3cr3t+/value'])).toBe('a=[redacted]&b=[redacted]');
  });
});
