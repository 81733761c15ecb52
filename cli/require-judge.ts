// Before anything is started: the judges have their keys, and are nobody's family.
import { BadInput } from '../domain/bad-input.ts';
import { heldVariablesOf, keyVariablesText } from '../domain/provider-keys.ts';
import { judgedIn, judgeProblems } from '../domain/recipe-judge.ts';
import type { LoadedRecipe } from './load-recipe.ts';

/** Throws BadInput. Families are looked at once more, because `--baseline` may have changed the opponent. */
export function requireJudge({ path, recipe }: LoadedRecipe, environment: NodeJS.ProcessEnv): void {
  for (const judge of recipe.evaluate.judge?.panel ?? []) {
    if (heldVariablesOf(judge, environment) === undefined) {
      const variables = keyVariablesText(judge);
      throw new BadInput(`the judge ${judge.provider}/${judge.model} needs a key, and ${variables} is not set`, {
        where: `${path}: evaluate.judge.panel`,
        hint: `set ${variables}, or …_FILE to the path of a file with it`,
      });
    }
  }
  const [problem] = judgeProblems(judgedIn(recipe));
  if (problem !== undefined) {
    throw new BadInput(`evaluate.${problem.path.join('.')}: ${problem.message}`, { where: path });
  }
}
