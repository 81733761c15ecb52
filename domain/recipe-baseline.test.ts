import { describe, expect, it } from 'vitest';
import { baselineSchema, paidPriceOf } from './recipe-baseline.ts';
import { providerRules, providerSchema, providerSettings } from './providers.ts';

const settings = {
  base_url: 'https://models.example/v1',
  resource: 'ours',
  region: 'eu-west-1',
  project: 'ours-1',
  api_version: '2026-01-01',
  api_key_env: 'TEAM_KEY',
  reasoning: true,
  stream: true,
  batch: true,
};

/** What a provider cannot do without. */
const least: Record<string, object> = {
  azure: { resource: 'ours' },
  bedrock: { region: 'eu-west-1' },
  'openai-compatible': { base_url: settings.base_url },
  'stand-in': { model: 'tfidf-logreg' },
};

function problemsOf(provider: string, given: object): string[] {
  const parsed = baselineSchema.safeParse({ provider, model: 'm', ...least[provider], ...given });
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe.each(providerSchema.options)('a baseline of provider %s', (provider) => {
  it('is valid with what it needs and nothing more', () => {
    expect(problemsOf(provider, {})).toEqual([]);
  });

  const { needs, takes } = providerRules[provider];
  const foreign = providerSettings.filter((key) => !needs.includes(key) && !takes.includes(key));
  it.each(foreign)('is refused with %s, saying whose that is', (key) => {
    expect(problemsOf(provider, { [key]: settings[key] })).toContainEqual(
      expect.stringMatching(new RegExp(`^${key}: does not belong to provider ${provider}, but to \\w`, 'u')),
    );
  });
});

describe('a baseline is refused', () => {
  it.each([
    ['bedrock', { region: undefined }, 'region: is needed by provider bedrock'],
    ['openai-compatible', { base_url: undefined }, 'base_url: is needed by provider openai-compatible'],
    ['azure', { resource: undefined }, 'resource: provider azure needs either `resource` or `base_url`'],
    ['azure', { base_url: settings.base_url }, 'resource: provider azure needs either `resource` or `base_url`'],
    ['vertex', { project: 'ours-1' }, 'region: provider vertex needs `project` and `region`, or neither'],
    ['openai', { budget_usd: 1 }, 'budget_usd: needs `price`, or it cannot be kept'],
    ['stand-in', { model: 'other' }, 'model: the only stand-in is tfidf-logreg'],
    ['openai', { stream: true, batch: true }, 'batch: excludes `stream`: a batch has no streams'],
  ])('%s with %j', (provider, given, problem) => {
    expect(problemsOf(provider, given)).toContain(problem);
  });

  it.each([
    [
      'openai-compatible',
      { api_key_env: 'OPENAI_API_KEY' },
      /OPENAI_API_KEY is the key of openai, and goes to no other/u,
    ],
    ['azure', { api_key_env: 'ANTHROPIC_API_KEY' }, /ANTHROPIC_API_KEY is the key of anthropic/u],
    ['openai', { api_key_env: 'TEAM_KEY_FILE' }, /name it TEAM_KEY:/u],
    ['vertex', { api_key_env: 'TEAM_KEY', project: 'p', region: 'r' }, /excludes `project`/u],
    ['openai', { api_key_env: 'sk-123' }, /^api_key_env: /u],
  ])('when its key could go astray: %s with %j', (provider, given, problem) => {
    expect(problemsOf(provider, given)).toContainEqual(expect.stringMatching(problem));
  });

  it.each(['https://u:p@h.example/v1', 'https://h.example/v1?key=k', 'https://h.example/v1#k'])(
    'with a key in its address: %s',
    (url) => {
      expect(problemsOf('openai-compatible', { base_url: url })).toEqual([
        'base_url: must be without user, query and fragment: a recipe holds no keys',
      ]);
    },
  );

  it.each(['ftp://h.example/v1', 'h.example', 'file:///etc/passwd'])('with an address that is not HTTP: %s', (url) => {
    expect(problemsOf('openai-compatible', { base_url: url })).not.toEqual([]);
  });

  it.each(['user@evil.example/#', 'a.b', '-x', ''])(
    'with a resource or region that could change the host: "%s"',
    (name) => {
      expect(problemsOf('azure', { resource: name })).not.toEqual([]);
      expect(problemsOf('bedrock', { region: name })).not.toEqual([]);
    },
  );
});

it('a batch costs half of the stated price', () => {
  const price = { input: 3, output: 12 };
  expect(paidPriceOf({ price, batch: false })).toEqual(price);
  expect(paidPriceOf({ price, batch: true })).toEqual({ input: 1.5, output: 6 });
  expect(paidPriceOf({ price: undefined, batch: true })).toBeUndefined();
});
