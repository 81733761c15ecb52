// Which rows the reader asked for: by what became of the answers, by slice, and by a phrase.
import type { Column, RowsData } from './rows-data.ts';
import { states } from './rows-data.ts';
import type { Haystack } from './search-texts.ts';
import { findTexts } from './search-texts.ts';

/** What became of the answers, as one word of the page's select box. */
export type Show =
  | { readonly what: 'all' | 'differ' }
  /** Rows on which the candidate scores higher or lower than another arm, or judges prefer it or the other. */
  | { readonly what: 'won' | 'lost'; readonly arm: number }
  /** An arm's answers that are not right, unreadable, or missing and refused; of any arm when null. */
  | { readonly what: 'wrong' | 'unreadable' | 'missing'; readonly arm: number | null };

export interface Wanted {
  readonly show: Show;
  /** For every slice the wanted value's position in the header, or null for all. */
  readonly slices: readonly (number | null)[];
  /** Phrase that the id, the input, the expected answer or an answer must hold; empty for all. */
  readonly phrase: string;
}

/** Columns that a phrase is looked for in. */
const searched = ['id', 'input', 'expected'];

/** Numbers of the wanted rows, in the order of the file. */
export function selectRows(data: RowsData, haystack: () => Haystack, wanted: Wanted): Uint32Array {
  const { rows, arms } = data.header;
  const keep = new Uint8Array(rows).fill(1);
  restrict(keep, rowTest(data, wanted.show));
  wanted.slices.forEach((value, slice) => {
    const column = data.column(`slice${slice}`);
    if (value !== null && column !== undefined) {
      restrict(keep, (row) => column[row] === value);
    }
  });
  if (wanted.phrase !== '') {
    const found = findTexts(haystack(), wanted.phrase);
    const columns = [...searched, ...arms.map((_, arm) => `answer${arm}`)].flatMap((name) => data.column(name) ?? []);
    restrict(keep, (row) => columns.some((column) => found[column[row] ?? 0] === 1));
  }
  return Uint32Array.from(positions(keep));
}

/** How many rows a choice of the select box holds. */
export function countRows(data: RowsData, show: Show): number {
  const test = rowTest(data, show);
  let count = 0;
  for (let row = 0; row < data.header.rows; row += 1) {
    count += test(row) ? 1 : 0;
  }
  return count;
}

function restrict(keep: Uint8Array, test: (row: number) => boolean): void {
  for (let row = 0; row < keep.length; row += 1) {
    if (keep[row] === 1 && !test(row)) {
      keep[row] = 0;
    }
  }
}

function* positions(keep: Uint8Array): Generator<number> {
  for (let row = 0; row < keep.length; row += 1) {
    if (keep[row] === 1) {
      yield row;
    }
  }
}

function rowTest(data: RowsData, show: Show): (row: number) => boolean {
  switch (show.what) {
    case 'all': {
      return () => true;
    }
    case 'differ': {
      // The candidate's score is compared; arms that were not asked have none and differ from nothing.
      const [ours = new Float32Array(), ...others] = everyArm(data, 'score');
      return (row) => others.some((score) => Math.abs((score[row] ?? 0) - (ours[row] ?? 0)) > 0);
    }
    case 'won':
    case 'lost': {
      const [ours = new Float32Array()] = everyArm(data, 'score');
      const theirs = data.column(`score${show.arm}`) ?? ours;
      const sign = show.what === 'won' ? 1 : -1;
      const preference = data.column(`preference${show.arm}`);
      if (preference !== undefined) {
        return (row) => sign * (preference[row] ?? 0) > 0;
      }
      return (row) => sign * ((ours[row] ?? 0) - (theirs[row] ?? 0)) > 0;
    }
    case 'wrong': {
      return someState(data, show.arm, (state) => state !== states.right && state !== states.unasked);
    }
    case 'unreadable': {
      return someState(data, show.arm, (state) => state === states.unreadable);
    }
    case 'missing': {
      return someState(data, show.arm, (state) => state === states.missing || state === states.refused);
    }
    default: {
      return show satisfies never;
    }
  }
}

function someState(data: RowsData, arm: number | null, test: (state: number) => boolean): (row: number) => boolean {
  const columns = arm === null ? everyArm(data, 'state') : [data.column(`state${arm}`) ?? new Uint8Array()];
  return (row) => columns.some((column) => test(column[row] ?? 0));
}

function everyArm({ header, column }: RowsData, name: string): Column[] {
  return header.arms.flatMap((_, arm) => column(`${name}${arm}`) ?? []);
}
