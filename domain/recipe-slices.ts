// Slices and clusters of a recipe must be something that its rows carry.
import type { SourceRecipe } from './recipe-dataset.ts';
import type { GateRecipe } from './recipe-gate.ts';

interface Sliced {
  readonly dataset: { readonly sources: readonly SourceRecipe[] };
  readonly evaluate: { readonly slices: readonly string[] };
  readonly gate: Pick<GateRecipe, 'slices' | 'critical_slices' | 'cluster'>;
}

/** Every slice or cluster that is neither `label`, nor `group`, nor a tag that each source maps, with its place. */
export function sliceProblems({ dataset, evaluate, gate }: Sliced): { path: (string | number)[]; message: string }[] {
  const [first, ...others] = dataset.sources.map(({ map }) => Object.keys(map.tags ?? {}));
  const tags = (first ?? []).filter((tag) => others.every((names) => names.includes(tag)));
  const known = ['label', 'group', ...tags];
  const named = [
    ...evaluate.slices.map((slice, index) => ({ slice, path: ['evaluate', 'slices', index] })),
    ...(gate.slices ?? []).map((slice, index) => ({ slice, path: ['gate', 'slices', index] })),
    ...gate.critical_slices.map(({ slice }, index) => ({ slice, path: ['gate', 'critical_slices', index, 'slice'] })),
    ...(gate.cluster === 'none' ? [] : [{ slice: gate.cluster, path: ['gate', 'cluster'] }]),
  ];
  return named
    .filter(({ slice }) => !known.includes(slice))
    .map(({ path }) => ({ path, message: `every source must map this tag (map.tags); known are ${known.join(', ')}` }));
}
