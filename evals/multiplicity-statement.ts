// How a verdict keeps its error rate although several things are tested, in words.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { SliceComparison } from '../domain/verdict.ts';

export interface TestedThings {
  readonly policy: GateRecipe;
  /** Comparisons that decide. */
  readonly deciding: number;
  readonly slices: readonly SliceComparison[];
  /** Candidates of the sweep; undefined where one was trained. */
  readonly chosenFrom?: number | undefined;
}

/** Sentences with their full stops. */
export function multiplicityStatement({ policy, deciding, slices, chosenFrom }: TestedThings): string {
  const alpha = Number(((1 - policy.confidence) / 2).toPrecision(3));
  const arms =
    deciding === 1
      ? `One comparison decides, at a one-sided level of ${alpha}`
      : `The candidate must pass each of ${deciding} comparisons at a one-sided level of ${alpha}, so that the chance ` +
        'of a false promotion is at most that of a single one (intersection-union test)';
  const tested = (critical: boolean): number =>
    slices.filter((slice) => slice.critical === critical && slice.p !== null).length;
  return [
    `${arms}; superiority is tested only after non-inferiority (fixed sequence).`,
    ...(chosenFrom === undefined
      ? []
      : [`The candidate was chosen from ${chosenFrom} on other rows, and it alone was tested here.`]),
    ...(policy.sequential.enabled
      ? ['Answers were looked at while they came in; confidence sequences hold at all looks at once.']
      : []),
    ...(tested(true) > 0
      ? [`${tested(true)} comparisons on critical slices are adjusted by Holm within each opponent.`]
      : []),
    ...(tested(false) > 0
      ? [`${tested(false)} comparisons on other slices are exploration, adjusted by Benjamini and Hochberg.`]
      : []),
  ].join(' ');
}
