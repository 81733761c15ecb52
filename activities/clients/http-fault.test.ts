import { describe, expect, it } from 'vitest';
import { ContentRefused, faultOf } from './http-fault.ts';
import { AskError } from './model-client.ts';
import type { ReplyHeaders } from './retry-after.ts';

const endpoint = { name: 'openai', keys: 'OPENAI_API_KEY' };

function faultFor(status: number, body: object | string = '', headers: ReplyHeaders = {}): AskError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fault = faultOf({ status, headers, body: text }, endpoint);
  if (!(fault instanceof AskError)) {
    throw new Error('expected an AskError');
  }
  return fault;
}

describe('an HTTP status alone', () => {
  it.each([
    [408, 'transient'],
    [409, 'transient'],
    [424, 'transient'],
    [429, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
    [529, 'transient'],
    [301, 'endpoint'],
    [307, 'endpoint'],
    [401, 'endpoint'],
    [402, 'endpoint'],
    [403, 'endpoint'],
    [404, 'endpoint'],
    [405, 'endpoint'],
    [400, 'row'],
    [413, 'row'],
    [422, 'row'],
  ])('%s is a fault of kind %s', (status, kind) => {
    expect(faultFor(status).kind).toBe(kind);
  });
});

describe('what the body says', () => {
  it.each([
    [429, { error: { code: 'insufficient_quota' } }, 'endpoint', 'no quota left'],
    [400, { error: { code: 'unsupported_value', message: 'temperature' } }, 'endpoint', 'does not take a setting'],
    [
      400,
      { error: { code: 'unsupported_parameter', message: "'max_tokens' is not supported with this model" } },
      'endpoint',
      'does not take a setting',
    ],
    [400, { error: 'Model not found' }, 'endpoint', 'check the model id'],
    [400, { error: { message: 'Rate limit exceeded' } }, 'transient', 'answered 400'],
    [400, '<html>', 'row', 'answered 400'],
  ])('%s with %j is of kind %s', (status, body, kind, message) => {
    expect(faultFor(status, body)).toMatchObject({ kind, message: expect.stringContaining(message) });
  });

  it('about a filtered prompt is a refusal', () => {
    const body = JSON.stringify({ error: { code: 'content_filter', message: 'about the sky' } });
    expect(faultOf({ status: 400, headers: {}, body }, endpoint)).toBeInstanceOf(ContentRefused);
  });

  it('reaches people as status and code, and never as text that could be the row or the key', () => {
    const body = { error: { message: 'about the sky', type: 'invalid_request_error', code: 'sk-proj-1234567890' } };
    expect(faultFor(400, body).message).toBe('openai answered 400 (invalid_request_error)');
    expect(faultFor(401, { error: { code: 'the sky is blue' } }).message).toBe(
      'openai answered 401: check the key in OPENAI_API_KEY, and what it may ask',
    );
  });
});

describe('the wait', () => {
  it('is what the headers ask for, or else the body', () => {
    const body = [{ error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '1.5s' }] } }];
    expect(faultFor(429, body).retryAfterMs).toBe(1500);
    expect(faultFor(429, body, { 'retry-after': '3' }).retryAfterMs).toBe(3000);
    expect(faultFor(503).retryAfterMs).toBeUndefined();
  });
});
