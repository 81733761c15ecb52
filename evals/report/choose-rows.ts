// Which rows go into the report's file when there are more than a browser should hold.
import type { Answers } from './answers.ts';

/** Rows in one report at most. */
export const rowLimit = 60_000;
/** Characters of all texts in one report at most; a browser needs a few bytes for each. */
export const characterLimit = 96_000_000;
/** Characters of one text at most. */
export const textLimit = 20_000;

export interface ChosenRows {
  /** Numbers of the rows in the file, ascending. */
  readonly rows: Uint32Array;
  /** Rows on which some arm scores otherwise than another, in the file or not. */
  readonly differing: number;
  /** Those of them that are in the file. */
  readonly differingHere: number;
}

/**
 * All rows while the limits allow; else first those on which arms differ, then the others, both in their order.
 *
 * @param inputs text of every row's input
 */
export function chooseRows(
  arms: readonly Answers[],
  inputs: readonly string[],
  limits: { readonly rows: number; readonly characters: number } = { rows: rowLimit, characters: characterLimit },
): ChosenRows {
  const numbers = Array.from({ length: inputs.length }, (_, row) => row);
  const differing = numbers.filter((row) => differ(arms, row));
  const known = new Set(differing);
  const same = numbers.filter((row) => !known.has(row));
  const chosen: number[] = [];
  let characters = 0;
  for (const row of [...differing, ...same]) {
    characters += Math.min(textLimit, inputs[row]?.length ?? 0);
    for (const { answer } of arms) {
      characters += Math.min(textLimit, answer[row]?.length ?? 0);
    }
    if (chosen.length === limits.rows || characters > limits.characters) {
      break;
    }
    chosen.push(row);
  }
  return {
    rows: Uint32Array.from(chosen).toSorted(),
    differing: differing.length,
    differingHere: Math.min(differing.length, chosen.length),
  };
}

/** True when arms that were asked do not all have the same score. */
export function differ(arms: readonly Answers[], row: number): boolean {
  const scores = arms.flatMap(({ asked, score }) => (asked[row] === 1 ? [score[row]] : []));
  return scores.some((score) => score !== scores[0]);
}
