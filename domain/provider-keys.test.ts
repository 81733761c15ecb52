import { describe, expect, it } from 'vitest';
import { heldVariablesOf, keyVariablesText } from './provider-keys.ts';

const openai = { provider: 'openai' } as const;
const bedrock = { provider: 'bedrock' } as const;

describe('the variables that hold a key', () => {
  it('are those the vendor documents, by value or by file', () => {
    expect(heldVariablesOf(openai, { OPENAI_API_KEY: 'k' })).toEqual(['OPENAI_API_KEY']);
    expect(heldVariablesOf(openai, { OPENAI_API_KEY_FILE: '/run/secrets/k' })).toEqual(['OPENAI_API_KEY_FILE']);
  });

  it('are undefined when none is set, or set to nothing', () => {
    expect(heldVariablesOf(openai, {})).toBeUndefined();
    expect(heldVariablesOf(openai, { OPENAI_API_KEY: '', TEAM_KEY: 'k' })).toBeUndefined();
  });

  it('are the one that the recipe names, and no other', () => {
    const named = { ...openai, api_key_env: 'TEAM_KEY' };
    expect(heldVariablesOf(named, { OPENAI_API_KEY: 'k' })).toBeUndefined();
    expect(heldVariablesOf(named, { OPENAI_API_KEY: 'k', TEAM_KEY: 'k' })).toEqual(['TEAM_KEY']);
  });

  it('may be a pair, or stand in for each other', () => {
    expect(heldVariablesOf(bedrock, { AWS_ACCESS_KEY_ID: 'a' })).toBeUndefined();
    expect(
      heldVariablesOf(bedrock, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY_FILE: '/s', AWS_SESSION_TOKEN: 't' }),
    ).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY_FILE', 'AWS_SESSION_TOKEN']);
    expect(heldVariablesOf(bedrock, { AWS_BEARER_TOKEN_BEDROCK: 'b' })).toEqual(['AWS_BEARER_TOKEN_BEDROCK']);
    expect(keyVariablesText(bedrock)).toBe('AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });

  it('are none where no key is needed', () => {
    expect(heldVariablesOf({ provider: 'stand-in' }, {})).toEqual([]);
    expect(heldVariablesOf({ provider: 'openai-compatible' }, {})).toEqual([]);
    expect(heldVariablesOf({ provider: 'vertex', project: 'p' }, {})).toEqual([]);
    expect(heldVariablesOf({ provider: 'vertex' }, {})).toBeUndefined();
  });
});
