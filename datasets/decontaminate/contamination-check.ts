// Whether a row's input holds a text of an evaluation.
import { comparable } from '../comparable-text.ts';
import { ignoredInWords, WordScan } from '../word-scan.ts';
import { formHash, type ReferenceIndex } from './build-references.ts';
import { createNearSearch } from './near-references.ts';
import { wordsOf } from './reference-tables.ts';
import { textAt } from './shared-arrays.ts';
import { RunHashes, sameRun } from './word-runs.ts';

export interface Contamination {
  /** The whole text is equal, words in a row are, or the text is similar. */
  readonly how: 'exact' | 'ngram' | 'near';
  /** Where the reference stands. */
  readonly reference: string;
  /** True Jaccard similarity, for `near`. */
  readonly similarity?: number;
  /** The words that both hold, in the form in which they were compared, for `ngram`; at most 500 characters. */
  readonly span?: string;
}

export type ContaminationCheck = (input: string) => Contamination | undefined;

const mostSpanChars = 500;

/**
 * A check of rows against an index, for one thread. Cheap questions first: equal, then words in a row, then similar.
 * What the hashes find is compared with the texts themselves, so nothing is reported because of equal hashes.
 */
export function createContaminationCheck(index: ReferenceIndex): ContaminationCheck {
  const findRun = createRunSearch(index);
  const findNear = createNearSearch(index.near, index.forms);
  return (input) => {
    const form = comparable(input);
    const equal = findExact(index, form);
    if (equal !== -1) {
      return { how: 'exact', reference: textAt(index.wheres, equal) };
    }
    const run = findRun(form);
    if (run !== undefined) {
      return { how: 'ngram', reference: textAt(index.wheres, run.reference), span: run.span };
    }
    const near = findNear(form);
    return near === undefined
      ? undefined
      : { how: 'near', reference: textAt(index.wheres, near.reference), similarity: near.similarity };
  };
}

function findExact({ exact, formHashes, forms }: ReferenceIndex, form: string): number {
  const hash = formHash(form);
  const mask = exact.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const known = (exact[slot] ?? 0) - 1;
    if (known === -1 || (formHashes[known] === hash && textAt(forms, known) === form)) {
      return known;
    }
  }
}

interface Run {
  readonly reference: number;
  readonly span: string;
}

/** A search for the first run of words that a reference holds: `ngram` of them, or fewer if they are all it has. */
function createRunSearch(index: ReferenceIndex): (form: string) => Run | undefined {
  const { ngram, runs, wholes, wholeLengths, words, wordEnds } = index;
  const scan = new WordScan();
  const other = new WordScan();
  const hashes = new RunHashes();

  /** The run as text if the reference has the same words, character for character, and not just their hashes. */
  const verified = (form: string, first: number, reference: number, place: number, length: number): Run | undefined => {
    const referenceForm = textAt(index.forms, reference);
    other.scan(referenceForm);
    const from = place - wordsOf(wordEnds, reference).start;
    let last = 0;
    // As far as both go on together.
    while (
      first + last < scan.count &&
      from + last < other.count &&
      wordAt(form, scan, first + last) === wordAt(referenceForm, other, from + last)
    ) {
      last += 1;
    }
    return last < length
      ? undefined
      : { reference, span: cut(form.slice(scan.starts[first], scan.ends[first + last - 1])) };
  };

  const findNgram = (form: string): Run | undefined => {
    const mask = runs.length - 1;
    for (let first = 0; first + ngram <= scan.count; first += 1) {
      let slot = hashes.hash(first, ngram) & mask;
      for (let known = runs[slot] ?? 0; known !== 0; slot = (slot + 1) & mask, known = runs[slot] ?? 0) {
        if (sameRun(words, known - 1, scan.hashes, first, ngram)) {
          const run = verified(form, first, referenceAt(wordEnds, known - 1), known - 1, ngram);
          if (run !== undefined) {
            return run;
          }
        }
      }
    }
    return undefined;
  };

  const findWhole = (form: string, length: number): Run | undefined => {
    const mask = wholes.length - 1;
    for (let first = 0; first + length <= scan.count; first += 1) {
      let slot = hashes.hash(first, length) & mask;
      for (let known = wholes[slot] ?? 0; known !== 0; slot = (slot + 1) & mask, known = wholes[slot] ?? 0) {
        const start = known === 1 ? 0 : (wordEnds[known - 2] ?? 0);
        const size = (wordEnds[known - 1] ?? 0) - start;
        if (size === length && sameRun(words, start, scan.hashes, first, length)) {
          const run = verified(form, first, known - 1, start, length);
          if (run !== undefined) {
            return run;
          }
        }
      }
    }
    return undefined;
  };

  return (form) => {
    scan.scan(form);
    hashes.read(scan.hashes, 0, scan.count);
    let run = findNgram(form);
    for (let shorter = wholeLengths.length - 1; shorter >= 0 && run === undefined; shorter -= 1) {
      run = findWhole(form, wholeLengths[shorter] ?? 0);
    }
    return run;
  };
}

/** The reference that holds a place among all words. */
function referenceAt(wordEnds: Uint32Array, place: number): number {
  let low = 0;
  let high = wordEnds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((wordEnds[middle] ?? 0) <= place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function wordAt(form: string, scan: WordScan, word: number): string {
  return form.slice(scan.starts[word], scan.ends[word]).replaceAll(ignoredInWords, '');
}

function cut(span: string): string {
  return span.length > mostSpanChars ? `${span.slice(0, mostSpanChars).toWellFormed()}…` : span;
}
