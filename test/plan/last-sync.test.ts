import { describe, expect, test } from 'vitest';
import { lastSummary } from '../../src/plan/last-sync.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 2, 3, minute));
const line = (minute: number, text: string | object) => ({
  at: at(minute),
  text: typeof text === 'string' ? text : JSON.stringify(text),
});

describe('the last summary of a log', () => {
  test('is the newest, whatever the order, and of one moment the later one', () => {
    const lines = [
      line(5, { status: 0, registered: 1 }),
      line(7, { status: 0, registered: 2 }),
      line(7, { status: 0, registered: 3 }),
      line(6, { status: 0, registered: 4 }),
    ];
    expect(lastSummary(lines)).toMatchObject({ at: at(7), registered: 3 });
  });

  test('is found among lines that are none: Lambda’s own, a bridge’s, a number, a text that is cut off', () => {
    const others = [
      'START RequestId: 1 Version: $LATEST',
      { level: 'INFO', bridge: 'edge', registered: ['10.0.1.5:80'] },
      { _aws: {}, stack: 'edge', bridge: 'edge', registered: 9 },
      { status: 'fine' },
      '42',
      'null',
      '{"status": 0',
    ].map((text) => line(9, text));
    expect(lastSummary(others)).toBeNull();
    expect(lastSummary([line(1, { status: 0 }), ...others])).toEqual({
      at: at(1),
      status: 0,
      registered: 0,
      deregistered: 0,
      held: 0,
      refused: 0,
      error: null,
    });
  });

  test('has the error with its rule, if it has one', () => {
    const refused = { code: 'S3', message: 'a zone shows no address', rule: 'S3', suggestions: [] };
    expect(lastSummary([line(1, { status: 3, refused: 1, error: refused })])?.error).toEqual({
      code: 'S3',
      message: 'a zone shows no address',
      rule: 'S3',
    });
    expect(lastSummary([line(1, { status: 1, error: { code: 'Throttling', message: 'm' } })])?.error).toEqual({
      code: 'Throttling',
      message: 'm',
    });
  });
});
