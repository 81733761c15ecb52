// Who made a model, as far as provider and model id tell: judges favour answers of their own family.

/** Words of a model id and the family they belong to. A word matches when a part of the id begins with it. */
const words = Object.entries({
  gpt: 'openai',
  chatgpt: 'openai',
  davinci: 'openai',
  claude: 'anthropic',
  gemini: 'google',
  gemma: 'google',
  mistral: 'mistral',
  mixtral: 'mistral',
  ministral: 'mistral',
  magistral: 'mistral',
  codestral: 'mistral',
  pixtral: 'mistral',
  devstral: 'mistral',
  deepseek: 'deepseek',
  llama: 'llama',
  codellama: 'llama',
  tinyllama: 'llama',
  qwen: 'qwen',
  qwq: 'qwen',
  phi: 'phi',
  smollm: 'smollm',
  command: 'cohere',
  grok: 'xai',
  glm: 'glm',
  kimi: 'kimi',
  nova: 'amazon',
  titan: 'amazon',
  granite: 'granite',
  olmo: 'olmo',
  falcon: 'falcon',
  minimax: 'minimax',
  nemotron: 'nemotron',
});

/** A way to quantise, and no model of OpenAI's. */
const quantised = 'gptq';

/** OpenAI's o-series: o1, o3-mini, o4-mini. */
const oSeries = /^o\d$/u;

/** Providers that serve their own models: what an id such as an Azure deployment's leaves open, they tell. */
const houses: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  vertex: 'google',
  mistral: 'mistral',
  deepseek: 'deepseek',
};

/**
 * Families of a model, in alphabetical order; several for a distilled one such as DeepSeek-R1-Distill-Qwen, none when
 * nothing is known.
 *
 * @param provider provider of a baseline; undefined for a model of our own
 * @param model model id, with or without the owner's name before it
 */
export function familiesOf(provider: string | undefined, model: string): string[] {
  const parts = model.toLowerCase().split(/[^a-z0-9]+/u);
  const found = parts.flatMap((part) => {
    if (oSeries.test(part)) {
      return ['openai'];
    }
    const [, family] = words.find(([word]) => part.startsWith(word) && part !== quantised) ?? [];
    return family ?? [];
  });
  const house = provider === undefined ? undefined : houses[provider];
  return [...new Set(found.length === 0 && house !== undefined ? [house] : found)].toSorted();
}

/** A model by provider and id, as far as families need it. */
export interface FamilyMember {
  readonly provider?: string | undefined;
  readonly model: string;
}

/** The families that two models share. */
export function sharedFamilies(one: FamilyMember, another: FamilyMember): string[] {
  const theirs = familiesOf(another.provider, another.model);
  return familiesOf(one.provider, one.model).filter((family) => theirs.includes(family));
}
