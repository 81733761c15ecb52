// Before anything is started: the judges have their keys, and are nobody's family.
import { BadInput } from '../domain/bad-input.ts';
import { heldVariablesOf, keyVariablesText } from '../domain/provider-keys.ts';
import { judgedIn, judgeProblems, type Judged } from '../domain/recipe-judge.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import type { LoadedSuite } from './load-suite.ts';

/** Throws BadInput. Families are looked at once more, because `--baseline` may have changed the opponent. */
export function requireJudge({ path, recipe }: LoadedRecipe, environment: NodeJS.ProcessEnv): void {
  requireAble(path, 'evaluate.', judgedIn(recipe), environment);
}

/** The judge of a suite file and the endpoints of a command line. Throws BadInput as {@link requireJudge} does. */
export function requireSuiteJudge(
  { path, file, suite }: Pick<LoadedSuite, 'path' | 'file' | 'suite'>,
  arms: readonly Pick<Arm, 'kind' | 'provider' | 'model'>[],
  environment: NodeJS.ProcessEnv,
): void {
  const contestants = arms.map(({ kind, provider, model }) => ({ provider, model, name: `the ${kind} ${model}` }));
  requireAble(path, '', { judge: file.judge, scorers: suite.scorers, contestants }, environment);
}

function requireAble(path: string, block: string, judged: Judged, environment: NodeJS.ProcessEnv): void {
  for (const judge of judged.judge?.panel ?? []) {
    if (heldVariablesOf(judge, environment) === undefined) {
      const variables = keyVariablesText(judge);
      throw new BadInput(`the judge ${judge.provider}/${judge.model} needs a key, and ${variables} is not set`, {
        where: `${path}: ${block}judge.panel`,
        hint: `set ${variables}, or …_FILE to the path of a file with it`,
      });
    }
  }
  const [problem] = judgeProblems(judged);
  if (problem !== undefined) {
    throw new BadInput(`${block}${problem.path.join('.')}: ${problem.message}`, { where: path });
  }
}
