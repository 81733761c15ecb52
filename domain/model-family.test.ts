import { describe, expect, it } from 'vitest';
import { familiesOf, sharedFamilies } from './model-family.ts';

describe('the family of a model', () => {
  it.each([
    ['openai', 'gpt-6.1-terra', ['openai']],
    ['openai', 'o3-mini', ['openai']],
    ['openai', 'ft:gpt-4o-mini:org::id', ['openai']],
    ['azure', 'our-deployment', ['openai']],
    ['anthropic', 'claude-opus-4', ['anthropic']],
    ['bedrock', 'us.anthropic.claude-sonnet-4-v1:0', ['anthropic']],
    ['bedrock', 'meta.llama3-70b-instruct-v1:0', ['llama']],
    ['vertex', 'claude-sonnet-4@20250514', ['anthropic']],
    ['vertex', 'gemini-2.5-pro', ['google']],
    ['google', 'gemma-3-27b-it', ['google']],
    ['mistral', 'ministral-8b-latest', ['mistral']],
    ['openai-compatible', 'mistralai/Mixtral-8x7B-Instruct-v0.1', ['mistral']],
    ['deepseek', 'deepseek-chat', ['deepseek']],
    ['fireworks', 'accounts/fireworks/models/llama-v3p1-70b-instruct', ['llama']],
    ['togetherai', 'Qwen/Qwen2.5-72B-Instruct', ['qwen']],
    ['togetherai', 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B', ['deepseek', 'qwen']],
    [undefined, 'smollm2-135m-instruct', ['smollm']],
    [undefined, 'Llama-3-8B-GPTQ', ['llama']],
    [undefined, './models/my-instruct-model', []],
    ['openai-compatible', 'foo1-model', []],
  ])('of %s %s is %j', (provider, model, families) => {
    expect(familiesOf(provider, model)).toEqual(families);
  });
});

it('models share a family through any of their ancestors', () => {
  const distilled = { provider: 'togetherai', model: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B' };
  expect(sharedFamilies(distilled, { model: 'Qwen/Qwen2.5-0.5B' })).toEqual(['qwen']);
  expect(sharedFamilies(distilled, { provider: 'openai', model: 'gpt-5' })).toEqual([]);
});
