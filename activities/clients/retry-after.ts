// What an endpoint's headers say about when to ask again, and how much of its limits is left.
import type { RateLimit } from './model-client.ts';

/** Header names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Names under which vendors report a limit: OpenAI and those that follow it, Anthropic, Together AI and Mistral.
 * https://platform.openai.com/docs/guides/rate-limits, https://docs.anthropic.com/en/api/rate-limits,
 * https://docs.together.ai/docs/rate-limits
 */
const limits = {
  requests: [
    { remaining: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests' },
    { remaining: 'anthropic-ratelimit-requests-remaining', reset: 'anthropic-ratelimit-requests-reset' },
    { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' },
  ],
  tokens: [
    { remaining: 'x-ratelimit-remaining-tokens', reset: 'x-ratelimit-reset-tokens' },
    { remaining: 'anthropic-ratelimit-tokens-remaining', reset: 'anthropic-ratelimit-tokens-reset' },
    { remaining: 'x-tokenlimit-remaining', reset: 'x-tokenlimit-reset' },
  ],
} as const;

interface Limit {
  readonly remaining: number | undefined;
  readonly resetMs: number | undefined;
}

/** Hints for whoever paces the requests; empty where the endpoint gives none. */
export function rateLimitOf(headers: ReplyHeaders, now = Date.now()): RateLimit {
  const requests = limitOf(headers, 'requests', now);
  const tokens = limitOf(headers, 'tokens', now);
  const resets = [requests.resetMs, tokens.resetMs].filter((reset) => reset !== undefined);
  return {
    ...(requests.remaining === undefined ? {} : { remainingRequests: requests.remaining }),
    ...(tokens.remaining === undefined ? {} : { remainingTokens: tokens.remaining }),
    ...(resets.length === 0 ? {} : { resetMs: Math.max(...resets) }),
  };
}

/**
 * Milliseconds to wait before asking again: `retry-after-ms`, else Retry-After in seconds or as a date (RFC 9110
 * section 10.2.3), else the reset of whichever limit is used up, else the nearest reset; undefined when nothing is said.
 */
export function retryAfterMs(headers: ReplyHeaders, now = Date.now()): number | undefined {
  const precise = textOf(headers, 'retry-after-ms');
  const stated = precise === undefined ? undefined : numberOf(precise);
  if (stated !== undefined) {
    return Math.max(0, stated);
  }
  const plain = textOf(headers, 'retry-after');
  const wait = plain === undefined ? undefined : waitOf(plain, now);
  if (wait !== undefined) {
    return wait;
  }
  const both = [limitOf(headers, 'requests', now), limitOf(headers, 'tokens', now)];
  const usedUp = both.flatMap(({ remaining, resetMs }) => (remaining === 0 && resetMs !== undefined ? [resetMs] : []));
  const resets = both.flatMap(({ resetMs }) => (resetMs === undefined ? [] : [resetMs]));
  if (usedUp.length > 0) {
    return Math.max(...usedUp);
  }
  return resets.length === 0 ? undefined : Math.min(...resets);
}

function limitOf(headers: ReplyHeaders, kind: keyof typeof limits, now: number): Limit {
  for (const { remaining, reset } of limits[kind]) {
    const left = textOf(headers, remaining);
    const until = textOf(headers, reset);
    if (left !== undefined || until !== undefined) {
      return {
        remaining: left === undefined ? undefined : numberOf(left),
        resetMs: until === undefined ? undefined : waitOf(until, now),
      };
    }
  }
  return { remaining: undefined, resetMs: undefined };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Seconds (`2`, or a Unix time), a duration such as `1m30s` or `20ms`, or a date, as milliseconds from now. */
function waitOf(text: string, now: number): number | undefined {
  const seconds = numberOf(text);
  if (seconds !== undefined) {
    // No limit resets after thirty years: such a number is a time and not a wait.
    return Math.max(0, seconds > 1e9 ? seconds * 1000 - now : seconds * 1000);
  }
  if (/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/u.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gu)];
    return parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function textOf(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
}

function numberOf(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/u.test(text) ? Number(text) : undefined;
}
