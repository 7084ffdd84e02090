import { describe, expect, it } from 'vitest';
import { albArn, query } from './answers.js';
import { type Answers, connectTo, failure, startStub } from './stub.js';

const connected = async (answers: Answers) => {
  const stub = await startStub(answers);
  return { stub, elb: connectTo(stub).loadBalancing };
};

const forward = '<member><Type>forward</Type><TargetGroupArn>tg-1</TargetGroupArn></member>';
const weighted = `<member><Type>forward</Type><ForwardConfig><TargetGroups>
  <member><TargetGroupArn>tg-1</TargetGroupArn><Weight>0</Weight></member>
  <member><TargetGroupArn>tg-2</TargetGroupArn></member></TargetGroups></ForwardConfig></member>`;
const fixed =
  '<member><Type>fixed-response</Type><FixedResponseConfig><StatusCode>404</StatusCode></FixedResponseConfig></member>';
const redirect =
  '<member><Type>redirect</Type><RedirectConfig><StatusCode>HTTP_301</StatusCode></RedirectConfig></member>';
const login = '<member><Type>authenticate-oidc</Type></member>';

const listener = (port: number, actions: string, more = '') =>
  `<member><ListenerArn>l-${port}</ListenerArn><LoadBalancerArn>lb</LoadBalancerArn><Protocol>HTTPS</Protocol>
  <Port>${port}</Port><DefaultActions>${actions}</DefaultActions>${more}</member>`;

describe('listeners', () => {
  it('reads every page, with what each does', async () => {
    const { elb } = await connected(({ action }, earlier) =>
      query(
        action,
        earlier === 0
          ? `<Listeners>${listener(80, forward)}${listener(443, weighted, '<SslPolicy>P</SslPolicy>')}</Listeners><NextMarker>m</NextMarker>`
          : `<Listeners>${listener(81, fixed)}${listener(82, login + redirect)}</Listeners>`,
      ),
    );
    const found = await elb.listeners(albArn('web'));
    expect(found.map(({ port, sslPolicy, actions }) => ({ port, sslPolicy, actions }))).toEqual([
      { port: 80, sslPolicy: null, actions: [{ type: 'forward', targetGroups: [{ arn: 'tg-1', weight: 1 }] }] },
      {
        port: 443,
        sslPolicy: 'P',
        actions: [
          {
            type: 'forward',
            targetGroups: [
              { arn: 'tg-1', weight: 0 },
              { arn: 'tg-2', weight: 1 },
            ],
          },
        ],
      },
      { port: 81, sslPolicy: null, actions: [{ type: 'fixed-response', status: 404 }] },
      {
        port: 82,
        sslPolicy: null,
        actions: [
          { type: 'other', name: 'authenticate-oidc' },
          { type: 'redirect', status: 301 },
        ],
      },
    ]);
  });

  it('gives rules by priority, the default one last', async () => {
    const rule = (priority: string, conditions = '') =>
      `<member><RuleArn>r-${priority}</RuleArn><Priority>${priority}</Priority><Conditions>${conditions}</Conditions>
      <Actions>${forward}</Actions><IsDefault>${priority === 'default'}</IsDefault></member>`;
    const path =
      '<member><Field>path-pattern</Field><PathPatternConfig><Values><member>/a*</member></Values></PathPatternConfig></member>';
    const host = '<member><Field>host-header</Field><Values><member>web.example</member></Values></member>';
    const { elb } = await connected(({ action }) =>
      query(action, `<Rules>${rule('default')}${rule('20', host)}${rule('3', path)}</Rules>`),
    );
    expect((await elb.listenerRules('l')).map(({ priority, conditions }) => ({ priority, conditions }))).toEqual([
      { priority: 3, conditions: [{ field: 'path-pattern', values: ['/a*'] }] },
      { priority: 20, conditions: [{ field: 'host-header', values: ['web.example'] }] },
      { priority: null, conditions: [] },
    ]);
  });

  it.each([
    ['no list of listeners', ''],
    ['a listener without its port', '<Listeners><member><ListenerArn>l</ListenerArn></member></Listeners>'],
  ])('%s is no answer (S1)', async (_, inner) => {
    const { elb } = await connected(({ action }) => query(action, inner));
    expect(await failure(elb.listeners(albArn('web')))).toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('attributes and limits', () => {
  it('gives attributes as they are sent', async () => {
    const { elb } = await connected(({ action }) =>
      query(
        action,
        '<Attributes><member><Key>preserve_client_ip.enabled</Key><Value>true</Value></member></Attributes>',
      ),
    );
    const wanted = new Map([['preserve_client_ip.enabled', 'true']]);
    expect(await elb.targetGroupAttributes('tg')).toEqual(wanted);
    expect(await elb.loadBalancerAttributes('lb')).toEqual(wanted);
  });

  it('no list of attributes is no answer (S1)', async () => {
    const { elb } = await connected(({ action }) => query(action, ''));
    expect(await failure(elb.targetGroupAttributes('tg'))).toMatchObject({ code: 'InvalidResponse' });
  });

  it('gives limits that are numbers', async () => {
    const limit = (name: string, max: string) => `<member><Name>${name}</Name><Max>${max}</Max></member>`;
    const { elb } = await connected(({ action }) =>
      query(action, `<Limits>${limit('a', '500')}${limit('b', 'many')}</Limits>`),
    );
    expect(await elb.accountLimits()).toEqual(new Map([['a', 500]]));
  });
});
