// Before anything is started: the teachers of distilled sources have their keys, and their filters can be used.
import { BadInput } from '../domain/bad-input.ts';
import { heldVariablesOf, keyVariablesText } from '../domain/provider-keys.ts';
import { answerPattern } from '../datasets/answer-pattern.ts';
import type { LoadedRecipe } from './load-recipe.ts';

/** Throws BadInput. */
export function requireTeacher(
  { path, recipe }: Pick<LoadedRecipe, 'path' | 'recipe'>,
  environment: NodeJS.ProcessEnv,
): void {
  for (const [index, { distill }] of recipe.dataset.sources.entries()) {
    if (distill === undefined) {
      continue;
    }
    const where = `${path}: dataset.sources.${index}.distill`;
    const { teacher, keep } = distill;
    if (keep.pattern !== undefined) {
      answerPattern(keep.pattern, where);
    }
    if (heldVariablesOf(teacher, environment) === undefined) {
      const variables = keyVariablesText(teacher);
      throw new BadInput(`the teacher ${teacher.provider}/${teacher.model} needs a key, and ${variables} is not set`, {
        where: `${where}.teacher`,
        hint: `set ${variables}, or …_FILE to the path of a file with it`,
      });
    }
  }
}
