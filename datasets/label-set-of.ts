// The labels that the rows of a recipe may have.
import type { Recipe } from '../domain/recipe.ts';

/** The labels that rows may have, where the recipe states them. */
export function labelSetOf({
  task,
  dataset,
  evaluate,
}: Pick<Recipe, 'task' | 'dataset' | 'evaluate'>): readonly string[] | undefined {
  return (
    dataset.curate.labels ?? (task === 'classification' && evaluate.parser !== 'refusal' ? evaluate.labels : undefined)
  );
}
