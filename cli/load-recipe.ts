// Reads a recipe file; every problem is reported with line, column, field and, for unknown keys, the nearest key.
import type { z } from 'zod';
import { BadInput } from '../domain/bad-input.ts';
import { metricFacts } from '../domain/metrics.ts';
import { recipeSchema, type Recipe } from '../domain/recipe.ts';
import { countVariants, maxCandidates, variantsOf, type Variant } from '../domain/recipe-sweep.ts';
import { withImported } from './imported-block.ts';
import { describeIssue, readYamlFile } from './yaml-file.ts';

export interface LoadedRecipe {
  /** Path of the file as the user gave it. */
  readonly path: string;
  /** The recipe of the first candidate; the only one unless the file lists values. */
  readonly recipe: Recipe;
  /** Every candidate of the file: one, or the combinations of the listed values. */
  readonly candidates: readonly CandidateRecipe[];
  /** What an imported training file says that is not used; one line a key. */
  readonly remarks?: readonly string[];
}

/** One candidate of a recipe file. */
export interface CandidateRecipe extends Pick<Variant, 'id' | 'label'> {
  readonly recipe: Recipe;
}

/** Throws BadInput with one line a problem. */
export async function loadRecipe(path: string): Promise<LoadedRecipe> {
  const file = await readYamlFile(path, {
    what: 'recipe',
    schema: recipeSchema,
    hint: 'give the path of a recipe file, for example recipes/icd10-chapters.yaml',
  });
  const { draft, remarks } = await withImported(file.value, path);
  const count = countVariants(draft);
  if (count > maxCandidates) {
    throw new BadInput(`the lists make ${count} candidates; at most ${maxCandidates} are trained in one run`, {
      where: path,
      hint: 'shorten the lists of the train block or of model.base',
    });
  }
  const candidates = variantsOf(draft).map(({ id, label, draft: single, chosen }): CandidateRecipe => {
    const parsed = recipeSchema.safeParse(single);
    if (parsed.success) {
      return { id, label, recipe: parsed.data };
    }
    const problems = parsed.error.issues.flatMap((issue) => describeIssue(inList(issue, chosen), file));
    throw new BadInput(problems.join('\n'), { hint: 'docs/recipe.md lists every field' });
  });
  const [first] = candidates;
  if (first === undefined) {
    throw new BadInput('the recipe is empty', { where: path });
  }
  if (candidates.length > 1 && first.recipe.dataset.curate.split.validation === 0) {
    throw new BadInput('dataset.curate.split.validation: a sweep chooses its candidate on validation rows', {
      where: path,
      hint: 'set dataset.curate.split.validation to the number of rows that choose, for example as many as test',
    });
  }
  if (candidates.length > 1 && metricFacts[first.recipe.gate.metric].shape === 'paired') {
    throw new BadInput(`gate.metric: a sweep cannot choose by ${first.recipe.gate.metric}, which compares two arms`, {
      where: path,
      hint: 'let another scorer choose in a run of its own, and let judges decide about one candidate',
    });
  }
  return { path, recipe: first.recipe, candidates, remarks };
}

/** Points an issue about a listed value at its place in the list. */
function inList(issue: z.core.$ZodIssue, chosen: Variant['chosen']): z.core.$ZodIssue {
  const list = chosen.find(({ path }) => path.every((key, depth) => issue.path[depth] === key));
  return list === undefined
    ? issue
    : { ...issue, path: [...list.path, list.index, ...issue.path.slice(list.path.length)] };
}
