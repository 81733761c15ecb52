// The slices that rows of a recipe's suite must carry.
import type { Recipe } from '../domain/recipe.ts';

/** Those of the suite, and those that the gate's policy needs besides; each once. */
export function suiteSlices({ evaluate, gate }: Pick<Recipe, 'evaluate' | 'gate'>): string[] {
  return [
    ...new Set([
      ...evaluate.slices,
      ...(gate.slices ?? []),
      ...gate.critical_slices.map(({ slice }) => slice),
      ...(gate.cluster === 'none' || gate.cluster === 'group' ? [] : [gate.cluster]),
    ]),
  ];
}
