// Hash tables over references, by open addressing: a slot holds a number plus one, 0 is empty.
import { sharedNumbers, type SharedTexts } from './shared-arrays.ts';
import { RunHashes, sameRun, slotsFor } from './word-runs.ts';

/** References by the hash of their form, and for each whether it is the first of its form. */
export function exactTable(forms: SharedTexts, hashes: Uint32Array): { exact: Uint32Array; first: Uint8Array } {
  const exact = sharedNumbers(slotsFor(hashes.length));
  const first = Uint8Array.from(hashes, (hash, reference) => {
    const equals = (known: number): boolean => hashes[known] === hash && sameBytes(forms, known, reference);
    return add(exact, reference, hash, equals) ? 1 : 0;
  });
  return { exact, first };
}

function sameBytes({ bytes, ends }: SharedTexts, left: number, right: number): boolean {
  const slice = (text: number): Uint8Array => bytes.subarray(text === 0 ? 0 : ends[text - 1], ends[text]);
  return Buffer.compare(slice(left), slice(right)) === 0;
}

/** Where a reference's words stand among all words. */
export function wordsOf(wordEnds: Uint32Array, reference: number): { readonly start: number; readonly length: number } {
  const start = reference === 0 ? 0 : (wordEnds[reference - 1] ?? 0);
  return { start, length: (wordEnds[reference] ?? start) - start };
}

/** Runs of `ngram` words by the place where they begin, and whole references of fewer words by their number. */
export function runTables(
  words: Uint32Array,
  wordEnds: Uint32Array,
  ngram: number,
  fewestWords: number,
): { runs: Uint32Array; wholes: Uint32Array; wholeLengths: Uint32Array } {
  const lengths = new Set<number>();
  let runCount = 0;
  let wholeCount = 0;
  const isWhole = (length: number): boolean => length >= fewestWords && length < ngram;
  for (let reference = 0; reference < wordEnds.length; reference += 1) {
    const { length } = wordsOf(wordEnds, reference);
    runCount += Math.max(0, length - ngram + 1);
    if (isWhole(length)) {
      wholeCount += 1;
      lengths.add(length);
    }
  }
  const runs = sharedNumbers(slotsFor(runCount));
  const wholes = sharedNumbers(slotsFor(wholeCount));
  const hashes = new RunHashes();
  for (let reference = 0; reference < wordEnds.length; reference += 1) {
    const { start, length } = wordsOf(wordEnds, reference);
    hashes.read(words, start, length);
    for (let first = 0; first + ngram <= length; first += 1) {
      add(runs, start + first, hashes.hash(first, ngram), (known) =>
        sameRun(words, known, words, start + first, ngram),
      );
    }
    if (isWhole(length)) {
      add(wholes, reference, hashes.hash(0, length), (known) => {
        const other = wordsOf(wordEnds, known);
        return other.length === length && sameRun(words, other.start, words, start, length);
      });
    }
  }
  const wholeLengths = sharedNumbers(lengths.size);
  wholeLengths.set([...lengths].toSorted((left, right) => left - right));
  return { runs, wholes, wholeLengths };
}

/** Adds an entry unless an equal one is there; says whether it was added. */
function add(table: Uint32Array, entry: number, hash: number, equals: (known: number) => boolean): boolean {
  const mask = table.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const known = (table[slot] ?? 0) - 1;
    if (known === -1) {
      table[slot] = entry + 1;
      return true;
    }
    if (equals(known)) {
      return false;
    }
  }
}
