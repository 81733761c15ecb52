// --baseline provider/model: another opponent for this run, without editing the recipe.
import { BadInput } from '../domain/bad-input.ts';
import { heldVariablesOf, keyVariablesText } from '../domain/provider-keys.ts';
import { providerSchema } from '../domain/providers.ts';
import { recipeSchema } from '../domain/recipe.ts';
import type { LoadedRecipe } from './load-recipe.ts';

/** Throws BadInput when the flag cannot be read, or when the key of a closed baseline is not set. */
export function withBaseline(
  loaded: LoadedRecipe,
  flag: string | undefined,
  environment: NodeJS.ProcessEnv,
): LoadedRecipe {
  const recipe = flag === undefined ? loaded.recipe : replaced(loaded.recipe, flag);
  for (const baseline of recipe.evaluate.baselines) {
    if (heldVariablesOf(baseline, environment) === undefined) {
      const variables = keyVariablesText(baseline);
      throw new BadInput(`${baseline.provider}/${baseline.model} needs a key, and ${variables} is not set`, {
        where: flag === undefined ? `${loaded.path}: evaluate.baselines` : '--baseline',
        hint: `set ${variables} (or …_FILE to the path of a file with it), or use --baseline stand-in/tfidf-logreg for a trial without a key`,
      });
    }
  }
  const candidates = loaded.candidates.map((candidate) => ({
    ...candidate,
    recipe: { ...candidate.recipe, evaluate: recipe.evaluate },
  }));
  return { ...loaded, recipe, candidates };
}

function replaced(recipe: LoadedRecipe['recipe'], flag: string): LoadedRecipe['recipe'] {
  const slash = flag.indexOf('/');
  const provider = flag.slice(0, Math.max(0, slash));
  const model = flag.slice(slash + 1);
  const parsed = recipeSchema.shape.evaluate.shape.baselines.safeParse([{ provider, model }]);
  if (slash < 1 || model === '' || !providerSchema.safeParse(provider).success) {
    throw new BadInput(`"${flag}" is not provider/model`, {
      where: '--baseline',
      hint: `for example openai/gpt-6.1-terra or stand-in/tfidf-logreg; providers are ${providerSchema.options.join(', ')}`,
    });
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadInput(`${String(issue?.path.at(-1))}: ${issue?.message ?? 'invalid'}`, {
      where: `--baseline ${flag}`,
      hint: 'name such a baseline in the recipe, with its settings (docs/providers.md)',
    });
  }
  return { ...recipe, evaluate: { ...recipe.evaluate, baselines: parsed.data } };
}
