import { describe, expect, test } from 'vitest';
import { accepts, answerTo } from '../../../src/plan/doctor/probe.js';
import type { ListenerRule } from '../../../src/plan/model.js';
import { forwardTo, rule } from './support.js';

const probe = { path: '/health?deep=1', callers: ['10.0.1.9', '10.0.2.9'], port: 80 };
const byDefault = rule({ arn: 'default', priority: null, actions: [{ type: 'fixed-response', status: 404 }] });
const on = (field: string, ...values: string[]): ListenerRule => rule({ conditions: [{ field, values }] });
const statusOf = (...rules: ListenerRule[]): number | undefined => answerTo(probe, [...rules, byDefault])?.status;

describe('what an ALB answers to an NLB’s health check', () => {
  test('the first rule that matches decides, else the default action', () => {
    expect(statusOf(on('path-pattern', '/health'))).toBe(200);
    expect(statusOf(on('path-pattern', '/he?lth', '/other*'))).toBe(200);
    expect(statusOf(on('path-pattern', '/Health'))).toBe(404);
    expect(statusOf()).toBe(404);
    expect(answerTo(probe, [])).toBeNull();
  });

  test('a rule for a host name never sees it, one for addresses does', () => {
    expect(statusOf(on('host-header', 'shop.example.com'))).toBe(404);
    expect(statusOf(on('host-header', '10.0.*'))).toBe(200);
    expect(statusOf(on('host-header', '10.0.1.9', '10.0.2.9:80'))).toBe(200);
  });

  test('what depends on the node, or is of a kind that is not known, cannot be told', () => {
    expect(statusOf(on('host-header', '10.0.1.9'))).toBeUndefined();
    expect(statusOf(on('source-ip', '10.0.1.0/24'))).toBeUndefined();
    expect(statusOf(on('http-header', 'x'))).toBeUndefined();
    expect(statusOf(on('path-pattern'))).toBeUndefined();
    expect(answerTo({ ...probe, callers: [] }, [on('host-header', 'shop.example.com'), byDefault])).toBeNull();
  });

  test('addresses and methods are compared as the ALB does', () => {
    expect(statusOf(on('source-ip', '10.0.0.0/16'))).toBe(200);
    expect(statusOf(on('source-ip', 'nonsense'))).toBe(404);
    expect(statusOf(on('http-request-method', 'GET', 'HEAD'))).toBe(200);
    expect(statusOf(on('http-request-method', 'POST'))).toBe(404);
  });

  test('of a rule whose conditions are not all met nothing is asked', () => {
    const both = { field: 'path-pattern', values: ['/other'] };
    expect(statusOf(rule({ conditions: [{ field: 'http-header', values: ['x'] }, both] }))).toBe(404);
  });

  test('a redirect has a status, what stands behind a forward or a login has not', () => {
    expect(statusOf(rule({ actions: [{ type: 'redirect', status: 301 }] }))).toBe(301);
    expect(statusOf(rule({ actions: [forwardTo('shop')] }))).toBeUndefined();
    expect(statusOf(rule({ actions: [{ type: 'other', name: 'authenticate-oidc' }] }))).toBeUndefined();
    const login = [
      { type: 'other', name: 'authenticate-oidc' } as const,
      { type: 'fixed-response', status: 200 } as const,
    ];
    expect(statusOf(rule({ actions: login }))).toBeUndefined();
    expect(statusOf(rule({ actions: [] }))).toBeUndefined();
  });

  test('matchers are ranges, lists and single codes', () => {
    expect([199, 200, 399, 400].map((status) => accepts('200-399', status))).toEqual([false, true, true, false]);
    expect([200, 201, 202].map((status) => accepts('200,202', status))).toEqual([true, false, true]);
  });
});
