import { describe, expect, it } from 'vitest';
import { rateLimitOf, retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

describe('the wait before asking again', () => {
  it.each([
    ['seconds', { 'retry-after': '2' }, 2000],
    ['no wait at all', { 'retry-after': '0' }, 0],
    ['milliseconds, which are more precise', { 'retry-after-ms': '350', 'retry-after': '1' }, 350],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 12:00:05 GMT' }, 5000],
    ['a date gone by, which means now', { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
    ['nothing', {}, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['an empty header', { 'retry-after': '' }, undefined],
    ['a duration', { 'x-ratelimit-reset-requests': '1m30.5s' }, 90_500],
    ['a duration in milliseconds', { 'x-ratelimit-reset-tokens': '20ms' }, 20],
    ['a Unix time', { 'x-ratelimit-reset': String(now / 1000 + 4) }, 4000],
    [
      'the limit that is used up, not the other',
      {
        'x-ratelimit-remaining-requests': '9',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
    ],
    [
      'Anthropic’s time',
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-01-01T12:00:07Z',
      },
      7000,
    ],
    [
      'the nearest reset, when neither limit is used up',
      { 'x-ratelimit-reset-requests': '3s', 'x-ratelimit-reset-tokens': '9s' },
      3000,
    ],
  ])('is read from %s', (_name, headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});

describe('what is left of the limits', () => {
  it('is told with the time at which they are whole again', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-remaining-tokens': '9000',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-reset-tokens': '20ms',
    };
    expect(rateLimitOf(headers, now)).toEqual({ remainingRequests: 59, remainingTokens: 9000, resetMs: 1000 });
  });

  it('is empty where nothing is said', () => {
    expect(rateLimitOf({ 'content-type': 'application/json' }, now)).toEqual({});
  });
});
