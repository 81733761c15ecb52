// A valid row on its way through curation.
import { hash } from 'node:crypto';
import type { DatasetRow } from '../domain/dataset.ts';

/** `key` is the digest of the comparable input: equal for inputs that only case, width or white space tell apart. */
export interface CuratedRow extends DatasetRow {
  readonly key: string;
}

/** Text as duplicates are told by: NFKC, case folded, runs of white space as one space. */
export function comparable(text: string): string {
  if (!unusual.test(text)) {
    return text.toLowerCase().trim();
  }
  // Upper case first: it unfolds what lower case alone keeps apart, such as ß and ss.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll(/\s+/gu, ' ').trim();
}

// Of other texts, printable ASCII with single spaces, the form is the text in lower case: five times as fast.
const unusual = /[^ -~]| {2}/u;

/** Digest of the comparable form of an input. */
export function inputKey(input: string): string {
  return hash('sha256', comparable(input), 'hex');
}
