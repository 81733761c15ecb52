// --model and --baseline of `contender eval`: provider/model, with settings behind commas.
import { BadInput } from '../domain/bad-input.ts';
import { heldVariablesOf, keyVariablesText } from '../domain/provider-keys.ts';
import { baselineSchema, type BaselineRecipe } from '../domain/recipe-baseline.ts';

const example = 'openai/gpt-6.1-terra or openai-compatible/llama,base_url=http://127.0.0.1:8000/v1,max_concurrency=32';

/**
 * An endpoint from text such as `openai/gpt-6.1-terra,price=1.25:10,budget_usd=2`. Settings have the names and meaning
 * that baselines have in a recipe; `price` is USD per million prompt and completion tokens. Throws BadInput that names
 * the flag and the setting, also when the key is not set.
 */
export function endpointOfFlag(flag: string, text: string, environment: NodeJS.ProcessEnv): BaselineRecipe {
  const [spec = '', ...settings] = text.split(',');
  const slash = spec.indexOf('/');
  if (slash < 1 || slash === spec.length - 1) {
    throw new BadInput(`"${spec}" is not provider/model`, { where: flag, hint: `for example ${example}` });
  }
  const given: Record<string, unknown> = { provider: spec.slice(0, slash), model: spec.slice(slash + 1) };
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      throw new BadInput(`"${setting}" is not setting=value`, { where: flag, hint: `for example ${example}` });
    }
    const name = setting.slice(0, equals).trim();
    given[name] = valueOf(name, setting.slice(equals + 1));
  }
  const parsed = baselineSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new BadInput(`${field === '' ? '' : `${field}: `}${issue?.message ?? 'not valid'}`, {
      where: `${flag} ${spec}`,
      hint: 'docs/providers.md lists providers and their settings',
    });
  }
  const endpoint = parsed.data;
  if (endpoint.provider === 'stand-in') {
    throw new BadInput('a stand-in learns from training rows, and an evaluation has none', { where: flag });
  }
  if (endpoint.batch) {
    throw new BadInput('batch is for runs: answers take up to a day, and a workflow waits for them', {
      where: flag,
      hint: 'leave out batch here, or set `batch: true` under a baseline of a recipe and use `contender run`',
    });
  }
  if (heldVariablesOf(endpoint, environment) === undefined) {
    const variables = keyVariablesText(endpoint);
    throw new BadInput(`${spec} needs a key, and ${variables} is not set`, {
      where: flag,
      hint: `set ${variables}, or …_FILE to the path of a file with it`,
    });
  }
  return endpoint;
}

function valueOf(name: string, text: string): unknown {
  if (name === 'price') {
    const [input, output] = text.split(':').map(Number);
    return { input, output };
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
