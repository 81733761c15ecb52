// An index of the texts of evaluations, as plain shared memory that every worker thread can search.
import { BadInput } from '../../domain/bad-input.ts';
import type { DecontaminateRecipe } from '../../domain/recipe-decontaminate.ts';
import { comparable } from '../comparable-text.ts';
import { WordScan } from '../word-scan.ts';
import { buildNearReferences, type NearReferences } from './near-references.ts';
import { GrowingNumbers, GrowingTexts, type SharedTexts } from './shared-arrays.ts';
import { exactTable, runTables, wordsOf } from './reference-tables.ts';

/**
 * A reference of fewer words ("yes", "thank you") counts only where a whole row equals it: found within a row, or by a
 * likeness of so few characters, it would contaminate what has nothing to do with it.
 */
const fewestWords = 4;

// Offsets are kept in 32 bits, and memory is bounded.
const mostBytes = 2 ** 30;

export interface Reference {
  /** Where the text stands: file:line, or suite#row. */
  readonly where: string;
  readonly text: string;
}

/** Tables hold numbers plus one, 0 is an empty slot. All arrays lie in shared memory. */
export interface ReferenceIndex {
  readonly ngram: number;
  readonly forms: SharedTexts;
  readonly wheres: SharedTexts;
  /** Hash of each reference's comparable form. */
  readonly formHashes: Uint32Array;
  /** Hashes of all references' words; `wordEnds` holds the place after the last word of each. */
  readonly words: Uint32Array;
  readonly wordEnds: Uint32Array;
  /** Reference by its form. */
  readonly exact: Uint32Array;
  /** Place in `words` where a run of `ngram` words begins. */
  readonly runs: Uint32Array;
  /** Reference of fewer words by its words. */
  readonly wholes: Uint32Array;
  /** Lengths of references in `wholes`, ascending. */
  readonly wholeLengths: Uint32Array;
  readonly near: NearReferences;
}

/** FNV-1a over UTF-16 code units, mixed. */
export function formHash(form: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < form.length; index += 1) {
    hash = Math.imul(hash ^ form.charCodeAt(index), 0x01_00_01_93);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * Reads all references. Of equal texts and equal runs of words the first one is kept, so that what is reported does not
 * change with the number of copies. Throws BadInput when they hold more than 1 GiB.
 */
export async function buildReferences(
  texts: Iterable<Reference> | AsyncIterable<Reference>,
  settings: Pick<DecontaminateRecipe, 'ngram' | 'near'>,
): Promise<ReferenceIndex> {
  const forms = new GrowingTexts();
  const wheres = new GrowingTexts();
  const formHashes = new GrowingNumbers();
  const words = new GrowingNumbers();
  const wordEnds = new GrowingNumbers();
  const scan = new WordScan();
  for await (const { where, text } of texts) {
    const form = comparable(text.toWellFormed());
    if (form === '') {
      continue;
    }
    forms.push(form);
    wheres.push(where);
    formHashes.push(formHash(form));
    scan.scan(form);
    for (let word = 0; word < scan.count; word += 1) {
      words.push(scan.hashes[word] ?? 0);
    }
    wordEnds.push(words.length);
    if (forms.bytes > mostBytes) {
      throw new BadInput('the texts to decontaminate against hold more than 1 GiB', {
        where,
        hint: 'name fewer files, or a sample of them',
      });
    }
  }
  const read = {
    forms: forms.shared(),
    wheres: wheres.shared(),
    formHashes: formHashes.shared(),
    words: words.shared(),
    wordEnds: wordEnds.shared(),
  };
  const { exact, first } = exactTable(read.forms, read.formHashes);
  return {
    ngram: settings.ngram,
    ...read,
    exact,
    ...runTables(read.words, read.wordEnds, settings.ngram, fewestWords),
    near: buildNearReferences(
      read.forms,
      settings.near,
      (reference) => first[reference] === 1 && wordsOf(read.wordEnds, reference).length >= fewestWords,
    ),
  };
}
