// Results that are read back repeat the texts of the suite's rows and its labels, and most have neither slices nor
// further scores. Equal parts are in memory once, which counts where all results of a large suite are held together.
import type { RowResult } from '../domain/scorecard.ts';
import type { SuiteRow } from '../domain/suite.ts';

/** Longer answers hardly repeat each other. */
const longestChars = 100;

/** Gives equal results whose parts are in memory already; `row` is the result's own. */
export function partSharer(): (result: RowResult, row: SuiteRow | undefined) => RowResult {
  const known = new Map<string, string>();
  const none = {};

  function shared(text: string): string {
    if (text.length > longestChars) {
      return text;
    }
    const found = known.get(text);
    if (found === undefined) {
      known.set(text, text);
    }
    return found ?? text;
  }

  return (result, row) => ({
    ...result,
    rowId: row?.id === result.rowId ? row.id : result.rowId,
    expected: row?.output === result.expected ? row.output : shared(result.expected),
    answer: result.answer === null ? null : shared(result.answer),
    parsed: result.parsed === null ? null : shared(result.parsed),
    slices: Object.keys(result.slices).length === 0 ? none : result.slices,
    scores: Object.keys(result.scores).length === 0 ? none : result.scores,
  });
}
