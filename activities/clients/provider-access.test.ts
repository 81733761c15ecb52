import { describe, expect, it } from 'vitest';
import { baselineSchema } from '../../domain/recipe-baseline.ts';
import { baseUrlOf, endpointNameOf, keysOf, type ProviderAccess } from './provider-access.ts';

function accessOf(baseline: object, secrets: Record<string, string> = {}): ProviderAccess {
  return {
    baseline: baselineSchema.parse({ model: 'm', ...baseline }),
    secret: (name) => secrets[name],
    timeoutMs: 1000,
  };
}

describe('the address of a baseline', () => {
  it.each([
    [{ provider: 'openai' }, 'https://api.openai.com/v1'],
    [{ provider: 'azure', resource: 'ours' }, 'https://ours.openai.azure.com/openai'],
    [{ provider: 'azure', base_url: 'https://gateway.example/openai/' }, 'https://gateway.example/openai'],
    [{ provider: 'bedrock', region: 'eu-west-1' }, 'https://bedrock-runtime.eu-west-1.amazonaws.com'],
    [{ provider: 'bedrock', region: 'cn-north-1' }, 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn'],
    [{ provider: 'vertex' }, 'https://aiplatform.googleapis.com/v1/publishers/google'],
    [
      { provider: 'vertex', project: 'p', region: 'europe-west4' },
      'https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4/publishers/google',
    ],
    [
      { provider: 'vertex', project: 'p', region: 'global' },
      'https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/publishers/google',
    ],
    [
      { provider: 'vertex', project: 'p', region: 'eu' },
      'https://aiplatform.eu.rep.googleapis.com/v1beta1/projects/p/locations/eu/publishers/google',
    ],
    [{ provider: 'openai-compatible', base_url: 'http://127.0.0.1:8000/v1' }, 'http://127.0.0.1:8000/v1'],
  ])('%j', (baseline, url) => {
    expect(baseUrlOf(accessOf(baseline))).toBe(url);
  });
});

describe('the keys of a baseline', () => {
  it('are the first set that is whole', () => {
    const pair = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    const baseline = { provider: 'bedrock', region: 'eu-west-1' };
    expect(keysOf(accessOf(baseline, { ...pair, AWS_SESSION_TOKEN: 't' }))).toEqual({
      ...pair,
      AWS_SESSION_TOKEN: 't',
    });
    expect(keysOf(accessOf(baseline, { ...pair, AWS_BEARER_TOKEN_BEDROCK: 'b' }))).toEqual({
      AWS_BEARER_TOKEN_BEDROCK: 'b',
    });
  });

  it('that are missing are named', () => {
    expect(() => keysOf(accessOf({ provider: 'google' }, { OTHER: 'k' }))).toThrow(
      expect.objectContaining({ message: 'GOOGLE_GENERATIVE_AI_API_KEY, or GEMINI_API_KEY is not set on the worker' }),
    );
  });
});

it('messages name the model beside an address of the user’s own', () => {
  expect(endpointNameOf(accessOf({ provider: 'openai' }))).toEqual({ name: 'openai', keys: 'OPENAI_API_KEY' });
  expect(endpointNameOf(accessOf({ provider: 'openai-compatible', base_url: 'http://h/v1' }))).toEqual({
    name: 'm (openai-compatible)',
    keys: undefined,
  });
});
