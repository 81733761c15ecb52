// A baseline of the recipe: whose model is asked, where, with which key, and what it may cost.
import { z } from 'zod';
import { ownersOf, providerRules, providerSchema, providerSettings, type ProviderSetting } from './providers.ts';

const priceSchema = z.strictObject({
  input: z.number().nonnegative().describe('USD per million prompt tokens.'),
  output: z.number().nonnegative().describe('USD per million completion tokens.'),
});

/** One label of a host name: what is not one could send a key to another host. */
const hostLabel = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu, 'must be letters, digits and dashes');

export const fieldsSchema = z.strictObject({
  provider: providerSchema.describe(
    'Whose API answers (docs/providers.md). `stand-in` is a classical classifier, for trials without a key.',
  ),
  model: z
    .string()
    .min(1)
    .describe("The provider's model id; for `azure` the deployment, for `stand-in` tfidf-logreg."),
  base_url: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe('Endpoint of `openai-compatible`, with its /v1, or of an `azure` gateway.'),
  resource: hostLabel.optional().describe('Name of the `azure` resource: the first part of its host.'),
  region: hostLabel.optional().describe('Region of `bedrock`, or location of `vertex`.'),
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9:.-]{0,99}$/u, 'must be a project id')
    .optional()
    .describe('Google Cloud project of `vertex`; without it, Vertex is asked in express mode, with an API key.'),
  api_version: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/u)
    .optional()
    .describe('API version of an `azure` deployment; without it, the v1 API is asked.'),
  api_key_env: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/u)
    .optional()
    .describe('Name of the environment variable with the key; never the key itself.'),
  reasoning: z
    .boolean()
    .default(false)
    .describe('For models that reason before they answer: no temperature is sent, and max_tokens bounds both.'),
  stream: z.boolean().default(false).describe('Receive answers as streams and record the time to their first token.'),
  batch: z
    .boolean()
    .default(false)
    .describe("Ask through the provider's batch API, at half its price and within a day."),
  max_concurrency: z.int().positive().max(256).default(8).describe('Requests in flight at once.'),
  flagship: z
    .boolean()
    .optional()
    .describe('The one to beat under `gate.against: flagship_and_cheapest_sufficient`; the first when none is marked.'),
  price: priceSchema
    .optional()
    .describe('Your ordinary price, which `batch` halves; without it the cost is reported as unknown.'),
  structured: z
    .boolean()
    .default(false)
    .describe("Send the suite's `response_schema`, where the provider has structured output."),
  budget_requests: z
    .int()
    .positive()
    .optional()
    .describe('Asking stops after this many requests, failed ones included.'),
  budget_usd: z.number().positive().optional().describe('Asking stops before this is exceeded; needs `price`.'),
});
export type BaselineRecipe = z.infer<typeof fieldsSchema>;

/** Batches cost half: https://platform.openai.com/docs/guides/batch and Anthropic's page on batch processing. */
const batchPriceFactor = 0.5;

/** What is paid for a baseline, in USD per million tokens: half of `price` in batches. Undefined when none is stated. */
export function paidPriceOf({
  price,
  batch,
}: Partial<Pick<BaselineRecipe, 'price' | 'batch'>>): BaselineRecipe['price'] {
  return price === undefined || batch !== true
    ? price
    : { input: price.input * batchPriceFactor, output: price.output * batchPriceFactor };
}

export const baselineSchema = fieldsSchema
  .superRefine((baseline, context) => {
    for (const { key, message } of baselineProblems(baseline)) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  })
  .describe('A model to beat.');

interface Problem {
  readonly key: keyof BaselineRecipe;
  readonly message: string;
}

/** Rules between the fields of a baseline. */
function baselineProblems(baseline: BaselineRecipe): Problem[] {
  const { provider, budget_usd: budget, price, model, stream, batch } = baseline;
  const problems: Problem[] = [...settingProblems(baseline), ...keyProblems(baseline), ...urlProblems(baseline)];
  if (budget !== undefined && price === undefined) {
    problems.push({ key: 'budget_usd', message: 'needs `price`, or it cannot be kept' });
  }
  if (provider === 'stand-in' && model !== 'tfidf-logreg') {
    problems.push({ key: 'model', message: 'the only stand-in is tfidf-logreg' });
  }
  if (stream && batch) {
    problems.push({ key: 'batch', message: 'excludes `stream`: a batch has no streams' });
  }
  return problems;
}

function settingProblems(baseline: BaselineRecipe): Problem[] {
  const { provider, resource, base_url: url, project, region } = baseline;
  const { needs, takes } = providerRules[provider];
  const isSet = (key: ProviderSetting): boolean => baseline[key] !== undefined && baseline[key] !== false;
  const problems: Problem[] = [];
  for (const key of providerSettings) {
    if (needs.includes(key) && !isSet(key)) {
      problems.push({ key, message: `is needed by provider ${provider}` });
    }
    if (isSet(key) && !needs.includes(key) && !takes.includes(key)) {
      const takers = providerSchema.options.filter((one) =>
        [...providerRules[one].needs, ...providerRules[one].takes].includes(key),
      );
      const why = key === 'base_url' ? ': keys are bound to their host' : '';
      problems.push({ key, message: `does not belong to provider ${provider}, but to ${takers.join(', ')}${why}` });
    }
  }
  if (provider === 'azure' && (resource === undefined) === (url === undefined)) {
    problems.push({ key: 'resource', message: 'provider azure needs either `resource` or `base_url`' });
  }
  if (provider === 'vertex' && (project === undefined) !== (region === undefined)) {
    problems.push({ key: 'region', message: 'provider vertex needs `project` and `region`, or neither' });
  }
  return problems;
}

function keyProblems({ provider, api_key_env: name, project }: BaselineRecipe): Problem[] {
  if (name === undefined) {
    return [];
  }
  const owners = ownersOf(name);
  if (owners.length > 0 && !owners.includes(provider)) {
    return [{ key: 'api_key_env', message: `${name} is the key of ${owners.join(', ')}, and goes to no other host` }];
  }
  if (name.endsWith('_FILE')) {
    const plain = name.slice(0, -'_FILE'.length);
    return [{ key: 'api_key_env', message: `name it ${plain}: ${name} may then hold the path of a file with the key` }];
  }
  return provider === 'vertex' && project !== undefined
    ? [{ key: 'api_key_env', message: 'excludes `project`: projects use application default credentials' }]
    : [];
}

function urlProblems({ base_url: text }: BaselineRecipe): Problem[] {
  const url = text === undefined ? null : URL.parse(text);
  if (url === null || (url.username === '' && url.password === '' && url.search === '' && url.hash === '')) {
    return [];
  }
  return [{ key: 'base_url', message: 'must be without user, query and fragment: a recipe holds no keys' }];
}
