import { afterEach, describe, expect, it, vi } from 'vitest';
import { boundFetch } from './bound-fetch.ts';
import { localEndpoint } from './local-endpoint.ts';
import { providerClient, type ClosedProvider } from './provider-client.ts';
import { wireAccess, wires } from './synthetic-wires.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a key', () => {
  it('is bound to its host: a request to another one is not sent', async () => {
    await using elsewhere = await localEndpoint({ body: {} });
    const fetch = boundFetch({ name: 'openai', keys: 'OPENAI_API_KEY', origin: 'https://api.openai.com' }, 'json');
    await expect(fetch(`${elsewhere.url}/v1/chat/completions`, { method: 'POST', body: '{}' })).rejects.toMatchObject({
      kind: 'endpoint',
      message: expect.stringContaining('goes to https://api.openai.com and not to'),
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it.each([
    ['openai', 'OPENAI_BASE_URL'],
    ['anthropic', 'ANTHROPIC_BASE_URL'],
    ['bedrock', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME'],
  ] satisfies [ClosedProvider, string][])('of %s does not follow %s', async (provider, variable) => {
    await using elsewhere = await localEndpoint('never');
    vi.stubEnv(variable, elsewhere.url);
    await using vendor = await localEndpoint(wires[provider].answer);
    const client = await providerClient(provider, wireAccess(wires[provider], vendor.url));
    await client.ask({
      messages: [{ role: 'user', content: 'x' }],
      maxTokens: 1,
      signal: new AbortController().signal,
    });
    expect([vendor.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  });

  it('in a variable that the recipe does not name is not used', async () => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'other');
    await using vendor = await localEndpoint(wires.bedrock.answer);
    const client = await providerClient('bedrock', wireAccess(wires.bedrock, vendor.url));
    await client.ask({
      messages: [{ role: 'user', content: 'x' }],
      maxTokens: 1,
      signal: new AbortController().signal,
    });
    expect(vendor.requests[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDTEST\//u);
  });
});
