import { describe, expect, it } from 'vitest';
import { endpointOfFlag } from './endpoint-flag.ts';

const keys = { OPENAI_API_KEY: 'k' };
const endpoint = (text: string, environment: NodeJS.ProcessEnv = keys) => endpointOfFlag('--model', text, environment);

describe('an endpoint on the command line', () => {
  it('is provider and model, where the model may have slashes', () => {
    expect(endpoint('openai/gpt-6.1-terra')).toMatchObject({ provider: 'openai', model: 'gpt-6.1-terra' });
    expect(endpoint('openai-compatible/org/model,base_url=http://h/v1').model).toBe('org/model');
  });

  it('takes the settings of a baseline', () => {
    expect(endpoint('openai/m,price=1.25:10,budget_usd=2,max_concurrency=32,stream=true')).toMatchObject({
      price: { input: 1.25, output: 10 },
      budget_usd: 2,
      max_concurrency: 32,
      stream: true,
    });
  });

  it.each([
    ['openai', 'is not provider/model'],
    ['openai/', 'is not provider/model'],
    ['nobody/m', 'provider'],
    ['openai/m,budget', 'is not setting=value'],
    ['openai/m,budget_usd=2', 'needs `price`'],
    ['openai/m,price=1:2,budget_usd=0', 'budget_usd'],
    ['openai/m,price=cheap', 'price'],
    ['openai/m,bse_url=x', 'bse_url'],
    ['openai/m,base_url=http://elsewhere/v1', 'base_url'],
    ['openai-compatible/m', 'base_url'],
    ['stand-in/tfidf-logreg', 'no'],
    ['openai/m,batch=true', 'batch is for runs'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => endpoint(text)).toThrow(message);
  });

  it('without its key is refused, naming the variable', () => {
    expect(() => endpoint('openai/m', {})).toThrow('OPENAI_API_KEY');
  });
});
