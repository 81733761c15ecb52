// Finds a phrase in all texts of the report at once, without regard to upper and lower case.
import type { RowsData } from './rows-data.ts';

/** Every text in lower case, one after another. */
export interface Haystack {
  readonly folded: string;
  /** Where each text begins. */
  readonly starts: Uint32Array;
}

/** No text holds this character by itself: it is cut out, so that no phrase can match across two texts. */
const border = '\u0000';

/** Folding takes much longer than searching, so that it is done once. */
export function buildHaystack({ texts, text }: Pick<RowsData, 'texts' | 'text'>): Haystack {
  const starts = new Uint32Array(texts);
  const parts: string[] = [];
  let length = 0;
  for (let reference = 0; reference < texts; reference += 1) {
    starts[reference] = length;
    const folded = text(reference).toLowerCase().replaceAll(border, '\u2400');
    parts.push(folded);
    length += folded.length + 1;
  }
  return { folded: parts.join(border), starts };
}

/** For every text 1 when it holds the phrase, else 0. */
export function findTexts({ folded, starts }: Haystack, phrase: string): Uint8Array {
  const found = new Uint8Array(starts.length);
  const needle = phrase.toLowerCase().replaceAll(border, '\u2400');
  let at = folded.indexOf(needle);
  let reference = 0;
  while (at !== -1) {
    reference = holder(starts, at, reference);
    found[reference] = 1;
    const next = starts[reference + 1];
    at = next === undefined ? -1 : folded.indexOf(needle, next);
  }
  return found;
}

/** The text that holds this position, which is none before `from`: near ones are tried first, then halves. */
function holder(starts: Uint32Array, position: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < starts.length && (starts[low + step] ?? 0) <= position) {
    low += step;
    step *= 2;
  }
  let high = Math.min(starts.length, low + step);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= position) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
