import { afterEach, describe, expect, it, vi } from 'vitest';
import { askErrorOf } from './http-fault.ts';

afterEach(() => void vi.useRealTimers());

describe('an HTTP status', () => {
  it.each([
    [500, 'transient'],
    [503, 'transient'],
    [529, 'transient'],
    [408, 'transient'],
    [409, 'transient'],
    [429, 'transient'],
    [undefined, 'transient'],
    [301, 'endpoint'],
    [307, 'endpoint'],
    [401, 'endpoint'],
    [403, 'endpoint'],
    [404, 'endpoint'],
    [400, 'row'],
    [413, 'row'],
    [422, 'row'],
  ])('%s is a fault of kind %s', (status, kind) => {
    expect(askErrorOf({ status }, 'openai', 'OPENAI_API_KEY').kind).toBe(kind);
  });

  it('429 for an account without quota is not waited out', () => {
    const { kind, message } = askErrorOf({ status: 429, code: 'insufficient_quota' }, 'openai', undefined);
    expect([kind, message]).toEqual([
      'endpoint',
      'openai answered 429 (insufficient_quota): the account has no quota left',
    ]);
  });

  it('401 names the variable that holds the key', () => {
    expect(askErrorOf({ status: 401 }, 'openai', 'TEAM_KEY').message).toBe(
      'openai answered 401: check the key in TEAM_KEY',
    );
  });
});

const waitOf = (headers: Record<string, string>): number | undefined =>
  askErrorOf({ status: 429, headers: new Headers(headers) }, 'openai', undefined).retryAfterMs;

describe('Retry-After', () => {
  it.each([
    ['seconds', { 'retry-after': '2' }, 2000],
    ['no wait at all', { 'retry-after': '0' }, 0],
    ['milliseconds, which are more precise', { 'retry-after-ms': '350', 'retry-after': '1' }, 350],
    ['nothing', {}, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
  ])('is read as %s', (_name, headers, expected) => {
    expect(waitOf(headers)).toBe(expected);
  });

  it('is read as a date, and a date gone by means now', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 0, 0) });
    expect(waitOf({ 'retry-after': 'Thu, 01 Jan 2026 12:00:05 GMT' })).toBe(5000);
    expect(waitOf({ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' })).toBe(0);
  });
});
