// Token statistics without a tokenizer: from characters, and called an estimate wherever they are shown.
import type { SplitTokens, TokenSpread } from '../../domain/token-statistics.ts';
import { guessRow, type RowCharacters } from './guessed-tokens.ts';

/** Ids of rows that are too long, as many as are named. */
const named = 20;

/** Undefined without rows. */
export function guessCounts(rows: readonly RowCharacters[], sequenceLength: number): SplitTokens | undefined {
  const counted = rows.map((row) => guessRow(row));
  if (counted.length === 0) {
    return undefined;
  }
  const over = counted.filter(({ longest }) => longest > sequenceLength);
  return {
    rows: counted.length,
    tokens: counted.reduce((sum, { total }) => sum + total, 0),
    learnt: counted.reduce((sum, { learnt }) => sum + learnt, 0),
    prompt: spread(counted.map(({ prompt }) => prompt)),
    answer: spread(counted.map(({ longest, prompt }) => longest - prompt)),
    whole: spread(counted.map(({ longest }) => longest)),
    longer: { count: over.length, ids: over.slice(0, named).map(({ id }) => id) },
  };
}

/** As the trainer's `token_counts.py` makes it. */
function spread(lengths: readonly number[]): TokenSpread {
  const ordered = lengths.toSorted((left, right) => left - right);
  const at = (part: number): number => ordered[Math.max(0, Math.ceil(part * ordered.length) - 1)] ?? 0;
  const classes = new Map<number, number>();
  for (const length of ordered) {
    const bound = classOf(length);
    classes.set(bound, (classes.get(bound) ?? 0) + 1);
  }
  return {
    shortest: at(0),
    median: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    longest: at(1),
    classes: [...classes].map(([up_to, rows]) => ({ up_to, rows })),
  };
}

/** The smallest of 16, 24, 32, 48, 64 and so on that is not below the length. */
function classOf(length: number): number {
  const power = 2 ** Math.max(4, Math.floor(Math.log2(Math.max(length, 1))));
  return length <= power ? power : length <= power * 1.5 ? power * 1.5 : power * 2;
}
