// The door of the evaluation: results must be complete, in order and scored, or nothing may be concluded from them.
import type { RowResult } from '../domain/scorecard.ts';

/**
 * Throws unless the results are exactly the rows with these ids, in this order, each with a score of 0 or 1.
 * The message names the arm and the first row at fault.
 */
export function requireAnswers(armId: string, rowIds: readonly string[], results: readonly RowResult[]): void {
  if (rowIds.length === 0) {
    throw new RangeError(`arm ${armId}: there are no rows to score`);
  }
  if (new Set(rowIds).size < rowIds.length) {
    throw new RangeError(`arm ${armId}: a row id comes twice in the suite`);
  }
  const seen = new Set<string>();
  for (const { rowId, score } of results) {
    if (seen.has(rowId)) {
      throw new RangeError(`arm ${armId}: row ${rowId} is answered twice`);
    }
    seen.add(rowId);
    if (score !== 0 && score !== 1) {
      throw new RangeError(`arm ${armId}: row ${rowId} has the score ${score}, which is neither 0 nor 1`);
    }
  }
  const missing = rowIds.filter((id) => !seen.has(id));
  if (missing.length > 0) {
    throw new RangeError(`arm ${armId}: ${missing.length} of ${rowIds.length} rows are missing, first ${missing[0]}`);
  }
  if (results.length > rowIds.length) {
    throw new RangeError(`arm ${armId}: ${results.length - rowIds.length} answered rows are not in the suite`);
  }
  const astray = rowIds.findIndex((id, index) => results[index]?.rowId !== id);
  if (astray >= 0) {
    throw new RangeError(`arm ${armId}: row ${rowIds[astray]} is out of order`);
  }
}
